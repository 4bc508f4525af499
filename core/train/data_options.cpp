#include "core/train/data_options.h"

namespace tagscape {

TrainingDataOptions dataOptionsOf(const TrainOptions& options, const Networks& networks) {
  TrainingDataOptions data;
  data.hierarchy = networks.inputs().hierarchy;
  data.image_stride = networks.imageStride();
  data.image_long_side_px = options.image_long_side_px;
  data.points_per_cloud = static_cast<std::size_t>(options.points_per_cloud);
  data.clouds_per_scene = options.clouds_per_scene;
  data.tolerance = {options.tolerance_m, options.tolerance_relative};
  data.depth_source = depthSourceNamed(options.depth_source).value_or(DepthSource::Auto);  // was checked
  data.seed = options.seed;
  data.in_memory = options.data_in_memory;
  data.with_labels = options.supervision == "labels";
  data.with_segments = options.lift == "scene";
  data.occlusion_filter = options.occlusion_filter;
  return data;
}

}  // namespace tagscape
