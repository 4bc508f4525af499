#include "core/models/data_options.h"

namespace tagscape {

TrainingDataOptions dataOptionsOf(const Recipe& options, const Networks& networks) {
  TrainingDataOptions data;
  data.hierarchy = networks.inputs().hierarchy;
  data.image_stride = networks.imageStride();
  data.image_long_side_px = options.images.image_long_side_px;
  data.points_per_cloud = static_cast<std::size_t>(options.points.points_per_cloud);
  data.clouds_per_scene = options.points.clouds_per_scene;
  data.tolerance = {options.visibility.tolerance_m, options.visibility.tolerance_relative};
  data.depth_source = options.visibility.depth_source;
  data.seed = options.general.seed;
  data.in_memory = options.general.data_in_memory;
  data.with_labels = options.phases.supervision == Supervision::Labels;
  data.with_superpoints = options.labels.views == LabelViews::Multi;
  data.occlusion_filter = options.visibility.occlusion_filter;
  return data;
}

}  // namespace tagscape
