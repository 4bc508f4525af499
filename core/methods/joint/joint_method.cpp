#include "core/methods/joint/joint_losses_torch.h"
#include "core/methods/joint/joint_method_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr const char* kImage = "image";
constexpr const char* kPoints = "points";
constexpr const char* kJoint = "joint";

/// One over the fraction of scenes that are tagged with a class, with a mean of 1 over the classes that occur.
at::Tensor inverseFrequencies(const TrainingData& data) {
  std::vector<float> counts(kNumClasses, 0.F);
  for (const PreparedScene& scene : data.scenes) {
    for (std::size_t c = 0; c < kNumClasses; ++c) counts[c] += scene.tags[c] ? 1.F : 0.F;
  }
  const at::Tensor fractions = at::tensor(counts) / static_cast<double>(data.scenes.size());
  const at::Tensor occurs = fractions.gt(0).to(at::kFloat);
  const at::Tensor weights = occurs / fractions.clamp_min(1e-6);
  return weights * occurs.sum() / weights.sum();
}

}  // namespace

JointMethod::JointMethod(const Recipe& options,
                         std::shared_ptr<const TrainingSource> source,
                         std::shared_ptr<ProcessGroup> group)
    : options_(options), phases_(phasesOf(options)), source_(std::move(source)), group_(std::move(group)) {
  if (options_.phases.class_reweighting == ClassReweighting::Frequency)
    class_weights_ = inverseFrequencies(source_->data());
}

std::vector<TrainingPhase> JointMethod::phasesOf(const Recipe& o) {
  return {{kImage,
           o.phases.image_steps,
           {.stream = kImage, .num_images = o.phases.image_batch},
           o.optimisers.image_lr,
           std::nullopt},
          {kPoints,
           o.phases.points_steps,
           {.stream = kPoints, .num_clouds = o.phases.points_batch, .frame_bags = o.points.frame_bags},
           std::nullopt,
           o.optimisers.points_lr},
          {kJoint,
           o.phases.joint_steps,
           {.stream = kJoint,
            .num_clouds = o.phases.joint_batch,
            .frames_per_cloud = o.phases.frames_per_cloud,
            .frame_bags = o.points.frame_bags,
            .with_superpoints = o.labels.views == LabelViews::Multi},
           o.optimisers.joint_image_lr,
           o.optimisers.joint_points_lr}};
}

NetworkHeads JointMethod::heads() const {
  return {{std::string(kLogits)}, {std::string(kLogits), std::string(kFeatures)}};
}

bool JointMethod::pointsTeach(const PhasePosition& position) const {
  return options_.points_teach_images.weight_3d_to_2d > 0 &&
         position.step >= options_.points_teach_images.warmup_fraction * position.num_steps;
}

void JointMethod::beginPhase(const TrainingPhase& phase) {
  pseudo_labels_.reset();
  if (phase.name == kJoint) pseudo_labels_ = makePseudoLabelSource(options_, source_, group_);
}

void JointMethod::prepareStep(const PhasePosition& position, Networks::Impl& networks) {
  if (options_.phases.class_reweighting == ClassReweighting::Frequency)
    class_weights_ = class_weights_.to(networks.device);
  const bool labels_teach_images =
      options_.points_teach_images.weight_3d_to_2d > 0 && options_.points_teach_images.refinement == Refinement::Labels;
  if (pseudo_labels_ && (imagesTeach() || labels_teach_images))
    pseudo_labels_->prepare(position.step, position.num_steps, networks);
}

/// Scene tags for whole clouds and, with frame bags, frame tags for the points that a frame sees.
at::Tensor JointMethod::pointClassification(const StepInput& input) const {
  const BagLogits bags = bagLogits(input.points.logits(), input.batch);
  return multiLabelLoss(bags.logits, bags.tags, class_weights_, *group_);
}

std::vector<LossTerm> JointMethod::losses(const StepInput& input) const {
  std::vector<LossTerm> terms;
  if (input.image.has(kLogits)) {
    const at::Tensor pooled = input.image.logits().mean({2, 3});
    terms.push_back({"loss_2d_cls", multiLabelLoss(pooled, input.batch.image_tags, {}, *group_)});
  }
  if (input.points.has(kLogits)) terms.push_back({"loss_3d_cls", pointClassification(input)});
  if (!pseudo_labels_) return terms;
  const JointOutput output{input.image, input.points, input.batch.matches, input.batch.cloud_numbers};
  if (imagesTeach()) {
    terms.push_back({"loss_2d_to_3d",
                     imageToPointsLoss(output, *pseudo_labels_, options_, *group_),
                     options_.images_teach_points.weight_2d_to_3d});
  }
  if (pointsTeach(input.position)) {
    terms.push_back({"loss_3d_to_2d",
                     pointsToImageLoss(output, *pseudo_labels_, options_, *group_),
                     options_.points_teach_images.weight_3d_to_2d});
  }
  return terms;
}

void JointMethod::store(TensorFile& file) const {
  if (pseudo_labels_) pseudo_labels_->store(file);
}

Status JointMethod::restore(const TensorFile& file, const std::filesystem::path& name, const at::Device& device) {
  return pseudo_labels_ ? pseudo_labels_->restore(file, name, device) : Status();
}

}  // namespace tagscape
