#pragma once

#include <span>
#include <string_view>

namespace tagscape::cli {

/// Commands that need LibTorch. Since loading it takes 0.7 s, they are in a separate program, tagscape-learn, which
/// tagscape executes in its place for these commands; other commands, such as `tagscape info`, start without LibTorch.
[[nodiscard]] bool isLearningCommand(std::string_view name);

/// Replaces this process by tagscape-learn with the same arguments; returns an exit code only if that is not possible.
/// Sets OMP_WAIT_POLICY=passive unless it is set: spinning OpenMP threads of a training would compete with the studio's
/// window for the processors. The variable must be set before the program starts.
[[nodiscard]] int becomeLearningProgram(char** argv);

}  // namespace tagscape::cli
