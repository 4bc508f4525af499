#include "core/distributed/process_group_torch.h"
#include "core/pseudo_labels/lda_labels.h"
#include "core/pseudo_labels/lifted_labels_torch.h"
#include "core/pseudo_labels/mlp_labels.h"
#include "core/pseudo_labels/superpoint_evidence_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

using CloudProbabilities = std::vector<at::Tensor>;  ///< Of a scene: of each cloud [N, C].

/// Gives the points of each cloud the values of their superpoints.
CloudProbabilities spreadToPoints(const ClassRows& probabilities, const PreparedScene& scene) {
  const at::Tensor by_superpoint =
      at::from_blob(const_cast<double*>(probabilities.data()), {probabilities.rows(), kNumClasses}, at::kDouble)
          .to(at::kFloat);
  CloudProbabilities lifted;
  for (const PreparedCloud& cloud : scene.clouds) {
    const std::vector<std::int64_t> superpoints(cloud.superpoints.begin(), cloud.superpoints.end());
    lifted.push_back(by_superpoint.index_select(0, at::tensor(superpoints, at::kLong)));
  }
  return lifted;
}

std::vector<ClassRows> classify(const std::vector<SuperpointSet>& scenes, const Recipe& options) {
  LdaOptions lda;
  lda.fusion.min_tag_area = options.labels.min_tag_area;
  std::vector<ClassRows> probabilities =
      options.labels.superpoint_lda ? ldaLabels(scenes, lda) : frameLabels(scenes, options.labels.min_tag_area);
  if (!options.labels.superpoint_mlp) return probabilities;
  MlpOptions mlp;
  mlp.fusion.min_tag_area = options.labels.min_tag_area;
  mlp.seed = options.general.seed;
  return mlpLabels(scenes, std::move(probabilities), mlp);
}

std::int64_t numPoints(const TrainingData& data) {
  std::size_t sum = 0;
  for (const PreparedScene& scene : data.scenes) {
    for (const PreparedCloud& cloud : scene.clouds) sum += cloud.rows.size();
  }
  return static_cast<std::int64_t>(sum);
}

}  // namespace

LiftedLabels LiftedLabels::compute(Networks::Impl& networks, const TrainingSource& source, const Recipe& options) {
  const at::NoGradGuard no_grad;
  networks.image->setTraining(false);
  networks.points->setTraining(false);
  const std::vector<PreparedScene>& scenes = source.data().scenes;
  std::vector<SuperpointSet> superpoints;
  for (const PreparedScene& scene : scenes) superpoints.push_back(superpointEvidence(scene, networks, options));
  const std::vector<ClassRows> probabilities = classify(superpoints, options);
  LiftedLabels lifted;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    lifted.clouds_.push_back(spreadToPoints(probabilities[i], scenes[i]));
    for (at::Tensor& cloud : lifted.clouds_.back()) cloud = cloud.to(networks.device);
  }
  return lifted;
}

LiftedLabels LiftedLabels::computeByFirst(const ProcessGroup& group,
                                          Networks::Impl& networks,
                                          const TrainingSource& source,
                                          const Recipe& options) {
  if (group.isAlone()) return compute(networks, source, options);
  const at::Tensor shared = group.isFirst() ? compute(networks, source, options).packed()
                                            : at::empty({numPoints(source.data()), kNumClasses},
                                                        at::TensorOptions(at::kFloat).device(networks.device));
  broadcastFrom(group, 0, {shared});
  return unpacked(shared, source.data()).value();
}

at::Tensor LiftedLabels::of(const std::vector<std::pair<std::size_t, std::size_t>>& cloud_numbers) const {
  std::vector<at::Tensor> clouds;
  for (const auto& [scene, number] : cloud_numbers) clouds.push_back(clouds_[scene][number]);
  return at::cat(clouds);
}

at::Tensor LiftedLabels::packed() const {
  std::vector<at::Tensor> all;
  for (const auto& clouds : clouds_) all.insert(all.end(), clouds.begin(), clouds.end());
  return at::cat(all);
}

std::optional<LiftedLabels> LiftedLabels::unpacked(const at::Tensor& packed, const TrainingData& data) {
  if (packed.dim() < 2 || packed.size(-1) != kNumClasses || packed.numel() != numPoints(data) * kNumClasses)
    return std::nullopt;
  const at::Tensor rows = packed.reshape({-1, kNumClasses});
  LiftedLabels lifted;
  std::int64_t begin = 0;
  for (const PreparedScene& scene : data.scenes) {
    auto& clouds = lifted.clouds_.emplace_back();
    for (const PreparedCloud& cloud : scene.clouds) {
      const auto size = static_cast<std::int64_t>(cloud.rows.size());
      clouds.push_back(rows.narrow(0, begin, size));
      begin += size;
    }
  }
  return lifted;
}

}  // namespace tagscape
