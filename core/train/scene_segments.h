#pragma once

#include "core/train/tag_constraints.h"

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <functional>
#include <span>
#include <vector>

namespace tagscape {

/// How much each of S segments (rows) has to do with the others that are near it (columns): rows of sum 1, or 0 where
/// nothing is near.
using SegmentNearness = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// What is known of the S segments of a scene before anybody has named one.
struct SceneSegments {
  Eigen::MatrixXd looks;             ///< [S, D] how each looks: any features, the same for all scenes.
  ClassRows said;                    ///< [S, C] logits: what frames say of each, by a network and their tags.
  ClassRows tagged;                  ///< [S, C] logits: by their tags alone.
  Eigen::VectorXd sizes;             ///< [S] in points; 0 for those that no frame shows.
  SegmentNearness near;              ///< [S, S], for labelsByNetwork; left empty otherwise.
  std::vector<SegmentSight> frames;  ///< That show any.
};

/// Where a segment lies: a cloud of points as its mean and covariance, in m and m².
struct SegmentPlace {
  Eigen::Vector3d centre_m = Eigen::Vector3d::Zero();
  Eigen::Matrix3d covariance_m2 = Eigen::Matrix3d::Zero();
  double size = 0;  ///< In points; 0 for one that is not there: it has no neighbours and is nobody's.
};

/// Segments whose ellipsoids come within reach of each other: exp(-d² / 2) of the Mahalanobis distance under the sum of
/// both covariances and `reach_m`², times the root of the neighbour's size. Those of d > 3 are left out.
/// Takes time by the pairs whose extents in x overlap: 10,000 segments of a floor take seconds at most.
[[nodiscard]] SegmentNearness nearnessOf(std::span<const SegmentPlace> segments, double reach_m = .1);

/// Features of segments, by scene [S, D], brought to mean 0 and deviation 1 over all segments that frames show.
[[nodiscard]] std::vector<Eigen::MatrixXd> standardised(std::vector<Eigen::MatrixXd> features,
                                                        const std::vector<SceneSegments>& scenes);
/// The looks of all scenes, standardised.
[[nodiscard]] std::vector<Eigen::MatrixXd> standardisedLooks(const std::vector<SceneSegments>& scenes);

/// Names segments by what frames say of them, within what their tags ask for; see withLeastShares.
/// @return for each scene [S, C] shares; rows of segments that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> labelsByFrames(const std::vector<SceneSegments>& scenes, double least_share);

/// How far what segments look like is believed, beside the tags of frames.
struct LookBelief {
  double least_share = 0;  ///< Of what a frame shows, each of its tags has at least this; see withLeastShares.
  double weight = 1;       ///< Of the looks.
  double doubt = 0;        ///< Shared by all classes, whatever a segment looks like.
};

/// Names segments by shares of classes from their looks, within what tags allow and ask for.
/// @param by_look  of scene i: [S, C] shares.  @return as labelsByFrames.
[[nodiscard]] std::vector<ClassRows> labelsByLooks(const std::vector<SceneSegments>& scenes,
                                                   const std::function<ClassRows(std::size_t i)>& by_look,
                                                   const LookBelief& belief);

}  // namespace tagscape
