#include "core/nn/weights_torch.h"
#include "core/pseudo_labels/pixel_values_torch.h"
#include "core/pseudo_labels/single_view_labels_torch.h"
#include "core/pseudo_labels/superpoint_labels_torch.h"
#include "core/pseudo_labels/superpoint_mean_torch.h"

#include <ATen/ATen.h>

#include <cstring>

namespace tagscape {
namespace {

constexpr int kRounds = 4;  // How often the labels are recomputed in a phase.
constexpr const char* kStored = "lifted_labels";
constexpr double kTiny = 1e-6;

/// The normalised product of two distributions over classes.
at::Tensor productOf(const at::Tensor& one, const at::Tensor& other) {
  const at::Tensor both = one * (other + kTiny);
  return both / both.sum(2, true).clamp_min(kTiny);
}

/// The mean over each superpoint of the batch, at each matched point, among the images' tags.
at::Tensor averagedOverSuperpoints(const at::Tensor& probabilities, const JointMatches& matches) {
  const at::Tensor superpoints = matches.superpoints.index_select(0, matches.rows);
  const at::Tensor means = meanBySuperpoint(probabilities.flatten(0, 1), superpoints, matches.num_superpoints);
  const at::Tensor at_points = means.index_select(0, superpoints).view_as(probabilities);
  return productOf(at_points, matches.image_tags.to(at_points.scalar_type()).unsqueeze(1).expand_as(at_points));
}

at::Tensor tensorOf(const TensorBlob& blob) {
  at::Tensor tensor = at::empty(blob.shape, at::kFloat);
  std::memcpy(tensor.data_ptr(), blob.bytes.data(), blob.bytes.size());
  return tensor;
}

}  // namespace

void SuperpointLabels::prepare(int step, int num_steps, Networks::Impl& networks) {
  const auto roundOf = [&](int at) { return static_cast<std::int64_t>(at) * kRounds / num_steps; };
  const bool is_due = lifted_.empty() || roundOf(step) != roundOf(step - 1);
  if (is_due) lifted_ = LiftedLabels::computeByFirst(*group_, networks, *data_, options_);
}

PointPseudoLabels SuperpointLabels::pointLabels(const JointOutput& output) const {
  auto [confidence, labels] = lifted_.of(output.clouds).max(1);
  return {{}, {std::move(labels), std::move(confidence)}};
}

PseudoLabels SuperpointLabels::pixelLabels(const JointOutput& output) const {
  if (output.matches.empty()) return noLabels(output.image.logits());
  const at::Tensor of_frame = averagedOverSuperpoints(probabilitiesOfSimilarPoints(output, options_), output.matches);
  const at::Tensor of_all = lifted_.of(output.clouds).index_select(0, output.matches.rows).view_as(of_frame);
  auto [confidence, labels] = productOf(of_frame, of_all).max(2);
  return {std::move(labels), std::move(confidence)};
}

void SuperpointLabels::store(TensorFile& file) const {
  if (!lifted_.empty()) file.tensors[kStored] = toBlob(lifted_.packed());
}

Status SuperpointLabels::restore(const TensorFile& file, const std::filesystem::path& name, const at::Device& device) {
  lifted_ = {};
  const auto found = file.tensors.find(kStored);
  if (found == file.tensors.end()) return {};
  const TensorBlob& blob = found->second;
  auto restored = blob.dtype == "F32" ? LiftedLabels::unpacked(tensorOf(blob).to(device), data_->data()) : std::nullopt;
  if (!restored) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "'lifted_labels' is of other scenes",
                    "Resume with the scenes and options the run was started with.");
  }
  lifted_ = std::move(*restored);
  return {};
}

std::unique_ptr<PseudoLabelSource> makePseudoLabelSource(const Recipe& options,
                                                         std::shared_ptr<const TrainingSource> data,
                                                         std::shared_ptr<ProcessGroup> group) {
  if (options.labels.views == LabelViews::Multi)
    return std::make_unique<SuperpointLabels>(options, std::move(data), std::move(group));
  return std::make_unique<SingleViewCamLabels>(options);
}

}  // namespace tagscape
