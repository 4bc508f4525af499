#include "core/scene/class_catalog.h"

#include <gtest/gtest.h>

#include <set>

namespace tagscape {
namespace {

TEST(ClassCatalog, HasTheBenchmarksIdsInItsOrder) {
  // The 20 valid ids of the ScanNet benchmark, as its evaluation lists them.
  const std::array<int, kNumClasses> expected{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 24, 28, 33, 34, 36, 39};
  for (int i = 0; i < kNumClasses; ++i) {
    EXPECT_EQ(classCatalog()[static_cast<std::size_t>(i)].nyu40_id, expected[static_cast<std::size_t>(i)]);
    EXPECT_EQ(classByNyu40(expected[static_cast<std::size_t>(i)]), i);
  }
}

TEST(ClassCatalog, FindsNamesAndRefusesOthers) {
  EXPECT_EQ(classByName("shower curtain"), 15);
  EXPECT_EQ(classByName("Wall"), std::nullopt);
  EXPECT_EQ(classByNyu40(0), std::nullopt);
  EXPECT_EQ(classByNyu40(13), std::nullopt);
}

TEST(ClassCatalog, NamesAndColoursAreUnique) {
  std::set<std::string_view> names;
  std::set<std::array<std::uint8_t, 3>> colors;
  for (const auto& info : classCatalog()) {
    names.insert(info.name);
    colors.insert(info.rgb);
  }
  EXPECT_EQ(names.size(), 20U);
  EXPECT_EQ(colors.size(), 20U);
}

}  // namespace
}  // namespace tagscape
