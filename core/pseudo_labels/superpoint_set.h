#pragma once

#include "core/pseudo_labels/tag_constraints.h"

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <functional>
#include <span>
#include <vector>

namespace tagscape {

/// Weights of the neighbours (columns) of S superpoints (rows): rows of sum 1, or 0 without neighbours.
using SuperpointAdjacency = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// The evidence for the labels of a scene's S superpoints.
struct SuperpointSet {
  Eigen::MatrixXd features;              ///< [S, D], the same D features for all scenes.
  ClassRows frame_logits;                ///< [S, C] by the image network's predictions in all frames and their tags.
  ClassRows tag_logits;                  ///< [S, C] by the frames' tags alone.
  Eigen::VectorXd sizes;                 ///< [S] in points; 0 for those that no frame shows.
  SuperpointAdjacency adjacency;         ///< [S, S], for mlpLabels; left empty otherwise.
  std::vector<FrameSuperpoints> frames;  ///< Those that show any superpoint.
};

/// The extent of a superpoint: mean and covariance of its points, in m and m².
struct SuperpointShape {
  Eigen::Vector3d centre_m = Eigen::Vector3d::Zero();
  Eigen::Matrix3d covariance_m2 = Eigen::Matrix3d::Zero();
  double size = 0;  ///< In points; 0 for an unused number: it has no neighbours.
};

/// Superpoints whose ellipsoids come within reach of each other are neighbours, weighted by exp(-d² / 2) sqrt(size of
/// the neighbour), d the Mahalanobis distance under the sum of both covariances and `reach_m`². Pairs with d > 3 are
/// not neighbours. Cost: by the pairs whose extents in x overlap; 10,000 superpoints of a floor take seconds at most.
[[nodiscard]] SuperpointAdjacency adjacencyOf(std::span<const SuperpointShape> superpoints, double reach_m = .1);

/// Features of superpoints, by scene [S, D], standardised to mean 0 and deviation 1 over all superpoints that frames
/// show.
[[nodiscard]] std::vector<Eigen::MatrixXd> standardised(std::vector<Eigen::MatrixXd> features,
                                                        const std::vector<SuperpointSet>& scenes);
/// The features of all scenes, standardised.
[[nodiscard]] std::vector<Eigen::MatrixXd> standardisedFeatures(const std::vector<SuperpointSet>& scenes);

/// Labels superpoints by the frames that show them, subject to their tags; see enforceMinTagArea.
/// @return for each scene [S, C] probabilities; rows of superpoints that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> frameLabels(const std::vector<SuperpointSet>& scenes, double min_tag_area);

/// How the output of a classifier of features is combined with the tags of frames.
struct FusionOptions {
  double min_tag_area = 0;     ///< As enforceMinTagArea.
  double weight = 1;           ///< Of the classifier's log-probabilities.
  double label_smoothing = 0;  ///< Of the classifier's probabilities: this much is spread over all classes.
};

/// Labels superpoints by a classifier of their features: softmax(tag_logits + weight * log(smoothed probability)),
/// subject to the minimal area of tags.
/// @param classify  gives the [S, C] probabilities of scene i; called from several threads.  @return as frameLabels.
[[nodiscard]] std::vector<ClassRows> fusedLabels(const std::vector<SuperpointSet>& scenes,
                                                 const std::function<ClassRows(std::size_t i)>& classify,
                                                 const FusionOptions& fusion);

}  // namespace tagscape
