#include "core/exchange/layer_options.h"

#include "core/base/edit_distance.h"
#include "core/exchange/label_sources.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

/// Which labels stay, and what the others become.
class Filter {
 public:
  Filter(const LayerOptions& options, std::size_t num_classes)
      : is_kept_(num_classes, options.classes.empty()),
        min_confidence_(options.min_confidence),
        unlabelled_(options.unlabelled_as.value_or(kUnlabelled)) {
    for (const std::uint16_t row : options.classes) is_kept_[row] = true;
  }
  [[nodiscard]] bool keeps(std::uint16_t row, float confidence) const {
    return row != kUnlabelled && is_kept_[row] && confidence >= min_confidence_;
  }
  [[nodiscard]] std::uint16_t otherwise() const { return unlabelled_; }

 private:
  std::vector<bool> is_kept_;
  float min_confidence_;
  std::uint16_t unlabelled_;
};

void filterPoints(const Filter& filter, LayerPoints& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (filter.keeps(points.classes[i], points.confidenceOf(i))) continue;
    if (!points.confidence.empty()) points.confidence[i] = 0;
    if (!points.instances.empty()) points.instances[i] = 0;
    if (!points.origins.empty()) points.origins[i] = LabelOrigin::Unknown;
    points.classes[i] = filter.otherwise();
  }
}

class FilteredFrames : public LayerFrames {
 public:
  FilteredFrames(std::shared_ptr<const LayerFrames> frames, Filter filter, int every, bool keeps_instances)
      : frames_(std::move(frames)), filter_(std::move(filter)), keeps_instances_(keeps_instances) {
    const auto& all = frames_->indices();
    for (std::size_t i = 0; i < all.size(); i += static_cast<std::size_t>(std::max(every, 1)))
      indices_.push_back(all[i]);
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }
  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    TAGSCAPE_ASSIGN(LayerFrame frame, frames_->read(frame_index));
    if (!keeps_instances_) frame.instances = {};
    for (std::size_t i = 0; i < frame.classes.pixels.size(); ++i) {
      const float confidence = frame.confidence.empty() ? 1.F : frame.confidence.pixels[i];
      if (filter_.keeps(frame.classes.pixels[i], confidence)) continue;
      frame.classes.pixels[i] = filter_.otherwise();
      if (!frame.confidence.empty()) frame.confidence.pixels[i] = 0;
      if (!frame.instances.empty()) frame.instances.pixels[i] = 0;
    }
    return frame;
  }

 private:
  std::shared_ptr<const LayerFrames> frames_;
  Filter filter_;
  bool keeps_instances_;
  std::vector<std::size_t> indices_;
};

}  // namespace

std::string LayerOptions::text(const ExchangeClasses& all) const {
  std::string kept = classes.empty() ? "all classes" : "classes";
  for (std::size_t i = 0; i < classes.size(); ++i)
    kept += fmt::format("{}{}", i == 0 ? " " : ", ", all[classes[i]].name);
  if (min_confidence > 0) kept += fmt::format("; confidence from {:.3f}", min_confidence);
  if (unlabelled_as) kept += fmt::format("; unlabelled as {}", all[*unlabelled_as].name);
  if (instances == Instances::None) kept += "; without instances";
  if (instances == Instances::Connected)
    kept += fmt::format("; instances are connected parts of {} points and more", smallest_instance);
  if (frames == Frames::Projected) kept += "; frames show the labels of points";
  if (every_frame > 1) kept += fmt::format("; every {}th frame", every_frame);
  return kept;
}

Result<std::vector<std::uint16_t>> classRowsNamed(const std::vector<std::string>& names,
                                                  const ExchangeClasses& classes) {
  std::vector<std::uint16_t> rows;
  for (const auto& name : names) {
    const auto found =
        std::find_if(classes.begin(), classes.end(), [&](const auto& info) { return info.name == name; });
    if (found != classes.end()) {
      rows.push_back(static_cast<std::uint16_t>(found - classes.begin()));
      continue;
    }
    const auto nearest = std::min_element(classes.begin(), classes.end(), [&](const auto& a, const auto& b) {
      return editDistance(a.name, name) < editDistance(b.name, name);
    });
    return fail(
        ErrorCode::InvalidInput,
        fmt::format(
            "There is no class \"{}\". Did you mean \"{}\"?", name, nearest == classes.end() ? "" : nearest->name));
  }
  return rows;
}

Result<ExchangeLayer> applyOptions(ExchangeLayer layer, const SharedScene& scene, const LayerOptions& options) {
  const Filter filter(options, layer.classes.size());
  LayerPoints& points = layer.points;
  filterPoints(filter, points);
  if (options.instances == LayerOptions::Instances::None) points.instances.clear();
  if (options.instances == LayerOptions::Instances::Connected && points.size() == scene->points().size())
    points.instances = connectedInstances(scene->mesh, points, layer.classes, options.smallest_instance);
  const bool has_own = layer.frames != nullptr;
  if (options.frames == LayerOptions::Frames::Own && !has_own) {
    return failFile(ErrorCode::InvalidInput,
                    scene->path,
                    fmt::format("the layer \"{}\" has no labels of frames", layer.name),
                    "Project those of its points with --frames projected");
  }
  const bool projects = options.frames == LayerOptions::Frames::Projected || !has_own;
  if (projects && points.size() == scene->points().size() && points.size() > 0 && !scene->frames.empty())
    layer.frames = projectedFrames(scene, std::make_shared<LayerPoints>(points));
  if (layer.frames != nullptr) {
    const bool keeps_instances = options.instances != LayerOptions::Instances::None;
    layer.frames = std::make_shared<FilteredFrames>(layer.frames, filter, options.every_frame, keeps_instances);
  }
  return layer;
}

}  // namespace tagscape
