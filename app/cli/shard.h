#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape::cli {

/// A part of the work, for one of several processes.
struct Shard {
  int number = 1;  ///< 1 … count.
  int count = 1;

  /// "2/4"; empty for the whole.
  [[nodiscard]] std::string name() const;
  /// Every count-th scene, from its own on.
  [[nodiscard]] std::vector<std::filesystem::path> of(const std::vector<std::filesystem::path>& scenes) const;
};

/// "2/4", or from the environment where `text` is empty: RANK (from 0) and WORLD_SIZE, as torchrun sets them; the whole
/// where they are not set. Errors: InvalidInput for anything else, naming where it stands.
[[nodiscard]] Result<Shard> shardFrom(const std::string& text);

}  // namespace tagscape::cli
