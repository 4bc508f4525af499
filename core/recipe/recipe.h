#pragma once

#include "core/geometry/depth_source.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tagscape {

// The choices, an enumeration each: see choices.inc.
#define TAGSCAPE_CHOICES(Enum) enum class Enum : std::uint8_t {
#define TAGSCAPE_CHOICE(Enum, enumerator, word, help) enumerator,
#define TAGSCAPE_CHOICES_END(Enum) \
  }                                \
  ;                                \
  [[nodiscard]] std::string_view nameOf(Enum choice);
#include "core/recipe/choices.inc"
#undef TAGSCAPE_CHOICES
#undef TAGSCAPE_CHOICE
#undef TAGSCAPE_CHOICES_END

/// Everything that decides a training, in groups: recipe.phases.image_steps and so on. Members, defaults and what each
/// of them means are in options.inc; a member has the name of its option. The defaults are the preset "small".
/// Values are in range only if checkRecipe (recipe_check.h) says so.
struct Recipe {
#define TAGSCAPE_GROUP(Type, member, title, help) struct Type {
#define TAGSCAPE_OPTION(type, name, initial, limits, unit, source, help) type name = initial;
#define TAGSCAPE_GROUP_END(Type, member) \
  }                                      \
  ;                                      \
  Type member;
#include "core/recipe/options.inc"
#undef TAGSCAPE_GROUP
#undef TAGSCAPE_OPTION
#undef TAGSCAPE_GROUP_END
};

/// Whether the losses weight pseudo-labels by their confidence.
[[nodiscard]] inline bool usesConfidence(const Recipe& recipe) {
  return recipe.labels.confidence != ConfidenceKind::None;
}

}  // namespace tagscape
