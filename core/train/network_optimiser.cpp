#include "core/nn/weights_torch.h"
#include "core/train/network_optimiser_torch.h"

#include <ATen/ATen.h>
#include <c10/util/StringUtil.h>
#include <fmt/format.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace tagscape {
namespace {

using torch::optim::OptimizerParamGroup;
using torch::optim::OptimizerParamState;

bool isClassifier(const std::string& name) { return name.starts_with("fc8") || name.starts_with("classifier"); }

std::unique_ptr<torch::optim::Optimizer> makeOptimiser(const OptimiserOptions& options,
                                                       std::vector<OptimizerParamGroup> groups) {
  switch (options.kind) {
    case OptimiserKind::Sgd:
      return std::make_unique<torch::optim::SGD>(
          std::move(groups), torch::optim::SGDOptions(1).momentum(options.momentum).weight_decay(options.weight_decay));
    case OptimiserKind::Adam:
      return std::make_unique<torch::optim::Adam>(std::move(groups),
                                                  torch::optim::AdamOptions(1).weight_decay(options.weight_decay));
    case OptimiserKind::AdamW:
      return std::make_unique<torch::optim::AdamW>(std::move(groups),
                                                   torch::optim::AdamWOptions(1).weight_decay(options.weight_decay));
  }
  throw std::logic_error("optimiser: not checked");
}

/// The key of a parameter's state in LibTorch.
std::string keyOf(const at::Tensor& parameter) { return c10::guts::to_string(parameter.unsafeGetTensorImpl()); }

/// A tensor of the file in the shape of `like`, on its device. Undefined if it is not there or does not fit.
at::Tensor tensorLike(const TensorFile& file, const std::string& name, const at::Tensor& like) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.dtype != "F32" || found->second.shape != like.sizes().vec())
    return {};
  at::Tensor tensor = at::empty(like.sizes(), at::kFloat);
  std::memcpy(tensor.data_ptr(), found->second.bytes.data(), found->second.bytes.size());
  return tensor.to(like.device());
}

template <class State>
void storeAdam(const State& state, const std::string& name, TensorFile& file) {
  file.tensors[name + ".exp_avg"] = toBlob(state.exp_avg());
  file.tensors[name + ".exp_avg_sq"] = toBlob(state.exp_avg_sq());
  file.metadata[name + ".step"] = std::to_string(state.step());
}

template <class State>
std::unique_ptr<OptimizerParamState> restoreAdam(const std::string& name,
                                                 const TensorFile& file,
                                                 const at::Tensor& like) {
  const auto step = file.metadata.find(name + ".step");
  const at::Tensor first = tensorLike(file, name + ".exp_avg", like);
  const at::Tensor second = tensorLike(file, name + ".exp_avg_sq", like);
  if (step == file.metadata.end() || !first.defined() || !second.defined()) return nullptr;
  auto state = std::make_unique<State>();
  state->step(std::strtoll(step->second.c_str(), nullptr, 10));
  state->exp_avg(first);
  state->exp_avg_sq(second);
  return state;
}

}  // namespace

NetworkOptimiser::NetworkOptimiser(const Network& network, const OptimiserOptions& options) : options_(options) {
  std::vector<at::Tensor> classifier, others;
  for (const auto& [name, tensor] : network.namedTensors()) {
    if (!tensor.requires_grad()) continue;
    parameters_.emplace_back(name, tensor);
    (isClassifier(name) ? classifier : others).push_back(tensor);
  }
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(others);
  groups.emplace_back(classifier);
  optimiser_ = makeOptimiser(options_, std::move(groups));
}

NetworkOptimiser::~NetworkOptimiser() = default;
NetworkOptimiser::NetworkOptimiser(NetworkOptimiser&&) noexcept = default;
NetworkOptimiser& NetworkOptimiser::operator=(NetworkOptimiser&&) noexcept = default;

void NetworkOptimiser::setRate(double learning_rate) {
  auto& groups = optimiser_->param_groups();
  groups[0].options().set_lr(learning_rate);
  groups[1].options().set_lr(learning_rate * options_.classifier_lr_factor);
}

void NetworkOptimiser::zeroGradients() { optimiser_->zero_grad(); }

double NetworkOptimiser::step() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> norms;
  for (const auto& [name, parameter] : parameters_) {
    if (parameter.grad().defined()) norms.push_back(parameter.grad().norm());
  }
  const double norm = norms.empty() ? 0 : at::stack(norms).norm().item<double>();
  if (options_.clip_norm > 0 && norm > options_.clip_norm) {
    for (const auto& [name, parameter] : parameters_) {
      if (parameter.grad().defined()) parameter.grad().mul_(options_.clip_norm / norm);
    }
  }
  const at::AutoGradMode grad_mode(true);
  optimiser_->step();
  return norm;
}

void NetworkOptimiser::store(const std::string& prefix, TensorFile& file) const {
  const auto& states = optimiser_->state();
  for (const auto& [parameter, tensor] : parameters_) {
    const auto found = states.find(keyOf(tensor));
    if (found == states.end()) continue;
    const std::string name = prefix + "." + parameter;
    if (options_.kind == OptimiserKind::Adam) {
      storeAdam(static_cast<const torch::optim::AdamParamState&>(*found->second), name, file);
    } else if (options_.kind == OptimiserKind::AdamW) {
      storeAdam(static_cast<const torch::optim::AdamWParamState&>(*found->second), name, file);
    } else {
      const auto& buffer = static_cast<const torch::optim::SGDParamState&>(*found->second).momentum_buffer();
      if (buffer.defined()) file.tensors[name + ".momentum_buffer"] = toBlob(buffer);
    }
  }
}

Status NetworkOptimiser::restore(const std::string& prefix, const TensorFile& file, const std::filesystem::path& name) {
  auto& states = optimiser_->state();
  for (const auto& [parameter, tensor] : parameters_) {
    const std::string entry = prefix + "." + parameter;
    std::unique_ptr<OptimizerParamState> state;
    if (options_.kind == OptimiserKind::Adam) {
      state = restoreAdam<torch::optim::AdamParamState>(entry, file, tensor);
    } else if (options_.kind == OptimiserKind::AdamW) {
      state = restoreAdam<torch::optim::AdamWParamState>(entry, file, tensor);
    } else if (options_.momentum == 0) {
      continue;  // SGD without momentum has no state.
    } else if (const at::Tensor buffer = tensorLike(file, entry + ".momentum_buffer", tensor); buffer.defined()) {
      auto sgd = std::make_unique<torch::optim::SGDParamState>();
      sgd->momentum_buffer(buffer);
      state = std::move(sgd);
    }
    if (!state) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("what the optimiser remembers of '{}' is missing or has another shape", entry),
                      "Resume with the options the run was started with, or from an older checkpoint.");
    }
    states[keyOf(tensor)] = std::move(state);
  }
  return {};
}

double scheduledRate(RateSchedule schedule, double initial, double progress) {
  constexpr double kPolyPower = 0.9;
  switch (schedule) {
    case RateSchedule::Poly:
      return initial * std::pow(1 - progress, kPolyPower);
    case RateSchedule::Step:
      for (const double milestone : {.6, .8, .9}) initial *= progress >= milestone ? .1 : 1;
      return initial;
    case RateSchedule::Constant:
      return initial;
  }
  throw std::logic_error("schedule: not checked");
}

double scheduledBatchNormMomentum(double progress) {
  return std::max(.5 * std::pow(.5, std::floor(10 * progress)), .001);
}

}  // namespace tagscape
