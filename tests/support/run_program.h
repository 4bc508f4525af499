#pragma once

#include <string>
#include <vector>

namespace tagscape::testing {

struct Outcome {
  int exit_code = -1;  ///< -1 if it did not end by itself.
  std::string out;
  std::string err;
};

/// Runs a program as a person would type it, waits for its end and keeps what it printed.
[[nodiscard]] Outcome runProgram(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace tagscape::testing
