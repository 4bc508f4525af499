#include "core/synth/placement.h"

#include <algorithm>
#include <array>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;
using Box = Eigen::AlignedBox3f;

constexpr int kTriesPerPiece = 80;
constexpr float kGap_m = .06F;

/// A rotation about z by the angle whose half has the tangent `t`, without libm, to be the same on every machine.
Eigen::Matrix3f turnByHalfTangent(float t) {
  const float cosine = (1 - t * t) / (1 + t * t);
  const float sine = 2 * t / (1 + t * t);
  Eigen::Matrix3f turn;
  turn << cosine, -sine, 0, sine, cosine, 0, 0, 0, 1;
  return turn;
}

/// The turn that brings a piece's +y to one of the four walls: +y, -x, -y, +x.
Eigen::Matrix3f turnToWall(std::uint64_t wall) {
  constexpr std::array<float, 4> kCosine{1, 0, -1, 0};
  constexpr std::array<float, 4> kSine{0, 1, 0, -1};
  Eigen::Matrix3f turn;
  turn << kCosine.at(wall), -kSine.at(wall), 0, kSine.at(wall), kCosine.at(wall), 0, 0, 0, 1;
  return turn;
}

Eigen::Isometry3f poseOf(const Eigen::Matrix3f& turn, const Vector3f& at) {
  Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
  pose.linear() = turn;
  pose.translation() = at;
  return pose;
}

Vector3f halfFootprint(const Piece& piece, const Eigen::Matrix3f& turn) {
  return turn.cwiseAbs() * Vector3f(piece.size_m.x() / 2, piece.size_m.y() / 2, 0);
}

Box spaceOf(const Piece& piece, const Eigen::Isometry3f& room_from_piece) {
  const Vector3f half = halfFootprint(piece, room_from_piece.linear());
  const Vector3f bottom = room_from_piece.translation() + Vector3f(0, 0, piece.bottom_m);
  return {Vector3f(bottom - half), Vector3f(bottom + half + Vector3f(0, 0, piece.size_m.z()))};
}

}  // namespace

std::optional<Eigen::Isometry3f> FloorPlan::place(const Piece& piece, Place where, Random& random) {
  if (piece.bottom_m + piece.size_m.z() > room_size_m_.z()) return std::nullopt;
  for (int i = 0; i < kTriesPerPiece; ++i) {
    auto pose = where == Place::AtWall ? drawAtWall(piece, random) : drawFree(piece, random);
    if (!pose) continue;
    const Box space = spaceOf(piece, *pose);
    const Box wide(Vector3f(space.min().array() - kGap_m), Vector3f(space.max().array() + kGap_m));
    if (std::ranges::any_of(taken_, [&](const Box& other) { return wide.intersects(other); })) continue;
    taken_.push_back(space);
    return pose;
  }
  return std::nullopt;
}

std::optional<Eigen::Isometry3f> FloorPlan::drawAtWall(const Piece& piece, Random& random) const {
  const std::uint64_t wall = random.below(4);
  const bool along_x = wall % 2 == 0;
  const float length = along_x ? room_size_m_.x() : room_size_m_.y();
  const float distance = along_x ? room_size_m_.y() : room_size_m_.x();
  const float reach = (length - piece.size_m.x()) / 2 - .03F;
  if (reach < 0 || piece.size_m.y() > distance) return std::nullopt;
  const auto shift = static_cast<float>(random.uniform(-reach, reach));
  const Eigen::Matrix3f turn = turnToWall(wall);
  return poseOf(turn, turn * Vector3f(shift, (distance - piece.size_m.y()) / 2, 0));
}

Eigen::Isometry3f FloorPlan::drawFree(const Piece& piece, Random& random) const {
  const Eigen::Matrix3f turn = turnByHalfTangent(static_cast<float>(random.uniform(-1, 1)));
  const Vector3f reach = (room_size_m_ / 2 - halfFootprint(piece, turn)).cwiseMax(0.F);
  const auto x = static_cast<float>(random.uniform(-reach.x(), reach.x()));
  const auto y = static_cast<float>(random.uniform(-reach.y(), reach.y()));
  return poseOf(turn, {x, y, 0});
}

}  // namespace tagscape::synth
