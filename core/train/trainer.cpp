#include "core/train/trainer.h"

#include "core/distributed/gradient_buckets_torch.h"
#include "core/distributed/process_group_torch.h"
#include "core/distributed/torch_failure.h"
#include "core/models/networks_torch.h"
#include "core/nn/shared_statistics_torch.h"
#include "core/nn/weights_torch.h"
#include "core/recipe/recipe_check.h"
#include "core/train/batch_loader_torch.h"
#include "core/train/network_optimiser_torch.h"
#include "core/train/training_method_torch.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace tagscape {
namespace {

using Losses = std::map<std::string, at::Tensor>;

/// Errors: InvalidInput naming the head that the network lacks.
Status checkHeads(const Network& network, const std::vector<std::string>& needed, std::string_view option) {
  const std::vector<std::string> present = network.headNames();
  for (const std::string& head : needed) {
    if (std::ranges::find(present, head) != present.end()) continue;
    return fail(ErrorCode::InvalidInput,
                fmt::format("the {} has no head '{}', which this way of training needs. Choose another {}.",
                            option == "image_network" ? "image network" : "point network",
                            head,
                            option));
  }
  return {};
}

OptimiserOptions imageOptimiser(const Recipe& o) {
  return {o.optimisers.image_optimizer,
          o.optimisers.image_weight_decay,
          o.optimisers.image_momentum,
          o.optimisers.classifier_lr_factor,
          o.optimisers.clip_gradient_norm};
}
OptimiserOptions pointsOptimiser(const Recipe& o) {
  return {o.optimisers.points_optimizer,
          o.optimisers.points_weight_decay,
          o.optimisers.points_momentum,
          1,
          o.optimisers.clip_gradient_norm};
}

}  // namespace

struct Trainer::Impl {
  Impl(std::shared_ptr<const TrainingSource> from,
       Networks start,
       const Recipe& chosen,
       std::shared_ptr<TrainingMethod> what,
       std::shared_ptr<ProcessGroup> others)
      : source(std::move(from)),
        networks(std::move(start)),
        options(chosen),
        method(std::move(what)),
        group(std::move(others)),
        loader(std::make_shared<const BatchMaker>(
                   source, options, networks.inputs(), RankShare{group->rank(), group->size()}),
               options.execution.loader_threads) {}

  std::shared_ptr<const TrainingSource> source;
  Networks networks;
  Recipe options;
  std::shared_ptr<TrainingMethod> method;
  std::shared_ptr<ProcessGroup> group;
  BatchLoader loader;

  TrainingPhase phase;
  PhasePosition position;
  std::optional<NetworkOptimiser> image_optimiser;  ///< None where the phase does not train the network.
  std::optional<NetworkOptimiser> points_optimiser;
  std::unique_ptr<GradientBuckets> buckets;  ///< Of all parameters of the phase.
  TrainingBatch batch;
  double waited_s = 0;

  [[nodiscard]] const at::Device& device() { return networks.impl().device; }
  [[nodiscard]] double fractionDone() const { return static_cast<double>(position.step) / position.num_steps; }

  void joinNetworks();
  void enterPhase(const PhasePosition& at);
  void makeOptimisers();
  Status takeBatch();
  void prepareStep(std::map<std::string, double>& values);
  Losses losses();
  std::map<std::string, double> averaged(const Losses& computed) const;
  Result<std::map<std::string, double>> step();
};

void Trainer::Impl::enterPhase(const PhasePosition& at) {
  const auto& phases = method->phases();
  const auto found = std::ranges::find(phases, at.phase, &TrainingPhase::name);
  if (found == phases.end()) throw std::logic_error(fmt::format("Trainer: there is no phase '{}'", at.phase));
  phase = *found;
  position = at;
  method->beginPhase(phase);
  makeOptimisers();
}

void Trainer::Impl::makeOptimisers() {
  image_optimiser.reset();
  points_optimiser.reset();
  if (phase.image_lr) image_optimiser.emplace(*networks.impl().image, imageOptimiser(options));
  if (phase.points_lr) points_optimiser.emplace(*networks.impl().points, pointsOptimiser(options));
  std::vector<at::Tensor> parameters;
  const auto add = [&](const Network& network) {
    for (const auto& [name, tensor] : network.namedTensors()) {
      if (tensor.requires_grad()) parameters.push_back(tensor);
    }
  };
  if (image_optimiser) add(*networks.impl().image);
  if (points_optimiser) add(*networks.impl().points);
  buckets.reset();  // Remove the hooks of the previous phase first.
  buckets = std::make_unique<GradientBuckets>(group, std::move(parameters));
}

/// All ranks start with the same weights and synchronise batch normalisation.
void Trainer::Impl::joinNetworks() {
  if (group->isAlone()) return;
  std::vector<at::Tensor> tensors;
  for (const Network* network : {static_cast<const Network*>(networks.impl().image.get()),
                                 static_cast<const Network*>(networks.impl().points.get())}) {
    for (const auto& [name, tensor] : network->namedTensors()) tensors.push_back(tensor);
  }
  broadcastFrom(*group, 0, tensors);
  shareStatistics(*networks.impl().image, group);
  shareStatistics(*networks.impl().points, group);
}

Status Trainer::Impl::takeBatch() {
  const auto begin = std::chrono::steady_clock::now();
  TAGSCAPE_ASSIGN(batch, loader.next());
  waited_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  batch.moveTo(device());
  return {};
}

void Trainer::Impl::prepareStep(std::map<std::string, double>& values) {
  method->prepareStep(position, networks.impl());
  // Dropout uses LibTorch's generator, so it is seeded by the step as well.
  Random random = Random(options.general.seed).fork(fmt::format("{} {}", position.phase, position.step));
  if (!group->isFirst()) random = random.fork(fmt::format("rank {}", group->rank()));
  at::manual_seed(random.next());
  networks.impl().image->setTraining(true);
  networks.impl().points->setTraining(true);
  if (image_optimiser) {
    values["lr_2d"] = scheduledRate(options.optimisers.image_schedule, *phase.image_lr, fractionDone());
    image_optimiser->setRate(values["lr_2d"]);
    image_optimiser->zeroGradients();
  }
  if (points_optimiser) {
    values["lr_3d"] = scheduledRate(options.optimisers.points_schedule, *phase.points_lr, fractionDone());
    points_optimiser->setRate(values["lr_3d"]);
    points_optimiser->zeroGradients();
    if (options.optimisers.batch_norm_schedule) {
      networks.impl().points->setBatchNormMomentum(scheduledBatchNormMomentum(fractionDone()));
    }
  }
}

Losses Trainer::Impl::losses() {
  NetworkOutput image, points;
  if (phase.image_lr) image = networks.impl().image->forward(batch.images);
  if (phase.points_lr) points = networks.impl().points->forward(batch.clouds);
  Losses losses;
  at::Tensor total;
  for (LossTerm& term : method->losses({position, batch, image, points})) {
    total = total.defined() ? total + term.weight * term.loss : term.weight * term.loss;
    losses[term.name] = std::move(term.loss);
  }
  losses["loss_total"] = total;
  return losses;
}

/// Each rank has its share of every loss; their average is the loss of the whole batch, on all ranks alike.
std::map<std::string, double> Trainer::Impl::averaged(const Losses& computed) const {
  std::vector<at::Tensor> own;
  for (const auto& [name, loss] : computed) own.push_back(loss.detach().to(at::kCPU, at::kDouble));
  const at::Tensor sums = sumOverRanks(*group, at::stack(own));
  std::map<std::string, double> values;
  std::int64_t next = 0;
  for (const auto& [name, loss] : computed) values[name] = sums[next++].item<double>() / group->size();
  return values;
}

Result<std::map<std::string, double>> Trainer::Impl::step() {
  std::map<std::string, double> values;
  prepareStep(values);
  TAGSCAPE_TRY(takeBatch());
  const Losses computed = losses();
  std::string listing;
  for (const auto& [name, loss] : averaged(computed)) {
    values[name] = loss;
    listing += fmt::format(" {} = {}", name, loss);
  }
  if (!std::isfinite(values["loss_total"])) {
    return fail(ErrorCode::Internal,
                fmt::format("the loss is not finite at step {} of phase {}:{}. Lower the learning rates ({}).",
                            position.step,
                            position.phase,
                            listing,
                            "image_lr, points_lr, joint_image_lr, joint_points_lr"));
  }
  computed.at("loss_total").backward();
  buckets->finish();
  if (image_optimiser) values["grad_norm_2d"] = image_optimiser->step();
  if (points_optimiser) values["grad_norm_3d"] = points_optimiser->step();
  ++position.step;
  return values;
}

Trainer::Trainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

Result<Trainer> Trainer::create(std::shared_ptr<const TrainingSource> source,
                                Networks networks,
                                const Recipe& options,
                                std::shared_ptr<TrainingMethod> method,
                                std::shared_ptr<ProcessGroup> group) {
  TAGSCAPE_TRY(checkRecipe(options));
  if (source->data().numFrames() == 0) return fail(ErrorCode::InvalidInput, "there is no frame to train on");
  TAGSCAPE_TRY(checkHeads(*networks.impl().image, method->heads().image, "image_network"));
  TAGSCAPE_TRY(checkHeads(*networks.impl().points, method->heads().points, "point_network"));
  auto impl =
      std::make_unique<Impl>(std::move(source), std::move(networks), options, std::move(method), std::move(group));
  try {
    impl->joinNetworks();
  } catch (const std::exception& failure) {
    return fail(torchFailure("sharing the first weights", failure, "image_width or points_width"));
  }
  return Trainer(std::move(impl));
}

void Trainer::beginPhase(const std::string& phase, int num_steps) {
  impl_->enterPhase({phase, 0, std::max(1, num_steps)});
  impl_->loader.start(impl_->phase.batch, 0);
}

void Trainer::setPhaseSteps(int num_steps) {
  impl_->position.num_steps = std::max(num_steps, impl_->position.step + 1);
}

double Trainer::waited_s() const { return impl_->waited_s; }

const PhasePosition& Trainer::position() const { return impl_->position; }

Result<std::map<std::string, double>> Trainer::step() {
  try {
    return impl_->step();
  } catch (const std::exception& failure) {
    return fail(torchFailure(fmt::format("computing step {} of phase {}", impl_->position.step, impl_->position.phase),
                             failure,
                             "image_batch, points_batch, joint_batch, crop_px or points_per_cloud"));
  }
}

TensorFile Trainer::state() const {
  TensorFile file;
  if (impl_->image_optimiser) impl_->image_optimiser->store("image", file);
  if (impl_->points_optimiser) impl_->points_optimiser->store("points", file);
  impl_->method->store(file);
  return file;
}

Status Trainer::resume(const PhasePosition& position, const TensorFile& state, const std::filesystem::path& name) {
  impl_->enterPhase(position);
  // There is no state before the first step.
  if (position.step > 0) {
    if (impl_->image_optimiser) TAGSCAPE_TRY(impl_->image_optimiser->restore("image", state, name));
    if (impl_->points_optimiser) TAGSCAPE_TRY(impl_->points_optimiser->restore("points", state, name));
    TAGSCAPE_TRY(impl_->method->restore(state, name, impl_->device()));
  }
  impl_->loader.start(impl_->phase.batch, position.step);
  return {};
}

TensorFile Trainer::lastBatch() const {
  TensorFile file;
  for (const auto& [name, tensor] : impl_->batch.named()) file.tensors[name] = toBlob(tensor);
  return file;
}

Networks& Trainer::networks() { return impl_->networks; }

}  // namespace tagscape
