#pragma once

#include "core/base/random.h"
#include "core/synth/furniture.h"

#include <Eigen/Geometry>

#include <optional>
#include <vector>

namespace tagscape::synth {

/// Where a piece may stand.
enum class Place {
  AtWall,  ///< With its back (+y) to one of the four walls.
  Free,    ///< Anywhere, rotated by -90 to 90 degrees.
};

/// The space of a room that is taken by furniture on its floor and walls.
class FloorPlan {
 public:
  /// @param room_size_m  inner width, depth and height; the origin is the centre of the floor.
  explicit FloorPlan(const Eigen::Vector3f& room_size_m) : room_size_m_(room_size_m) {}

  /// Finds a free position for the piece, a few centimetres from all others, and takes it.
  /// @return room_from_piece, or nothing if none was found in a limited number of tries.
  [[nodiscard]] std::optional<Eigen::Isometry3f> place(const Piece& piece, Place where, Random& random);

  /// The bounding boxes of all placed pieces, in order.
  [[nodiscard]] const std::vector<Eigen::AlignedBox3f>& taken() const { return taken_; }

 private:
  [[nodiscard]] std::optional<Eigen::Isometry3f> drawAtWall(const Piece& piece, Random& random) const;
  [[nodiscard]] Eigen::Isometry3f drawFree(const Piece& piece, Random& random) const;

  Eigen::Vector3f room_size_m_;
  std::vector<Eigen::AlignedBox3f> taken_;
};

}  // namespace tagscape::synth
