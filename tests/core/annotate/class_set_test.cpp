#include "core/annotate/class_set.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ClassSet, BuiltInSetsHaveTheirNumberOfClassesAndSurviveAFile) {
  const std::map<std::string, std::size_t> sizes{
      {"scannet20", 20}, {"nyu40", 40}, {"scannet200", 200}, {"s3dis13", 13}, {"matterport21", 21}};
  for (const std::string& name : builtInClassSets()) {
    const ClassSet set = builtInClassSet(name).value();
    EXPECT_EQ(set.size(), sizes.at(name)) << name;
    EXPECT_EQ(parseClassSet(classSetAsToml(set), name).value(), set) << name;
    std::set<std::string> names;
    for (const LabelClass& label_class : set.classes) names.insert(label_class.name);
    EXPECT_EQ(names.size(), set.size()) << name;
  }
  EXPECT_THAT(builtInClassSet("ade20k").error().message, HasSubstr("scannet200"));
}

TEST(ClassSet, IsMatchedWithTheCatalogueByNyu40Id) {
  const ClassSet nyu = builtInClassSet("nyu40").value();
  const auto catalog = catalogClassesOf(nyu);
  EXPECT_EQ(catalog[*nyu.find("Sofa")], classByName("sofa"));
  EXPECT_EQ(catalog[*nyu.find("books")], kNoClass);
  EXPECT_EQ(classesOfCatalog(nyu)[static_cast<std::size_t>(*classByName("bathtub"))], nyu.find("bathtub"));
  EXPECT_EQ(nyu.findId("nyu40", 39), nyu.find("otherfurniture"));
  const ClassTags tags = tagsFromCatalog(TagSet().set(static_cast<std::size_t>(*classByName("desk"))), nyu);
  EXPECT_TRUE(tags[*nyu.find("desk")]);
  EXPECT_EQ(catalogTagsOf(tags, nyu), TagSet().set(static_cast<std::size_t>(*classByName("desk"))));
}

TEST(ClassSet, ReadsListsOfOtherPrograms) {
  const testing::TemporaryFolder folder;
  const auto cvat = folder.write(
      "cvat.json", R"([{"name": "cup", "id": 7, "color": "#ff0080", "attributes": []}, {"name": "plate"}])");
  const ClassSet from_cvat = readClassSet(cvat).value();
  EXPECT_EQ(from_cvat.classes[0].rgb, (Rgb8{255, 0, 128}));
  EXPECT_EQ(from_cvat.findId("cvat", 7), 0);
  EXPECT_EQ(from_cvat.classes[1].name, "plate");
  const auto supervisely =
      folder.write("meta.json", R"({"classes": [{"title": "cup", "color": "#0000ff", "hotkey": "c"}]})");
  EXPECT_EQ(readClassSet(supervisely).value().classes[0].key, "c");
  const auto cloud =
      folder.write("_classes.json", R"({"classes": [{"name": "cart", "id": 0, "color": "#377eb8"}], "default": 0})");
  EXPECT_EQ(readClassSet(cloud).value().classes[0].rgb, (Rgb8{0x37, 0x7e, 0xb8}));
  const auto lines = folder.write("names.txt", "cup\r\n\nplate\n");
  EXPECT_EQ(readClassSet(lines).value().size(), 2U);
}

TEST(ClassSet, SaysWhatIsWrongWithAFile) {
  const auto refused = [](const char* toml) { return parseClassSet(toml, "own.toml").error().message; };
  EXPECT_THAT(refused("name = 1 2"), HasSubstr("line 1"));
  EXPECT_THAT(refused("name = \"x\""), HasSubstr("no [[class]]"));
  EXPECT_THAT(refused("[[class]]\nname = \"a\"\n[[class]]\nname = \"a\""), HasSubstr("'a' is there twice"));
  EXPECT_THAT(refused("[[class]]\nname = \"a\"\ncolor = \"red\""), HasSubstr("'red' is no colour"));
  EXPECT_THAT(refused("[[class]]\ncolor = \"#ff0000\""), HasSubstr("without a name"));
  std::string many;
  for (int i = 0; i < 256; ++i) many += "[[class]]\nname = \"c" + std::to_string(i) + "\"\n";
  EXPECT_THAT(refused(many.c_str()), HasSubstr("256 classes"));
  EXPECT_EQ(readClassSet("no-such-file.toml").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tagscape
