// Writes FOLDER/<reader>/seed for every reader. Usage: fuzz_make_seeds FOLDER

#include "core/base/files.h"
#include "tests/fuzz/readers.h"

#include <cstdio>
#include <filesystem>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "Usage: fuzz_make_seeds FOLDER\n");
    return 2;
  }
  for (const auto& reader : tagscape::fuzz::allReaders()) {
    const auto written =
        tagscape::writeFileAtomically(std::filesystem::path(argv[1]) / reader.name / "seed", reader.seed());
    if (!written) {
      std::fprintf(stderr, "error: %s\n", written.error().message.c_str());
      return 1;
    }
    std::printf("%s\n", reader.name);
  }
  return 0;
}
