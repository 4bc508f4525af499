#include "core/train/trainer.h"

#include "core/distributed/gradient_buckets_torch.h"
#include "core/distributed/process_group_torch.h"
#include "core/distributed/torch_failure.h"
#include "core/nn/shared_statistics_torch.h"
#include "core/nn/weights_torch.h"
#include "core/recipe/recipe_check.h"
#include "core/train/batch_loader_torch.h"
#include "core/train/joint_losses_torch.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/network_optimiser_torch.h"
#include "core/train/networks_torch.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>

namespace tagscape {
namespace {

using Losses = std::map<std::string, at::Tensor>;

constexpr const char* kLifted = "lifted_labels";
constexpr int kLiftRounds = 4;  // How often in a joint phase all points are labelled anew.

/// One over the share of scenes that are tagged with a class, with a mean of 1 over the classes that occur.
at::Tensor frequencyWeights(const TrainingData& data) {
  std::vector<float> counts(kNumClasses, 0.F);
  for (const PreparedScene& scene : data.scenes) {
    for (std::size_t c = 0; c < kNumClasses; ++c) counts[c] += scene.tags[c] ? 1.F : 0.F;
  }
  const at::Tensor shares = torch::tensor(counts) / static_cast<double>(data.scenes.size());
  const at::Tensor occurs = shares.gt(0).to(torch::kFloat);
  const at::Tensor weights = occurs / shares.clamp_min(1e-6);
  return weights * occurs.sum() / weights.sum();
}

at::Tensor tensorOf(const TensorBlob& blob) {
  at::Tensor tensor = torch::empty(blob.shape, torch::kFloat);
  std::memcpy(tensor.data_ptr(), blob.bytes.data(), blob.bytes.size());
  return tensor;
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
       std::shared_ptr<ProcessGroup> others)
      : source(std::move(from)),
        networks(std::move(start)),
        options(chosen),
        group(std::move(others)),
        loader(std::make_shared<const BatchMaker>(
                   source, options, networks.inputs(), RankShare{group->rank(), group->size()}),
               options.execution.loader_threads) {
    if (options.phases.class_reweighting == ClassReweighting::Frequency)
      class_weights = frequencyWeights(source->data()).to(device());
  }

  std::shared_ptr<const TrainingSource> source;
  Networks networks;
  Recipe options;
  std::shared_ptr<ProcessGroup> group;
  BatchLoader loader;
  at::Tensor class_weights;  ///< Of the 3D classification loss; undefined for 1.

  PhasePosition position;
  std::optional<NetworkOptimiser> image_optimiser;  ///< None where the phase has no use for it.
  std::optional<NetworkOptimiser> points_optimiser;
  std::unique_ptr<GradientBuckets> buckets;  ///< Of all parameters of the phase.
  LiftedLabels lifted;
  TrainingBatch batch;
  double waited_s = 0;

  [[nodiscard]] const at::Device& device() { return networks.impl().device; }
  [[nodiscard]] double shareDone() const { return static_cast<double>(position.step) / position.num_steps; }
  /// Whether the points teach the image network yet: they must have learnt something themselves.
  [[nodiscard]] bool pointsTeach() const {
    return options.points_teach_images.weight_3d_to_2d > 0 &&
           position.step >= options.points_teach_images.warmup_fraction * position.num_steps;
  }
  [[nodiscard]] bool imagesTeach() const { return options.images_teach_points.weight_2d_to_3d > 0; }
  /// Whether anything is learnt from what all frames say of points.
  [[nodiscard]] bool usesLifted() const {
    const bool by_images =
        options.points_teach_images.weight_3d_to_2d > 0 && options.points_teach_images.refinement == Refinement::Labels;
    return position.phase == Phase::Joint && options.labels.views == LabelViews::Multi && (imagesTeach() || by_images);
  }
  /// Whether all points are to be labelled anew before this step.
  [[nodiscard]] bool isTimeToLift() const;

  void joinNetworks();
  void makeOptimisers();
  Status takeBatch();
  void prepareStep(std::map<std::string, double>& values);
  at::Tensor imageClassification(const NetworkOutput& image) const;
  at::Tensor pointClassification(const NetworkOutput& points) const;
  Losses jointLosses(const NetworkOutput& image, const NetworkOutput& points);
  Losses losses();
  std::map<std::string, double> averaged(const Losses& computed) const;
  Result<std::map<std::string, double>> step();
};

bool Trainer::Impl::isTimeToLift() const {
  if (!usesLifted()) return false;
  const auto roundOf = [&](int step) { return static_cast<std::int64_t>(step) * kLiftRounds / position.num_steps; };
  return lifted.empty() || roundOf(position.step) != roundOf(position.step - 1);
}

void Trainer::Impl::makeOptimisers() {
  image_optimiser.reset();
  points_optimiser.reset();
  if (position.phase != Phase::Points) image_optimiser.emplace(*networks.impl().image, imageOptimiser(options));
  if (position.phase != Phase::Image) points_optimiser.emplace(*networks.impl().points, pointsOptimiser(options));
  std::vector<at::Tensor> parameters;
  const auto add = [&](const Network& network) {
    for (const auto& [name, tensor] : network.namedTensors()) {
      if (tensor.requires_grad()) parameters.push_back(tensor);
    }
  };
  if (image_optimiser) add(*networks.impl().image);
  if (points_optimiser) add(*networks.impl().points);
  buckets.reset();  // The hooks of the old ones first.
  buckets = std::make_unique<GradientBuckets>(group, std::move(parameters));
}

/// All ranks begin with the same weights and normalise their batches together.
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
  if (isTimeToLift()) lifted = LiftedLabels::computeByFirst(*group, networks.impl(), *source, options);
  // Dropout draws from torch's own generator: what it gives must follow from the step's number, too.
  Random random = Random(options.general.seed).fork(fmt::format("{} {}", nameOf(position.phase), position.step));
  if (!group->isFirst()) random = random.fork(fmt::format("rank {}", group->rank()));
  at::manual_seed(random.next());
  networks.impl().image->setTraining(true);
  networks.impl().points->setTraining(true);
  if (image_optimiser) {
    const double initial =
        position.phase == Phase::Image ? options.optimisers.image_lr : options.optimisers.joint_image_lr;
    values["lr_2d"] = scheduledRate(options.optimisers.image_schedule, initial, shareDone());
    image_optimiser->setRate(values["lr_2d"]);
    image_optimiser->zeroGradients();
  }
  if (points_optimiser) {
    const double initial =
        position.phase == Phase::Points ? options.optimisers.points_lr : options.optimisers.joint_points_lr;
    values["lr_3d"] = scheduledRate(options.optimisers.points_schedule, initial, shareDone());
    points_optimiser->setRate(values["lr_3d"]);
    points_optimiser->zeroGradients();
    if (options.optimisers.batch_norm_schedule) {
      networks.impl().points->setBatchNormMomentum(scheduledBatchNormMomentum(shareDone()));
    }
  }
}

at::Tensor Trainer::Impl::imageClassification(const NetworkOutput& image) const {
  if (options.phases.supervision == Supervision::Tags)
    return multiLabelLoss(image.maps.mean({2, 3}), batch.image_tags, {}, *group);
  const at::Tensor logits =
      at::upsample_bilinear2d(image.maps, {options.images.crop_px, options.images.crop_px}, /*align_corners=*/false);
  return supervisedLoss(logits.permute({0, 2, 3, 1}).flatten(0, 2), batch.image_labels.flatten(), *group);
}

/// Scene tags for whole clouds and, with frame bags, frame tags for the points that a frame sees.
at::Tensor Trainer::Impl::pointClassification(const NetworkOutput& points) const {
  if (options.phases.supervision != Supervision::Tags)
    return supervisedLoss(points.maps.flatten(0, 1), batch.point_labels, *group);
  at::Tensor pooled = points.maps.mean(1);
  at::Tensor tags = batch.scene_tags;
  const PointBags& bags = batch.bags;
  if (!bags.empty()) {
    const at::Tensor chosen = points.maps.flatten(0, 1).index_select(0, bags.rows) * bags.shares.unsqueeze(1);
    const at::Tensor means =
        at::zeros({bags.tags.size(0), kNumClasses}, chosen.options()).index_add(0, bags.bags, chosen);
    pooled = at::cat({pooled, means});
    tags = at::cat({tags, bags.tags});
  }
  return multiLabelLoss(pooled, tags, class_weights, *group);
}

Losses Trainer::Impl::jointLosses(const NetworkOutput& image, const NetworkOutput& points) {
  Losses losses;
  const at::Tensor shares = lifted.empty() ? at::Tensor() : lifted.of(batch.cloud_numbers);
  if (imagesTeach()) {
    losses["loss_2d_to_3d"] = shares.defined() ? liftedLabelLoss(points, shares, options, *group)
                                               : imageToPointsLoss(image, points, batch.matches, options, *group);
  }
  if (pointsTeach()) {
    losses["loss_3d_to_2d"] = pointsToImageLoss(image, points, batch.matches, options, shares, *group);
  }
  return losses;
}

Losses Trainer::Impl::losses() {
  Losses losses;
  NetworkOutput image, points;
  at::Tensor total;
  const auto add = [&](const char* name, at::Tensor loss, double weight) {
    total = total.defined() ? total + weight * loss : weight * loss;
    losses[name] = std::move(loss);
  };
  if (position.phase != Phase::Points) {
    image = networks.impl().image->forward(batch.images);
    add("loss_2d_cls", imageClassification(image), 1);
  }
  if (position.phase != Phase::Image) {
    points = networks.impl().points->forward(batch.clouds);
    add("loss_3d_cls", pointClassification(points), 1);
  }
  if (position.phase == Phase::Joint) {
    for (auto& [name, loss] : jointLosses(image, points)) {
      add(name.c_str(),
          loss,
          name == "loss_2d_to_3d" ? options.images_teach_points.weight_2d_to_3d
                                  : options.points_teach_images.weight_3d_to_2d);
    }
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
  std::int64_t place = 0;
  for (const auto& [name, loss] : computed) values[name] = sums[place++].item<double>() / group->size();
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
                            nameOf(position.phase),
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
                                std::shared_ptr<ProcessGroup> group) {
  TAGSCAPE_TRY(checkRecipe(options));
  if (source->data().numFrames() == 0) return fail(ErrorCode::InvalidInput, "there is no frame to train on");
  auto impl = std::make_unique<Impl>(std::move(source), std::move(networks), options, std::move(group));
  try {
    impl->joinNetworks();
  } catch (const std::exception& failure) {
    return fail(torchFailure("sharing the first weights", failure, "image_width or points_width"));
  }
  return Trainer(std::move(impl));
}

void Trainer::beginPhase(Phase phase, int num_steps) {
  impl_->position = {phase, 0, std::max(1, num_steps)};
  impl_->lifted = {};
  impl_->makeOptimisers();
  impl_->loader.start(phase, 0);
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
    return fail(
        torchFailure(fmt::format("computing step {} of phase {}", impl_->position.step, nameOf(impl_->position.phase)),
                     failure,
                     "image_batch, points_batch, joint_batch, crop_px or points_per_cloud"));
  }
}

TensorFile Trainer::state() const {
  TensorFile file;
  if (impl_->image_optimiser) impl_->image_optimiser->store("image", file);
  if (impl_->points_optimiser) impl_->points_optimiser->store("points", file);
  if (!impl_->lifted.empty()) file.tensors[kLifted] = toBlob(impl_->lifted.packed());
  return file;
}

Status Trainer::resume(const PhasePosition& position, const TensorFile& state, const std::filesystem::path& name) {
  impl_->position = position;
  impl_->lifted = {};
  impl_->makeOptimisers();
  // Before the first step an optimiser remembers nothing.
  if (position.step > 0) {
    if (impl_->image_optimiser) TAGSCAPE_TRY(impl_->image_optimiser->restore("image", state, name));
    if (impl_->points_optimiser) TAGSCAPE_TRY(impl_->points_optimiser->restore("points", state, name));
    if (const auto found = state.tensors.find(kLifted); found != state.tensors.end()) {
      const TensorBlob& blob = found->second;
      if (blob.dtype != "F32" || blob.shape.size() != 4 || blob.shape[3] != kNumClasses ||
          blob.shape[0] != static_cast<std::int64_t>(impl_->source->data().scenes.size())) {
        return failFile(ErrorCode::InvalidInput,
                        name,
                        "'lifted_labels' is of other scenes",
                        "Resume with the scenes and options the run was started with.");
      }
      impl_->lifted = LiftedLabels::unpacked(tensorOf(blob).to(impl_->device()));
    }
  }
  impl_->loader.start(position.phase, position.step);
  return {};
}

TensorFile Trainer::lastBatch() const {
  TensorFile file;
  for (const auto& [name, tensor] : impl_->batch.named()) file.tensors[name] = toBlob(tensor);
  return file;
}

Networks& Trainer::networks() { return impl_->networks; }

}  // namespace tagscape
