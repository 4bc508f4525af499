#include "core/exchange/label_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

/// The label images of a scan.
class TrueFrames : public LayerFrames {
 public:
  explicit TrueFrames(SharedScene scene) : scene_(std::move(scene)) {
    for (std::size_t i = 0; i < scene_->frames.size(); ++i) {
      if (scene_->frames[i].has_labels) indices_.push_back(i);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }
  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    TAGSCAPE_ASSIGN(const auto labels, scene_->pixels->labels(frame_index));
    LayerFrame frame{{labels.width, labels.height, 1}, {}, {}};
    std::transform(labels.pixels.begin(), labels.pixels.end(), frame.classes.pixels.begin(), [](std::uint8_t label) {
      return label == kNoClass ? kUnlabelled : std::uint16_t{label};
    });
    return frame;
  }

 private:
  SharedScene scene_;
  std::vector<std::size_t> indices_;
};

/// Maps of one class on the pixels of an image, row by row.
class ClassRows {
 public:
  ClassRows(const FrameCams& cams, const Intrinsics& camera)
      : cams_(cams), sampler_(cams.sampler(camera.width, camera.height)), columns_(sampler_.columns().ofAllPixels()) {}

  /// The interpolated values of a class at the pixels of row y.
  void read(const std::vector<float>& maps, int class_index, int y, std::vector<float>& values) {
    const auto width = static_cast<std::size_t>(cams_.width), height = static_cast<std::size_t>(cams_.height);
    const float* map = maps.data() + static_cast<std::size_t>(class_index) * width * height;
    const CellPair row = sampler_.rows().around(static_cast<float>(y));
    blended_.resize(width);
    for (std::size_t x = 0; x < width; ++x)
      blended_[x] = std::lerp(map[row.low * width + x], map[row.high * width + x], row.part);
    values.resize(columns_.size());
    for (std::size_t u = 0; u < columns_.size(); ++u)
      values[u] = std::lerp(blended_[columns_[u].low], blended_[columns_[u].high], columns_[u].part);
  }

 private:
  const FrameCams& cams_;
  CellSampler sampler_;
  std::vector<CellPair> columns_;
  std::vector<float> blended_;
};

std::vector<int> classesWithValues(const FrameCams& cams) {
  const std::size_t num_cells = static_cast<std::size_t>(cams.width) * static_cast<std::size_t>(cams.height);
  std::vector<int> classes;
  for (int c = 0; c < kNumClasses; ++c) {
    const float* map = cams.map(c);
    if (std::any_of(map, map + num_cells, [](float value) { return value > 0; })) classes.push_back(c);
  }
  return classes;
}

LayerFrame largestOf(const FrameCams& cams, const Intrinsics& camera) {
  LayerFrame frame{{camera.width, camera.height, 1, kUnlabelled}, {camera.width, camera.height, 1, 0.F}, {}};
  const bool by_logits = !cams.logits.empty();
  ClassRows rows(cams, camera);
  const auto classes = classesWithValues(cams);
  std::vector<float> scores, values, best;
  for (int y = 0; y < camera.height; ++y) {
    best.assign(static_cast<std::size_t>(camera.width), by_logits ? -INFINITY : 0.F);
    for (const int c : classes) {
      rows.read(cams.values, c, y, values);
      if (by_logits) rows.read(cams.logits, c, y, scores);
      const std::vector<float>& compared = by_logits ? scores : values;
      for (std::size_t x = 0; x < best.size(); ++x) {
        if (!(compared[x] > best[x])) continue;
        best[x] = compared[x];
        const std::size_t pixel = static_cast<std::size_t>(y) * best.size() + x;
        frame.classes.pixels[pixel] = static_cast<std::uint16_t>(c);
        frame.confidence.pixels[pixel] = std::clamp(values[x], 0.F, 1.F);
      }
    }
  }
  return frame;
}

class PredictedFrames : public LayerFrames {
 public:
  PredictedFrames(SharedScene scene, std::shared_ptr<const SceneCams> cams)
      : scene_(std::move(scene)), cams_(std::move(cams)) {
    for (std::size_t i = 0; i < scene_->frames.size(); ++i) {
      const FrameCams* frame = cams_->frame(scene_->frames[i].number);
      if (frame != nullptr && frame->width > 0 && frame->height > 0) indices_.push_back(i);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }
  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    return largestOf(*cams_->frame(scene_->frames[frame_index].number), scene_->color_intrinsics);
  }

 private:
  SharedScene scene_;
  std::shared_ptr<const SceneCams> cams_;
  std::vector<std::size_t> indices_;
};

}  // namespace

std::shared_ptr<const LayerFrames> predictedFrames(const SharedScene& scene, std::shared_ptr<const SceneCams> cams) {
  return std::make_shared<PredictedFrames>(scene, std::move(cams));
}

Result<ExchangeLayer> layerOfPrediction(const SharedScene& scene, std::shared_ptr<const SceneCams> cams) {
  if (cams->numPoints() != scene->points().size()) {
    return failFile(
        ErrorCode::InvalidInput,
        scene->path,
        fmt::format("the prediction has {} points, the scene {}", cams->numPoints(), scene->points().size()),
        "Predict again with the same fusing options");
  }
  ExchangeLayer layer = layerOfPoints(labelsOfPrediction(*cams));
  layer.origin = cams->origin;
  if (!cams->frames.empty()) layer.frames = predictedFrames(scene, std::move(cams));
  return layer;
}

SceneCams predictionOfLayer(const Scene& scene, const ExchangeLayer& layer) {
  SceneCams cams;
  cams.scene_name = scene.name;
  cams.scene_path = scene.path.string();
  cams.uses_tags = false;
  cams.origin = layer.provenance;
  const LayerPoints& points = layer.points;
  cams.point_values.assign(points.size() * kNumClasses, 0.F);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint16_t row = points.classes[i];
    cams.point_labels.push_back(row == kUnlabelled ? kNoClass : static_cast<std::uint8_t>(row));
    if (row != kUnlabelled) cams.point_values[i * kNumClasses + row] = points.confidenceOf(i);
  }
  return cams;
}

ExchangeLayer layerOfTruth(const SharedScene& scene) {
  ExchangeLayer layer = layerOfPoints(labelsOfTruth(*scene));
  layer.name = "truth";
  const auto frames = std::make_shared<TrueFrames>(scene);
  if (!frames->indices().empty()) layer.frames = frames;
  return layer;
}

}  // namespace tagscape
