#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

// Options of earlier formats of config.toml, kept readable for one version of the program: 1 (a file without a
// "format") and 2.

struct OptionText {
  std::string name, value;
  std::size_t line = 0;  ///< Of the file; 0: of none.
};

/// The options of a file of an earlier format under their present names.
struct TranslatedOptions {
  std::vector<OptionText> options;
  /// Settings that no longer exist, each with what stands for it: "teacher_decay = 0.99 (no longer exists)". Settings
  /// that only name what every training does today are left out.
  std::vector<std::string> lost;
};

/// Names that were never options are passed on as they are.
[[nodiscard]] TranslatedOptions translateFormerOptions(const std::vector<OptionText>& former);

/// What has become of an option of an earlier format, for a user who gives it on the command line: "it is now called
/// views=multi", "it was removed"; empty for a name that was no option then or is one today.
[[nodiscard]] std::string describeFormerOption(std::string_view name, std::string_view value);

}  // namespace tagscape
