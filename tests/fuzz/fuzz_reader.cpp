// One fuzzer per reader: the build names the reader in TAGSCAPE_FUZZ_READER. See scripts/fuzz.

#include "core/base/log.h"
#include "core/base/parallel.h"
#include "tests/fuzz/readers.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

const tagscape::fuzz::Reader& chosenReader() {
  static const tagscape::fuzz::Reader* const kReader = [] {
    tagscape::setNumThreads(1);
    tagscape::log::setVerbosity(0);
    for (const auto& reader : tagscape::fuzz::allReaders()) {
      if (std::string_view(reader.name) == TAGSCAPE_FUZZ_READER) return &reader;
    }
    std::fprintf(stderr, "there is no reader %s\n", TAGSCAPE_FUZZ_READER);
    std::abort();
  }();
  return *kReader;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosenReader().read(std::as_bytes(std::span(data, size)));
  return 0;
}
