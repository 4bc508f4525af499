#include "core/scans/tags_file.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

TEST(TagsFile, AreReadForSceneAndFrames) {
  const Tags tags = parseTags(R"({"scene": ["wall", "sofa"], "frames": {"12": ["sofa"]}})", "tags.json").value();
  ASSERT_TRUE(tags.scene);
  EXPECT_EQ(tags.scene->count(), 2U);
  EXPECT_TRUE(tags.frames.at(12).test(static_cast<std::size_t>(*classByName("sofa"))));
}

TEST(TagsFile, MayBeAbsent) { EXPECT_FALSE(parseTags("{}", "tags.json")->scene); }

TEST(TagsFile, RoundTrip) {
  const testing::TemporaryFolder folder;
  Tags tags;
  tags.scene = TagSet(0b1011);
  tags.frames[0] = TagSet(0b10);
  tags.frames[117] = TagSet();
  ASSERT_TRUE(writeTags(folder.path() / "tags.json", tags));
  const Tags read = readTags(folder.path() / "tags.json").value();
  EXPECT_EQ(read.scene, tags.scene);
  EXPECT_EQ(read.frames, tags.frames);
}

TEST(TagsFile, AMisspelledClassIsRefusedWithTheNearest) {
  const auto tags = parseTags(R"({"frames": {"3": ["sofa", "refridgerator"]}})", "tags.json");
  ASSERT_FALSE(tags);
  EXPECT_THAT(tags.error().message, HasSubstr("frame 3"));
  EXPECT_THAT(tags.error().message, HasSubstr("Did you mean \"refrigerator\"?"));
}

TEST(TagsFile, AClassThatResemblesNoneIsRefusedWithAllOfThem) {
  const auto tags = parseTags(R"({"scene": ["wall", "unicorn"]})", "tags.json");
  ASSERT_FALSE(tags);
  EXPECT_THAT(tags.error().message, HasSubstr("The classes are wall, floor"));
}

TEST(TagsFile, WrongShapesAreRefusedWithTheirPlace) {
  for (const char* text : {"",
                           "{",
                           "[]",
                           R"({"scene": "wall"})",
                           R"({"scene": [1]})",
                           R"({"frames": []})",
                           R"({"frames": {"a": []}})",
                           R"({"frames": {"-1": []}})",
                           R"({"frames": {"1x": []}})"}) {
    const auto tags = parseTags(text, "tags.json");
    ASSERT_FALSE(tags) << text;
    EXPECT_THAT(tags.error().message, HasSubstr("tags.json: "));
  }
}

}  // namespace
}  // namespace tagscape
