#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

#include <array>
#include <string_view>
#include <vector>

namespace tagscape::synth {

enum class RoomKind { Bedroom, LivingRoom, Office, Kitchen, Bathroom };
inline constexpr std::array<RoomKind, 5> kRoomKinds{
    RoomKind::Bedroom, RoomKind::LivingRoom, RoomKind::Office, RoomKind::Kitchen, RoomKind::Bathroom};

/// As in ScanNet's sceneType: "Living room / Lounge".
[[nodiscard]] std::string_view nameOf(RoomKind kind);

/// The kind at a quantile in [0, 1): 22 % each are bedrooms and living rooms, 18 % offices, 19 % each the others.
[[nodiscard]] RoomKind roomKindAt(double quantile);

/// A furnished room without a ceiling, which scans seldom show. The origin is the centre of the floor, z is up.
struct Room {
  RoomKind kind = RoomKind::LivingRoom;
  Model model;
  Eigen::Vector3f size_m;                ///< Inner width, depth, height.
  std::vector<Eigen::Vector3f> focus_m;  ///< What the camera points at: one point for each piece of furniture.
  Eigen::Vector3f towards_light;         ///< Unit length.
};

/// A random room of a kind: its characteristic furniture (a bed, a toilet), and a random choice of what else such rooms
/// contain. Furniture does not overlap; what does not fit is left out. The same stream gives the same room.
[[nodiscard]] Room furnishRoom(RoomKind kind, const Random& random);

/// Puts boxes and cans in the rooms' common paints on free places of the floor: objects of none of the classes, which
/// nobody tags. Fewer than `count` if there is no space.
void addClutter(Room& room, int count, Random random);

/// A large living room with a fixed set of twelve classes: walls, floor, sofa, a table with chairs, cabinet,
/// bookshelf, door, window, curtain, pictures, a lamp.
[[nodiscard]] Room furnishLivingRoom(const Random& random);

}  // namespace tagscape::synth
