#include "core/dataset/training_source.h"
#include "core/distributed/torch_failure.h"
#include "core/models/data_options.h"
#include "core/pseudo_labels/superpoint_labels_torch.h"
#include "core/workflows/lifted_label_evaluator_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
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
  std::vector<std::vector<std::uint8_t>> truth;
  for (const PreparedCloud& cloud : own.clouds) truth.push_back(truthOf(own, cloud));
  truth_.push_back(std::move(truth));
  own.scene.reset();  // Meshes and pictures of all scenes would be too much to keep.
  gathered_.scenes.push_back(std::move(own));
  return comparesScenes() ? Status{} : evaluateGathered(report);
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
      for (std::size_t i = 0; i < truth[scene].size(); ++i) {
        const CloudNumbers cloud{{scene, i}};
        addPointLabels(labels.pointLabels({none, none, no_matches, cloud}).pseudo, truth[scene][i], report.all_frames);
      }
    }
  } catch (const std::exception& failure) {
    return fail(torchFailure("labelling points by all frames", failure, "image_long_side_px"));
  }
  return {};
}

}  // namespace tagscape
