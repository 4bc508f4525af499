#include "core/distributed/process_group_torch.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/segment_appearance.h"
#include "core/train/segment_evidence_torch.h"
#include "core/train/segment_network.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

using CloudShares = std::vector<at::Tensor>;  ///< Of a scene: of each cloud [N, C].

/// Every point of each cloud by its segment.
CloudShares ofSegments(const ClassRows& shares, const PreparedScene& scene) {
  const at::Tensor by_segment =
      at::from_blob(const_cast<double*>(shares.data()), {shares.rows(), kNumClasses}, at::kDouble).to(at::kFloat);
  CloudShares lifted;
  for (const PreparedCloud& cloud : scene.clouds) {
    const std::vector<std::int64_t> segments(cloud.segments.begin(), cloud.segments.end());
    lifted.push_back(by_segment.index_select(0, at::tensor(segments, at::kLong)));
  }
  return lifted;
}

std::vector<ClassRows> labelsOfSegments(const std::vector<SceneSegments>& scenes, const Recipe& options) {
  AppearanceOptions appearance;
  appearance.belief.least_share = options.labels.min_tag_area;
  std::vector<ClassRows> shares = options.labels.superpoint_lda ? labelsByAppearance(scenes, appearance)
                                                                : labelsByFrames(scenes, options.labels.min_tag_area);
  if (!options.labels.superpoint_mlp) return shares;
  SegmentNetworkOptions network;
  network.belief.least_share = options.labels.min_tag_area;
  network.seed = options.general.seed;
  return labelsByNetwork(scenes, std::move(shares), network);
}

std::vector<CloudShares> liftToSegments(const TrainingData& data, Networks::Impl& networks, const Recipe& options) {
  std::vector<SceneSegments> evidence;
  for (const PreparedScene& scene : data.scenes) evidence.push_back(segmentEvidence(scene, networks, options));
  const std::vector<ClassRows> shares = labelsOfSegments(evidence, options);
  std::vector<CloudShares> lifted;
  for (std::size_t i = 0; i < data.scenes.size(); ++i) lifted.push_back(ofSegments(shares[i], data.scenes[i]));
  return lifted;
}

}  // namespace

LiftedLabels LiftedLabels::compute(Networks::Impl& networks, const TrainingSource& source, const Recipe& options) {
  const at::NoGradGuard no_grad;
  networks.image->setTraining(false);
  networks.points->setTraining(false);
  LiftedLabels lifted;
  lifted.clouds_ = liftToSegments(source.data(), networks, options);
  for (auto& clouds : lifted.clouds_) {
    for (at::Tensor& shares : clouds) shares = shares.to(networks.device);
  }
  return lifted;
}

LiftedLabels LiftedLabels::computeByFirst(const ProcessGroup& group,
                                          Networks::Impl& networks,
                                          const TrainingSource& source,
                                          const Recipe& options) {
  if (group.isAlone()) return compute(networks, source, options);
  at::Tensor shared;
  if (group.isFirst()) {
    shared = compute(networks, source, options).packed();
  } else {
    const auto& scenes = source.data().scenes;
    const auto& clouds = scenes.front().clouds;
    shared = at::empty({static_cast<std::int64_t>(scenes.size()),
                        static_cast<std::int64_t>(clouds.size()),
                        static_cast<std::int64_t>(clouds.front().rows.size()),
                        kNumClasses},
                       at::TensorOptions(at::kFloat).device(networks.device));
  }
  broadcastFrom(group, 0, {shared});
  return unpacked(shared);
}

at::Tensor LiftedLabels::of(const std::vector<std::pair<std::size_t, std::size_t>>& cloud_numbers) const {
  std::vector<at::Tensor> parts;
  for (const auto& [scene, number] : cloud_numbers) parts.push_back(clouds_[scene][number]);
  return at::cat(parts);
}

at::Tensor LiftedLabels::packed() const {
  std::vector<at::Tensor> scenes;
  for (const auto& clouds : clouds_) scenes.push_back(at::stack(clouds));
  return at::stack(scenes);
}

LiftedLabels LiftedLabels::unpacked(const at::Tensor& packed) {
  LiftedLabels lifted;
  for (const at::Tensor& scene : packed.unbind(0)) lifted.clouds_.push_back(scene.unbind(0));
  return lifted;
}

}  // namespace tagscape
