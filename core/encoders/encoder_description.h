#pragma once

#include "core/base/result.h"
#include "core/scene/cell_grid.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace tagscape {

/// The description of a user's own image network, in a TOML file:
///
///     file = "dinov2.pt"            # TorchScript, beside this file; default: its name with .pt
///     stride = 14                   # px from one cell to the next
///     channels = 384
///     mean = [0.485, 0.456, 0.406]  # of red, green, blue in 0 … 1; the network gets (value - mean) / deviation
///     deviation = [0.229, 0.224, 0.225]
///     input_size = [518, 686]       # height, width in px, if the network takes no other; default: any multiple of
///     stride first_cell_centre = 6.5       # px; default: (stride - 1) / 2
struct EncoderDescription {
  struct Size {
    int height = 0, width = 0;
  };
  std::filesystem::path file;
  CellGrid cells;
  std::int64_t channels = 0;
  std::array<float, 3> mean{}, deviation{};
  std::optional<Size> input_size;
};

/// Reads such a file. Errors: NotFound; InvalidInput with the line for what is no TOML, a key that is missing, unknown
/// or out of range (stride 1 … 256, channels 1 … 65,536, deviations above 0, sides 1 … 16,384 and multiples of the
/// stride), NotFound if the TorchScript file is not there.
[[nodiscard]] Result<EncoderDescription> readEncoderDescription(const std::filesystem::path& path);

}  // namespace tagscape
