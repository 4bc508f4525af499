#include "core/cam/sample_maps_torch.h"

#include <ATen/ATen.h>

namespace tagscape {

at::Tensor sampleMaps(const at::Tensor& maps, const at::Tensor& pixels, const CellGrid& cells) {
  // grid_sample's coordinates run from -1 at the left edge of the first cell to 1 at the right edge of the last.
  const at::Tensor size =
      at::tensor({static_cast<double>(maps.size(3)), static_cast<double>(maps.size(2))}, maps.options());
  const at::Tensor on_cells = (pixels - cells.first_px) / static_cast<double>(cells.stride_px);
  const at::Tensor grid = ((on_cells + 0.5) / size * 2 - 1).unsqueeze(1);
  constexpr std::int64_t kBilinear = 0;
  constexpr std::int64_t kBorder = 1;
  return at::grid_sampler(maps, grid, kBilinear, kBorder, /*align_corners=*/false).squeeze(2).transpose(1, 2);
}

}  // namespace tagscape
