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

/// The kind at a place of [0, 1): bedrooms and living rooms have 22 % of it each, offices 18 %, the others 19 %.
[[nodiscard]] RoomKind roomKindAt(double quantile);

/// A furnished room, floor at z = 0, its middle at the origin, without a ceiling (as people seldom scan one).
struct Room {
  RoomKind kind = RoomKind::LivingRoom;
  Model model;
  Eigen::Vector3f size_m;                ///< Inner width, depth, height.
  std::vector<Eigen::Vector3f> focus_m;  ///< What the camera points at: one point per piece of furniture.
  Eigen::Vector3f towards_light;         ///< Unit length.
};

/// A room of the kind: what makes it one (a bed, a toilet) and a draw of what else stands in such rooms. Furniture does
/// not overlap; what finds no place is left out. The same stream gives the same room.
[[nodiscard]] Room furnishRoom(RoomKind kind, const Random& random);

/// A large living room with twelve classes, always the same ones: walls, floor, sofa, a table with chairs, cabinet,
/// bookshelf, door, window, curtain, pictures, a lamp.
[[nodiscard]] Room furnishLivingRoom(const Random& random);

}  // namespace tagscape::synth
