#include "core/dataset/training_source.h"

#include "core/base/log.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

/// An aliasing pointer that shares ownership of all data.
template <class Part>
std::shared_ptr<const Part> partOf(const std::shared_ptr<const TrainingData>& data, const Part& part) {
  return {data, &part};
}

}  // namespace

TrainingSource::TrainingSource(std::shared_ptr<const TrainingData> data, const TrainingDataOptions& options)
    : data_(std::move(data)), options_(options) {
  if (options_.in_memory) return;
  for (const PreparedScene& scene : data_->scenes) {
    references_.push_back(std::make_unique<ReferenceDepth>(*scene.scene, options_.depth_source));
  }
}

Result<std::shared_ptr<const PreparedFrame>> TrainingSource::frame(FrameRef& ref) const {
  const PreparedScene& from = scene(ref.scene);
  if (options_.in_memory) return partOf(data_, from.frames[ref.frame]);
  Result<PreparedFrame> read = fail(ErrorCode::NotFound, "the scene has no frame");
  for (std::size_t tried = 0; tried < from.frames.size(); ++tried) {
    read = readFrame(*from.scene, from.frames[ref.frame].index, options_);
    if (read) return std::make_shared<const PreparedFrame>(std::move(*read));
    {
      const std::lock_guard lock(reported_mutex_);
      if (reported_.emplace(ref.scene, ref.frame).second) {
        log::warn(fmt::format("scene '{}', frame {} is replaced by the next: {}",
                              from.name,
                              from.frames[ref.frame].number,
                              read.error().message));
      }
    }
    ref.frame = (ref.frame + 1) % from.frames.size();
  }
  return fail(read.error());
}

TrainingSource::Cloud TrainingSource::cloud(std::size_t scene_index, Random& random) const {
  const PreparedScene& from = scene(scene_index);
  if (options_.in_memory) {
    const auto number = static_cast<std::size_t>(random.below(from.clouds.size()));
    return {partOf(data_, from.clouds[number]), number};
  }
  return {std::make_shared<const PreparedCloud>(drawCloud(from, options_, random)), 0};
}

std::vector<SeenPoint> TrainingSource::seen(const FrameRef& ref, const PreparedFrame& frame, const Cloud& cloud) const {
  const PreparedScene& from = scene(ref.scene);
  if (options_.in_memory) return from.frames[ref.frame].seen[cloud.number];
  return seenPoints(
      *from.scene, frame.index, *cloud.cloud, *references_[ref.scene], frame.image.width, frame.image.height, options_);
}

std::vector<SeenPoint> TrainingSource::seen(const FrameRef& ref, const Cloud& cloud) const {
  const PreparedScene& from = scene(ref.scene);
  const PreparedFrame& frame = from.frames[ref.frame];
  if (options_.in_memory) return frame.seen[cloud.number];
  const Intrinsics& color = from.scene->color_intrinsics;
  return seenPoints(
      *from.scene, frame.index, *cloud.cloud, *references_[ref.scene], color.width, color.height, options_);
}

}  // namespace tagscape
