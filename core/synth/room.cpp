#include "core/synth/room.h"

#include "core/synth/furniture.h"

#include <Eigen/Geometry>

#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

namespace tagscape::synth {
namespace {

using Box = Eigen::AlignedBox3f;

constexpr int kTriesPerPiece = 80;
constexpr int kTriesPerRoom = 200;
constexpr float kGap_m = .06F;

struct Placed {
  Eigen::Isometry3f room_from_piece = Eigen::Isometry3f::Identity();
  Box box;
};

/// A turn by an angle around z whose tangent of the half is `t`: no libm, so the same bits everywhere.
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

Placed placedAt(const Piece& piece, const Eigen::Matrix3f& turn, const Eigen::Vector3f& at) {
  Placed placed;
  placed.room_from_piece.linear() = turn;
  placed.room_from_piece.translation() = at;
  const Eigen::Vector3f half = turn.cwiseAbs() * Eigen::Vector3f(piece.size_m.x() / 2, piece.size_m.y() / 2, 0);
  const Eigen::Vector3f bottom = at + Eigen::Vector3f(0, 0, piece.bottom_m);
  placed.box = Box(bottom - half, bottom + half + Eigen::Vector3f(0, 0, piece.size_m.z()));
  return placed;
}

Placed drawAtWall(const Piece& piece, const Eigen::Vector3f& room_size_m, Random& random) {
  const std::uint64_t wall = random.below(4);
  const bool along_x = wall % 2 == 0;
  const float length = along_x ? room_size_m.x() : room_size_m.y();
  const float distance = (along_x ? room_size_m.y() : room_size_m.x()) / 2;
  const float reach = (length - piece.size_m.x()) / 2 - .03F;
  const auto shift = static_cast<float>(random.uniform(-reach, reach));
  const Eigen::Matrix3f turn = turnToWall(wall);
  return placedAt(piece, turn, turn * Eigen::Vector3f(shift, distance - piece.size_m.y() / 2, 0));
}

Placed drawStandingFree(const Piece& piece, const Eigen::Vector3f& room_size_m, Random& random) {
  const Eigen::Matrix3f turn = turnByHalfTangent(static_cast<float>(random.uniform(-1, 1)));
  const Eigen::Vector3f half = turn.cwiseAbs() * Eigen::Vector3f(piece.size_m.x() / 2, piece.size_m.y() / 2, 0);
  const Eigen::Vector3f reach = (room_size_m / 2 - half).cwiseMax(0.F);
  const auto x = static_cast<float>(random.uniform(-reach.x(), reach.x()));
  const auto y = static_cast<float>(random.uniform(-reach.y(), reach.y()));
  return placedAt(piece, turn, {x, y, 0});
}

/// Pieces in the order of placing; those at walls first, as they have fewer places.
struct Wish {
  Piece piece;
  bool at_wall = true;
};

std::vector<Wish> drawWishes(Random& random) {
  std::vector<Wish> wishes;
  wishes.push_back({buildDoor(random), true});
  wishes.push_back({buildBookshelf(random), true});
  wishes.push_back({buildSofa(random), true});
  wishes.push_back({buildCabinet(random), true});
  wishes.push_back({buildWindow(random), true});
  wishes.push_back({buildCurtain(random), true});
  wishes.push_back({buildPicture(random), true});
  wishes.push_back({buildPicture(random), true});
  wishes.push_back({buildDiningGroup(random), false});
  wishes.push_back({buildChair(random), false});
  wishes.push_back({buildFloorLamp(random), false});
  return wishes;
}

std::optional<Placed> findPlace(const Wish& wish,
                                const Eigen::Vector3f& room_size_m,
                                const std::vector<Box>& taken,
                                Random& random) {
  for (int i = 0; i < kTriesPerPiece; ++i) {
    const Placed placed =
        wish.at_wall ? drawAtWall(wish.piece, room_size_m, random) : drawStandingFree(wish.piece, room_size_m, random);
    Box wide = placed.box;
    wide.extend((wide.min().array() - kGap_m).matrix()).extend((wide.max().array() + kGap_m).matrix());
    bool is_free = true;
    for (const auto& other : taken) is_free = is_free && !wide.intersects(other);
    if (is_free) return placed;
  }
  return std::nullopt;
}

std::optional<Room> tryToFurnish(Random& random) {
  Room room;
  for (int axis = 0; axis < 2; ++axis) room.size_m[axis] = static_cast<float>(random.uniform(4.2, 5));
  room.size_m.z() = static_cast<float>(random.uniform(2.4, 2.6));
  room.model = buildShell(room.size_m, random);
  std::vector<Box> taken;
  for (const auto& wish : drawWishes(random)) {
    const auto placed = findPlace(wish, room.size_m, taken, random);
    if (!placed) return std::nullopt;
    append(room.model, wish.piece.model, placed->room_from_piece);
    room.focus_m.emplace_back(placed->room_from_piece * wish.piece.focus_m);
    taken.push_back(placed->box);
  }
  const Eigen::Vector3f light(
      static_cast<float>(random.uniform(-.6, .6)), static_cast<float>(random.uniform(-.6, .6)), .8F);
  room.towards_light = light / std::sqrt(light.squaredNorm());
  return room;
}

}  // namespace

Room furnishLivingRoom(const Random& random) {
  for (int i = 0; i < kTriesPerRoom; ++i) {
    Random attempt = random.fork("room " + std::to_string(i));
    if (auto room = tryToFurnish(attempt)) return std::move(*room);
  }
  throw std::logic_error(
      "furniture does not fit into any room: the sizes in room.cpp contradict those in furniture.cpp");
}

}  // namespace tagscape::synth
