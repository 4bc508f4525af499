#pragma once

#include "core/base/result.h"
#include "core/recipe/recipe.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tagscape {

enum class OptionKind : std::uint8_t { Flag, Integer, Number, Choice, Text, File, Folder };

/// "flag", "integer", "number", "choice", "text", "file", "folder".
[[nodiscard]] std::string_view nameOf(OptionKind kind);

struct OptionChoice {
  std::string_view word;
  std::string_view help;
};

/// What an option is called, what it may be, and how it is read and written as text: all that a parser, a table or a
/// form needs. One row of options.inc.
struct OptionDescriptor {
  std::string_view name;
  std::string_view group;        ///< The member of Recipe that holds it.
  std::string_view group_title;  ///< For people.
  std::string_view group_help;   ///< A sentence or two; may be empty.
  OptionKind kind = OptionKind::Text;
  double min = 0, max = 0;                ///< Of an Integer or a Number, both included.
  int multiple_of = 1;                    ///< Of an Integer.
  std::span<const OptionChoice> choices;  ///< Of a Choice.
  std::string_view unit;                  ///< "px", "s" …; empty for none.
  std::string_view source;                ///< Where it comes from; see options.inc.
  std::string_view help;

  std::string (*get)(const Recipe& recipe) = nullptr;  ///< As text that `set` reads back to the same value.

  /// Sets the value from text, as on the command line ("200", "true", "square").
  /// Errors: InvalidInput naming the option, the text and what it may be; the recipe is then unchanged.
  [[nodiscard]] Status set(Recipe& recipe, std::string_view text) const;
  /// Errors: InvalidInput naming the option, its value and what it may be.
  [[nodiscard]] Status check(const Recipe& recipe) const;
  /// What it may be: "a whole number from 1 to 1024", "true or false", "square or resize".
  [[nodiscard]] std::string limits() const;

  bool (*parse)(Recipe& recipe, std::string_view text) = nullptr;  ///< Without a look at the range; used by `set`.
  double (*number)(const Recipe& recipe) = nullptr;  ///< The value, a choice by its place; 0 for text. Used by `check`.
};

/// All options, in the order of options.inc: groups are contiguous.
[[nodiscard]] std::span<const OptionDescriptor> recipeOptions();

/// Null if there is none of that name.
[[nodiscard]] const OptionDescriptor* findRecipeOption(std::string_view name);

/// Sets one option by name.
/// Errors: InvalidInput for a name that is no option (saying what has become of one that former versions had, else
/// naming those that are spelt alike), and as OptionDescriptor::set.
[[nodiscard]] Status setRecipeOption(Recipe& recipe, std::string_view name, std::string_view text);

}  // namespace tagscape
