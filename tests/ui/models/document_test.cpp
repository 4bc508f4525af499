#include "ui/models/document.h"

#include "tests/ui/support/patch_scene.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

TEST(Document, ChoosesAFrameThatCanBeShownAndAClassThatIsThere) {
  Document document;
  document.setScene(testing::patchScene());
  EXPECT_EQ(document.frameIndex(), 0);
  EXPECT_EQ(document.classIndex(), testing::kFloorClass);
}

TEST(Document, TellsEachChangeOnce) {
  Document document;
  document.setScene(testing::patchScene());
  QSignalSpy frames(&document, &Document::frameChanged), classes(&document, &Document::classChanged);
  document.setFrameIndex(2);
  document.setFrameIndex(2);
  document.setClassIndex(testing::kChairClass);
  document.setClassIndex(testing::kChairClass);
  EXPECT_EQ(frames.count(), 1);
  EXPECT_EQ(classes.count(), 1);
}

TEST(Document, CutsChoicesToWhatThereIs) {
  Document document;
  document.setFrameIndex(5);
  EXPECT_EQ(document.frameIndex(), -1);
  document.setScene(testing::patchScene());
  document.setFrameIndex(99);
  EXPECT_EQ(document.frameIndex(), 3);
  document.setClassIndex(-4);
  EXPECT_EQ(document.classIndex(), 0);
  document.setCamThreshold(7);
  EXPECT_EQ(document.camThreshold(), 1);
}

TEST(Document, RefusesCamsOfAnotherCloud) {
  Document document;
  document.setScene(testing::patchScene());
  const Status refused = document.setCams(testing::patchCams(*testing::smallScene()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(document.cams(), nullptr);
  EXPECT_TRUE(document.setCams(testing::patchCams(*document.scene())));
}

TEST(Document, RefusesCamsWithoutAScene) {
  Document document;
  EXPECT_FALSE(document.setCams(testing::patchCams(*testing::patchScene())));
}

TEST(Document, ForgetsCamsWithTheirScene) {
  Document document;
  document.setScene(testing::patchScene());
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  document.setScene(testing::smallScene());
  EXPECT_EQ(document.cams(), nullptr);
}

}  // namespace
}  // namespace tagscape
