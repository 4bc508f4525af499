#include "core/dataset/training_source.h"
#include "core/distributed/torch_failure.h"
#include "core/models/data_options.h"
#include "core/models/networks_torch.h"
#include "core/pseudo_labels/superpoint_evidence_torch.h"
#include "core/pseudo_labels/superpoint_labels_torch.h"
#include "core/workflows/evaluation_metrics.h"
#include "core/workflows/lifted_label_evaluator_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace tagscape {
namespace {

std::vector<std::uint8_t> truthOf(const PreparedScene& scene, const PreparedCloud& cloud) {
  std::vector<std::uint8_t> truth;
  truth.reserve(cloud.rows.size());
  for (const std::uint32_t row : cloud.rows) truth.push_back(scene.scene->point_labels[row]);
  return truth;
}

/// The classes of a frame's label image at the pixels of the first cloud's visible points. Nothing if it cannot be
/// read.
std::vector<std::uint8_t> truthOfPixels(const PreparedScene& scene, const PreparedFrame& frame) {
  const auto labels = scene.scene->pixels->labels(frame.index);
  if (!labels || frame.seen.empty()) return {};
  const float scale_x = static_cast<float>(labels->width) / static_cast<float>(frame.image.width);
  const float scale_y = static_cast<float>(labels->height) / static_cast<float>(frame.image.height);
  const auto nearest = [](float pixel, float scale, int size) {
    return std::clamp(static_cast<int>(std::lround((pixel + .5F) * scale - .5F)), 0, size - 1);
  };
  std::vector<std::uint8_t> truth;
  for (const SeenPoint& point : frame.seen.front()) {
    if (truth.size() == kMaxSimilarPoints) break;
    truth.push_back(labels->at(nearest(point.pixel.x(), scale_x, labels->width),
                               nearest(point.pixel.y(), scale_y, labels->height)));
  }
  return truth;
}

/// The first `count` visible points of a scene's first cloud in a frame, as training matches them.
JointMatches matchesOf(const PreparedScene& scene,
                       const PreparedFrame& frame,
                       std::size_t count,
                       const NetworkInputs& inputs,
                       const at::Device& device) {
  std::vector<std::int64_t> rows, superpoints;
  std::vector<float> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    const SeenPoint& point = frame.seen.front()[i];
    rows.push_back(point.row);
    pixels.insert(pixels.end(), {point.pixel.x(), point.pixel.y()});
  }
  std::map<std::uint32_t, std::int64_t> numbers;
  for (const std::uint32_t superpoint : scene.clouds.front().superpoints)
    superpoints.push_back(numbers.try_emplace(superpoint, static_cast<std::int64_t>(numbers.size())).first->second);
  JointMatches matches;
  matches.rows = at::tensor(rows, at::kLong).to(device);
  matches.crops = at::zeros({1}, at::kLong).to(device);
  matches.pixels = at::tensor(pixels).view({1, -1, 2}).to(device);
  matches.image_tags = tagTensor({frame.tags}, device);
  matches.scene_tags = tagTensor({scene.tags}, device);
  matches.cells = inputs.cells;
  matches.superpoints = at::tensor(superpoints, at::kLong).to(device);
  matches.num_superpoints = static_cast<std::int64_t>(numbers.size());
  return matches;
}

/// Each superpoint by the class that most of its points have.
void addOracleSuperpoints(const PreparedScene& scene, PseudoLabelStats& stats) {
  std::map<std::uint32_t, std::array<std::uint64_t, kNumClasses>> counts;
  const auto& labels = scene.scene->point_labels;
  for (const std::uint32_t row : scene.usable) {
    if (labels[row] < kNumClasses) ++counts[scene.superpoints[row]][labels[row]];
  }
  for (const auto& [superpoint, of_class] : counts) {
    const auto majority =
        static_cast<std::uint8_t>(std::max_element(of_class.begin(), of_class.end()) - of_class.begin());
    for (std::size_t c = 0; c < kNumClasses; ++c) {
      for (std::uint64_t i = 0; i < of_class[c]; ++i) stats.add(static_cast<std::uint8_t>(c), majority, 1);
    }
  }
}

void addPointLabels(const PseudoLabels& labels, const std::vector<std::uint8_t>& truth, PseudoLabelStats& stats) {
  const PseudoLabels plain{labels.labels.to(at::kCPU), labels.confidence.to(at::kCPU)};
  addLabels(stats, plain, truth);
  const at::Tensor is_known = plain.confidence.gt(0);
  for (std::size_t k = 0; k < truth.size(); ++k) stats.addPlace(truth[k], is_known.data_ptr<bool>()[k]);
}

}  // namespace

void addLabels(PseudoLabelStats& stats, const PseudoLabels& labels, const std::vector<std::uint8_t>& truth) {
  const at::Tensor classes = labels.labels.flatten().to(at::kLong).contiguous();
  const at::Tensor scores = labels.confidence.flatten().to(at::kFloat).contiguous();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const float score = scores.data_ptr<float>()[i];
    // Where no class has any CAM there is no label.
    if (score > 0) stats.add(truth[i], static_cast<std::uint8_t>(classes.data_ptr<std::int64_t>()[i]), score);
  }
}

bool LiftedLabelEvaluator::comparesScenes() const {
  return trained_.labels.views == LabelViews::Multi &&
         (trained_.labels.superpoint_lda || trained_.labels.superpoint_mlp);
}

TrainingDataOptions LiftedLabelEvaluator::dataOptions() {
  TrainingDataOptions wanted = dataOptionsOf(trained_, networks_);
  wanted.in_memory = true;
  wanted.with_labels = false;
  return wanted;
}

Status LiftedLabelEvaluator::add(const SharedScene& scene, const Job& job, PseudoLabelReport& report) {
  if (trained_.labels.views != LabelViews::Multi) return {};
  TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData({scene}, dataOptions(), job));
  PreparedScene& own = prepared.scenes.front();
  addOracleSuperpoints(own, report.oracle_superpoints);
  Truth truth;
  for (const PreparedCloud& cloud : own.clouds) truth.points.push_back(truthOf(own, cloud));
  const std::vector<std::size_t> evaluated = framesToEvaluate(*scene, every_frame_);
  for (const PreparedFrame& frame : own.frames) {
    const bool is_evaluated = std::ranges::binary_search(evaluated, frame.index);
    truth.pixels.push_back(is_evaluated ? truthOfPixels(own, frame) : std::vector<std::uint8_t>{});
  }
  truth_.push_back(std::move(truth));
  own.scene.reset();  // Meshes and images of all scenes would take too much memory.
  gathered_.scenes.push_back(std::move(own));
  return comparesScenes() ? Status{} : evaluateGathered(report);
}

void LiftedLabelEvaluator::evaluatePixels(const PreparedScene& scene,
                                          std::size_t number,
                                          const std::vector<std::vector<std::uint8_t>>& truth,
                                          const PseudoLabelSource& labels,
                                          PseudoLabelStats& stats) {
  const at::NoGradGuard no_grad;
  auto& networks = networks_.impl();
  networks.image->setTraining(false);
  networks.points->setTraining(false);
  const NetworkOutput points = networks.points->forward(
      batchClouds({&scene.clouds.front()}, {CloudWarp{}}, networks.inputs.channels, networks.device));
  const CloudNumbers cloud{{number, 0}};
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    if (truth[i].empty()) continue;
    const PreparedFrame& frame = scene.frames[i];
    const at::Tensor logits = predictionOf(frame, networks, trained_).logits.to(networks.device);
    const NetworkOutput image({{std::string(kLogits), logits}});
    const JointMatches matches = matchesOf(scene, frame, truth[i].size(), networks.inputs, networks.device);
    addLabels(stats, labels.pixelLabels({image, points, matches, cloud}), truth[i]);
  }
}

Status LiftedLabelEvaluator::evaluateGathered(PseudoLabelReport& report) {
  const auto data = std::make_shared<const TrainingData>(std::exchange(gathered_, {}));
  const auto truth = std::exchange(truth_, {});
  if (data->scenes.empty()) return {};
  try {
    const auto source = std::make_shared<const TrainingSource>(data, dataOptions());
    SuperpointLabels labels(trained_, source, ProcessGroup::alone());
    labels.prepare(0, 1, networks_.impl());
    const NetworkOutput none;  // These labels need the frames of no step.
    const JointMatches no_matches;
    for (std::size_t scene = 0; scene < truth.size(); ++scene) {
      const auto& of_points = truth[scene].points;
      for (std::size_t i = 0; i < of_points.size(); ++i) {
        const CloudNumbers cloud{{scene, i}};
        addPointLabels(labels.pointLabels({none, none, no_matches, cloud}).pseudo, of_points[i], report.all_frames);
      }
      evaluatePixels(data->scenes[scene], scene, truth[scene].pixels, labels, report.points_to_image);
    }
  } catch (const std::exception& failure) {
    return fail(torchFailure("labelling superpoints from all frames", failure, "image_long_side_px"));
  }
  return {};
}

}  // namespace tagscape
