#include "core/recipe/option_listing.h"

#include "core/base/files.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

TEST(OptionListing, NamesEveryOptionChoiceAndPreset) {
  for (const std::string& listing : {listOptions(), listOptionsAsMarkdown()}) {
    for (const OptionDescriptor& option : recipeOptions()) {
      EXPECT_THAT(listing, HasSubstr(std::string(option.name)));
      for (const OptionChoice& choice : option.choices) EXPECT_THAT(listing, HasSubstr(std::string(choice.word)));
    }
    for (const RecipePreset& preset : recipePresets()) EXPECT_THAT(listing, HasSubstr(std::string(preset.name)));
  }
}

TEST(OptionListing, FitsATerminal) {
  const std::string listing = listOptions();
  for (std::size_t begin = 0, end = 0; begin < listing.size(); begin = end + 1) {
    end = listing.find('\n', begin);
    EXPECT_LE(end - begin, 102U) << listing.substr(begin, end - begin);  // An ellipsis has three bytes.
  }
}

/// With TAGSCAPE_REGENERATE_GOLDEN the page is written anew.
TEST(OptionListing, IsWhatThePageOnTrainingHas) {
  const auto page = std::filesystem::path(TAGSCAPE_SOURCE_DIR) / "docs/training.md";
  std::string text = readTextFile(page).value();
  const auto begin = text.find(kOptionPageBegin), end = text.find(kOptionPageEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const auto first = begin + kOptionPageBegin.size();
  const std::string wanted = "\n" + listOptionsAsMarkdown() + "\n";
  if (std::getenv("TAGSCAPE_REGENERATE_GOLDEN") != nullptr) {
    text.replace(first, end - first, wanted);
    ASSERT_TRUE(writeFileAtomically(page, text));
    return;
  }
  EXPECT_EQ(text.substr(first, end - first), wanted)
      << "docs/training.md is out of date. Run this test with TAGSCAPE_REGENERATE_GOLDEN=1.";
}

}  // namespace
}  // namespace tagscape
