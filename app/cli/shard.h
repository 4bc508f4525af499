#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape::cli {

/// One of several processes' part of the work.
struct Shard {
  int number = 1;  ///< 1 … count.
  int count = 1;

  /// "2/4"; empty for the whole.
  [[nodiscard]] std::string name() const;
  /// Every count-th scene, starting with number `number`.
  [[nodiscard]] std::vector<std::filesystem::path> of(const std::vector<std::filesystem::path>& scenes) const;
};

/// Parses "2/4". If `text` is empty, uses RANK (from 0) and WORLD_SIZE of the environment, as torchrun sets them;
/// without them, all of the work. Errors: InvalidInput for malformed values, naming their origin.
[[nodiscard]] Result<Shard> shardFrom(const std::string& text);

}  // namespace tagscape::cli
