#include "app/cli/learning_program.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <unistd.h>

namespace tagscape::cli {
namespace fs = std::filesystem;

bool isLearningCommand(std::string_view name) {
  constexpr std::string_view kNames[] = {"train", "predict", "serve", "evaluate", "weights", "features", "doctor"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

int becomeLearningProgram(char** argv) {
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  std::error_code code;
  const fs::path beside = fs::read_symlink("/proc/self/exe", code).parent_path();
  // In the build tree the two lie side by side; installed, the helper is in libexec, as it is not for typing.
  for (const fs::path& program : {beside / "tagscape-learn", beside / "../libexec/tagscape/tagscape-learn"}) {
    if (fs::exists(program, code)) ::execv(program.c_str(), argv);
  }
  std::fprintf(stderr,
               "error: tagscape-learn cannot be started from %s (%s). Install Tagscape again, or build it with "
               "TAGSCAPE_WITH_LEARNING=ON\n",
               beside.c_str(),
               std::strerror(errno));
  return 1;
}

}  // namespace tagscape::cli
