#pragma once

#include <compare>
#include <string_view>

namespace tagscape {

/// A colour layer of the 3D view: the id of a row of the table in ui/render/color_layers.h, as on the command line. Ids
/// are string literals. Only layers that the code refers to are constants here; a new layer needs none.
struct PointLayer {
  std::string_view id = "rgb";

  auto operator<=>(const PointLayer&) const = default;

  static const PointLayer Rgb, Cam, Prediction, Truth, LiftedCam, Disagreement, Confidence, Reason, Error, Superpoints,
      Labels, Coverage, Instances;
};

inline constexpr PointLayer PointLayer::Rgb{"rgb"};
inline constexpr PointLayer PointLayer::Cam{"cam"};
inline constexpr PointLayer PointLayer::Prediction{"prediction"};
inline constexpr PointLayer PointLayer::Truth{"truth"};
inline constexpr PointLayer PointLayer::LiftedCam{"lifted"};
inline constexpr PointLayer PointLayer::Disagreement{"disagreement"};
inline constexpr PointLayer PointLayer::Confidence{"confidence"};
inline constexpr PointLayer PointLayer::Reason{"occlusion"};
inline constexpr PointLayer PointLayer::Error{"error"};
inline constexpr PointLayer PointLayer::Superpoints{"superpoints"};
inline constexpr PointLayer PointLayer::Labels{"labels"};
inline constexpr PointLayer PointLayer::Coverage{"coverage"};
inline constexpr PointLayer PointLayer::Instances{"instances"};

}  // namespace tagscape
