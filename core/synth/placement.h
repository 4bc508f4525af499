#pragma once

#include "core/base/random.h"
#include "core/synth/furniture.h"

#include <Eigen/Geometry>

#include <optional>
#include <vector>

namespace tagscape::synth {

/// Where a piece may stand.
enum class Place {
  AtWall,  ///< Its back (+y) to one of the four walls.
  Free,    ///< Anywhere, turned by any angle of a quarter turn either way.
};

/// The floor of a room with what already stands on it and hangs on its walls.
class FloorPlan {
 public:
  /// @param room_size_m  Inner width, depth and height; the floor's middle is the origin.
  explicit FloorPlan(const Eigen::Vector3f& room_size_m) : room_size_m_(room_size_m) {}

  /// Finds a place where the piece overlaps nothing (with a gap of a few centimetres) and takes it.
  /// @return room_from_piece, or nothing if none was found in a fair number of tries.
  [[nodiscard]] std::optional<Eigen::Isometry3f> place(const Piece& piece, Place where, Random& random);

  /// The space of every placed piece, in the order of placing.
  [[nodiscard]] const std::vector<Eigen::AlignedBox3f>& taken() const { return taken_; }

 private:
  [[nodiscard]] std::optional<Eigen::Isometry3f> drawAtWall(const Piece& piece, Random& random) const;
  [[nodiscard]] Eigen::Isometry3f drawFree(const Piece& piece, Random& random) const;

  Eigen::Vector3f room_size_m_;
  std::vector<Eigen::AlignedBox3f> taken_;
};

}  // namespace tagscape::synth
