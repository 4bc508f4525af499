#include "tests/ui/support/patch_scene.h"
#include "ui/models/class_model.h"
#include "ui/models/warning_model.h"

#include <QAbstractItemModelTester>
#include <QColor>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using Mode = QAbstractItemModelTester::FailureReportingMode;

TEST(ClassModel, KeepsTheRulesOfItemModelsThroughEveryChange) {
  Document document;
  ClassModel model(document);
  const QAbstractItemModelTester tester(&model, Mode::Fatal);
  document.setScene(testing::patchScene());
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  document.setFrameIndex(1);
  document.setScene(testing::smallScene());
  document.setScene(nullptr);
  EXPECT_EQ(model.rowCount(), kNumClasses);
}

TEST(ClassModel, ShowsTagsOfSceneAndFrame) {
  Document document;
  const ClassModel model(document);
  document.setScene(testing::patchScene());
  const auto has = [&](int row, int column) { return !model.index(row, column).data().toString().isEmpty(); };
  EXPECT_TRUE(has(testing::kChairClass, ClassModel::SceneTag));
  EXPECT_FALSE(has(0, ClassModel::SceneTag));
  EXPECT_TRUE(has(testing::kChairClass, ClassModel::FrameTag));
  document.setFrameIndex(1);
  EXPECT_FALSE(has(testing::kChairClass, ClassModel::FrameTag));
}

TEST(ClassModel, ShowsNamesAndColoursOfTheCatalogue) {
  Document document;
  const ClassModel model(document);
  EXPECT_EQ(model.index(15, ClassModel::Name).data().toString(), "shower curtain");
  EXPECT_EQ(model.index(15, ClassModel::Name).data(Qt::DecorationRole).value<QColor>(), QColor(158, 218, 229));
}

TEST(ClassModel, CountsThePrediction) {
  Document document;
  const ClassModel model(document);
  document.setScene(testing::patchScene());
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  double sum = 0;
  for (int row = 0; row < kNumClasses; ++row) {
    sum += model.index(row, ClassModel::PredictedShare).data().toString().section(' ', 0, 0).toDouble();
  }
  EXPECT_NEAR(sum, 100, 0.2);  // Rounded to a tenth each.
}

TEST(WarningModel, KeepsTheRulesOfItemModelsThroughEveryChange) {
  Document document;
  WarningModel model(document);
  const QAbstractItemModelTester tester(&model, Mode::Fatal);
  document.setScene(testing::patchScene());
  EXPECT_EQ(model.rowCount(), 1);
  EXPECT_TRUE(model.index(0, 0).data().toString().contains("pose/30.txt"));
  document.setScene(testing::smallScene());
  EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace tagscape
