#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/cam/cam_torch.h"
#include "core/dataset/training_source.h"
#include "core/distributed/process_group.h"
#include "core/io/safetensors.h"
#include "core/models/networks_torch.h"
#include "core/pseudo_labels/joint_matches_torch.h"
#include "core/recipe/recipe.h"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace tagscape {

/// Scene and number of a prepared cloud.
using CloudNumbers = std::vector<std::pair<std::size_t, std::size_t>>;

/// The outputs of both networks for a batch, with the matches between pixels and points.
struct JointOutput {
  const NetworkOutput& image;   ///< Of the crops.
  const NetworkOutput& points;  ///< Of the points of all clouds, N.
  const JointMatches& matches;
  const CloudNumbers& clouds;
};

/// Labels of some of a batch's points.
struct PointPseudoLabels {
  at::Tensor rows;      ///< [M] int64, of the points; undefined if all N are labelled, in their order.
  PseudoLabels pseudo;  ///< [M]; confidence 0: the point has no label.
};

/// Provides the labels by which the networks train each other, detached from the gradient.
class PseudoLabelSource {
 public:
  virtual ~PseudoLabelSource() = default;

  /// Called before every step of a phase; may apply the networks and leave them in evaluation mode. All ranks must
  /// call it with the same position.
  virtual void prepare(int step, int num_steps, Networks::Impl& networks) = 0;

  /// Labels that train the point network.
  [[nodiscard]] virtual PointPseudoLabels pointLabels(const JointOutput& output) const = 0;

  /// Labels that train the image network, [U, P], at the pixels of the matches. Without matches [1, 0].
  [[nodiscard]] virtual PseudoLabels pixelLabels(const JointOutput& output) const = 0;

  /// The state from which training continues within a phase. Errors: InvalidInput if it does not fit; `name` is the
  /// file's, for messages.
  virtual void store(TensorFile& file) const = 0;
  [[nodiscard]] virtual Status restore(const TensorFile& file,
                                       const std::filesystem::path& name,
                                       const at::Device& device) = 0;
};

/// The source of the options: SuperpointLabels with views=multi, otherwise SingleViewCamLabels.
[[nodiscard]] std::unique_ptr<PseudoLabelSource> makePseudoLabelSource(const Recipe& options,
                                                                       std::shared_ptr<const TrainingSource> data,
                                                                       std::shared_ptr<ProcessGroup> group);

}  // namespace tagscape
