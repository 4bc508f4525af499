#pragma once

namespace tagscape::cli {

enum class OptionFormat { Text, Json, Markdown };

/// Prints all options of training, with their ranges, choices and help, to stdout.
void printOptions(OptionFormat format);

}  // namespace tagscape::cli
