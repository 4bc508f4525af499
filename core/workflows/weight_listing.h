#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// A tensor of a weight file, for people: "conv1a.weight", "F32", [64, 3, 3, 3].
struct ListedTensor {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
};

/// How well a file fits one network.
struct ListedFit {
  std::string network;  ///< With the size that the file says: "resnet38 (width 1, depth 38, 20 classes)".
  std::string prefix;   ///< Before all names in the file; may be empty.
  std::size_t num_matched = 0, num_missing = 0, num_misshaped = 0, num_unexpected = 0;
  std::string problems;  ///< Some of the names, a line for each kind.
};

struct WeightListing {
  std::string format;
  std::vector<ListedTensor> tensors;
  std::int64_t num_values = 0;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<ListedFit> fits;  ///< Best first; empty if no network shares a name with the file.
};

/// What a weight file holds and which networks it fits. Errors: as readWeightFile.
[[nodiscard]] Result<WeightListing> listWeights(const std::filesystem::path& path);

}  // namespace tagscape
