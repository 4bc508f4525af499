#include "core/scan_training/scan_heads_torch.h"
#include "core/scene/class_catalog.h"

#include <ATen/ATen.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace tagscape {
namespace {

const std::string kDoing = "labelling the scan";  // Not a literal: GCC 12 warns of its copy.
constexpr int kStepsBetweenReports = 20;

Status reportStep(const Job& job, const char* stage, int step, int num_steps) {
  if (step % kStepsBetweenReports == 0) job.report(stage, step, num_steps);
  return job.checkStop(kDoing);
}

at::Tensor parameter(const at::Tensor& start) { return start.clone().set_requires_grad(true); }

/// A cell's row of the coarse features for every fine cell, interpolated. [fine cells, channels].
at::Tensor upsampled(const at::Tensor& rows, const FrameFeatures& frame) {
  const at::Tensor map = rows.t().reshape({1, rows.size(1), frame.height, frame.width});
  return at::upsample_bilinear2d(map, {frame.fine_height, frame.fine_width}, /*align_corners=*/false)[0].flatten(1).t();
}

/// The directions in which coarse features vary most, of a sample of cells.
std::pair<at::Tensor, at::Tensor> principalComponents(const std::vector<FrameFeatures>& features,
                                                      int num_components,
                                                      at::Generator& generator) {
  constexpr std::int64_t kSample = 8000;
  std::vector<at::Tensor> rows;
  for (const FrameFeatures& frame : features) {
    if (!frame.coarse.defined()) continue;
    const std::int64_t wanted = std::max<std::int64_t>(1, kSample / static_cast<std::int64_t>(features.size()));
    rows.push_back(frame.coarse.index_select(
        0, at::randint(frame.coarse.size(0), {std::min(wanted, frame.coarse.size(0))}, generator, at::kLong)));
  }
  if (rows.empty()) return {};
  const at::Tensor sample = at::cat(rows);
  const at::Tensor mean = sample.mean(0), centred = sample - mean;
  const auto [values, vectors] = at::linalg_eigh(centred.t().mm(centred) / static_cast<double>(sample.size(0)));
  const std::int64_t kept = std::min<std::int64_t>(num_components, vectors.size(1));
  return {mean, vectors.narrow(1, vectors.size(1) - kept, kept).contiguous()};
}

/// Sharpened probabilities, of which each class counts by its frequency.
at::Tensor balancedTargets(const at::Tensor& probabilities, const PixelDecoderOptions& options) {
  const at::Tensor sharp = probabilities.pow(options.sharpness);
  const at::Tensor target = sharp / sharp.sum(1, /*keepdim=*/true).clamp_min(1e-6);
  const at::Tensor frequency = target.mean(0) + 1e-3;
  return target * (frequency / frequency.max()).pow(-options.class_balance);
}

/// Weights and biases of both layers, uniform within one over the root of the inputs.
std::vector<at::Tensor> initialWeights(std::int64_t width, std::int64_t num_hidden, at::Generator& generator) {
  const auto uniform = [&](at::IntArrayRef shape, std::int64_t fan_in) {
    const double reach = 1 / std::sqrt(static_cast<double>(fan_in));
    return parameter(at::empty(shape).uniform_(-reach, reach, generator));
  };
  return {uniform({width, num_hidden}, width),
          uniform({num_hidden}, width),
          uniform({num_hidden, kNumClasses}, num_hidden),
          uniform({kNumClasses}, num_hidden)};
}

}  // namespace

Result<TagHead> fitTagHead(const std::vector<FrameFeatures>& features,
                           const std::vector<std::optional<ClassValues>>& targets,
                           int num_steps,
                           const Job& job) {
  constexpr double kLearningRate = 3e-3, kWeightDecay = 3e-3;
  std::vector<at::Tensor> rows, wanted;
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (!features[i].pooled.defined() || !targets[i]) continue;
    rows.push_back(features[i].pooled);
    const at::Tensor target = at::tensor(at::ArrayRef<float>(targets[i]->data(), kNumClasses));
    wanted.push_back(target.expand({features[i].pooled.size(0), kNumClasses}));
  }
  if (rows.empty()) return fail(ErrorCode::InvalidInput, "no frame has both colours and tags. Tag some frames.");
  const at::Tensor pooled = at::cat(rows), target = at::cat(wanted);
  TagHead head{parameter(at::zeros({pooled.size(1), kNumClasses})), parameter(at::zeros({kNumClasses}))};
  torch::optim::Adam optimiser({head.weight, head.bias}, torch::optim::AdamOptions(kLearningRate));
  const at::AutoGradMode with_gradients(true);
  for (int step = 0; step < num_steps; ++step) {
    TAGSCAPE_TRY(reportStep(job, "learning from tags", step, num_steps));
    const at::Tensor loss = at::binary_cross_entropy_with_logits(pooled.mm(head.weight) + head.bias, target) +
                            kWeightDecay * head.weight.square().sum();
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
  }
  return TagHead{head.weight.detach(), head.bias.detach()};
}

Result<ClassValues> crossPredictTags(const std::vector<FrameFeatures>& features,
                                     const std::vector<std::optional<ClassValues>>& targets,
                                     int num_parts,
                                     int num_steps,
                                     const Job& job) {
  const auto parts = static_cast<std::size_t>(num_parts);
  ClassValues predicted = ClassValues::Constant(
      static_cast<Eigen::Index>(features.size()), kNumClasses, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t part = 0; part < parts; ++part) {
    auto others = targets;
    for (std::size_t i = part; i < others.size(); i += parts) others[i].reset();
    TAGSCAPE_ASSIGN(const TagHead head, fitTagHead(features, others, num_steps, job));
    const at::NoGradGuard no_grad;
    for (std::size_t i = part; i < features.size(); i += parts) {
      if (!features[i].pooled.defined()) continue;
      const at::Tensor mean = (features[i].pooled.mm(head.weight) + head.bias).sigmoid().mean(0).contiguous();
      predicted.row(static_cast<Eigen::Index>(i)) =
          Eigen::Map<const ClassValues>(mean.data_ptr<float>(), 1, kNumClasses);
    }
  }
  return predicted;
}

std::vector<float> activationMaps(const TagHead& head, const FrameFeatures& frame) {
  const at::NoGradGuard no_grad;
  const at::Tensor maps = (frame.coarse.mm(head.weight) + head.bias).t();
  const at::Tensor deviation = maps.std(1, /*unbiased=*/true, /*keepdim=*/true).clamp_min(1e-6);
  const at::Tensor standard = ((maps - maps.mean(1, /*keepdim=*/true)) / deviation).contiguous();
  return {standard.data_ptr<float>(), standard.data_ptr<float>() + standard.numel()};
}

at::Tensor PixelDecoder::inputs(const FrameFeatures& frame) const {
  std::vector<at::Tensor> parts{frame.fine.flatten(1).t()};
  if (projection_.defined()) parts.push_back(upsampled((frame.coarse - coarse_mean_).mm(projection_), frame));
  return at::cat(parts, 1);
}

Result<PixelDecoder> PixelDecoder::fit(const std::vector<FrameFeatures>& features,
                                       const std::vector<CellTargets>& targets,
                                       const PixelDecoderOptions& options,
                                       const Job& job) {
  at::Generator generator = at::detail::createCPUGenerator(options.seed);
  PixelDecoder decoder;
  std::tie(decoder.coarse_mean_, decoder.projection_) =
      principalComponents(features, options.num_components, generator);
  std::vector<at::Tensor> rows, wanted, allowed;
  const auto num_frames = static_cast<std::int64_t>(features.size());
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (features[i].fine_width == 0 || !targets[i].is_known.defined()) continue;
    at::Tensor known = at::nonzero(targets[i].is_known).flatten();
    const std::int64_t max_rows = std::max<std::int64_t>(1, options.num_samples / num_frames);
    if (known.size(0) == 0) continue;
    if (known.size(0) > max_rows)
      known = known.index_select(0, at::randperm(known.size(0), generator, at::kLong).narrow(0, 0, max_rows));
    rows.push_back(decoder.inputs(features[i]).index_select(0, known));
    wanted.push_back(targets[i].probabilities.index_select(0, known));
    allowed.push_back(targets[i].allowed.expand({known.size(0), kNumClasses}));
  }
  if (rows.empty()) return fail(ErrorCode::InvalidInput, "no frame sees a point of the scan. Check its poses.");
  at::Tensor input = at::cat(rows);
  const at::Tensor target = balancedTargets(at::cat(wanted), options), allow = at::cat(allowed);
  decoder.mean_ = input.mean(0);
  decoder.deviation_ = input.std(0).clamp_min(1e-6);
  input = (input - decoder.mean_) / decoder.deviation_;

  const std::vector<at::Tensor> weights = initialWeights(input.size(1), options.num_hidden, generator);
  auto settings = torch::optim::AdamOptions(options.learning_rate).weight_decay(1e-4);
  torch::optim::Adam optimiser(weights, settings);
  const at::AutoGradMode with_gradients(true);
  for (int step = 0; step < options.num_steps; ++step) {
    TAGSCAPE_TRY(reportStep(job, "learning from projected labels", step, options.num_steps));
    const double left = 1 - static_cast<double>(step) / options.num_steps;
    static_cast<torch::optim::AdamOptions&>(optimiser.param_groups()[0].options())
        .lr(options.learning_rate * std::pow(left, .9));
    const at::Tensor batch = at::randint(input.size(0), {options.batch}, generator, at::kLong);
    const at::Tensor hidden = (input.index_select(0, batch).mm(weights[0]) + weights[1]).relu();
    const at::Tensor logits = hidden.mm(weights[2]) + weights[3] + allow.index_select(0, batch);
    const at::Tensor loss = -(target.index_select(0, batch) * logits.log_softmax(1)).sum(1).mean();
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
  }
  decoder.first_ = weights[0].detach();
  decoder.first_bias_ = weights[1].detach();
  decoder.second_ = weights[2].detach();
  decoder.second_bias_ = weights[3].detach();
  return decoder;
}

at::Tensor PixelDecoder::predict(const FrameFeatures& frame, const at::Tensor& allowed) const {
  const at::NoGradGuard no_grad;
  const at::Tensor input = (inputs(frame) - mean_) / deviation_;
  const at::Tensor logits = (input.mm(first_) + first_bias_).relu().mm(second_) + second_bias_ + allowed;
  return logits.log_softmax(1);
}

}  // namespace tagscape
