#pragma once

#include <span>
#include <string_view>

namespace tagscape::cli {

/// Commands that need LibTorch. Loading it takes 0.7 s, so they live in a program of their own, tagscape-learn, which
/// tagscape becomes (exec) when one of them is named: `tagscape info` of a thousand scans stays a matter of seconds.
[[nodiscard]] bool isLearningCommand(std::string_view name);

/// Replaces this process by tagscape-learn with the same arguments; returns an exit code only if that is not possible.
/// Unless the person chose otherwise, OpenMP's idle threads sleep (OMP_WAIT_POLICY=passive): when they spin, training
/// and the studio's window take the processor from each other. The variable counts only if it is set before the program
/// starts.
[[nodiscard]] int becomeLearningProgram(char** argv);

}  // namespace tagscape::cli
