#include "core/synth/room.h"

#include "core/scene/class_catalog.h"
#include "core/synth/categories.h"
#include "core/synth/furniture.h"
#include "core/synth/paint.h"
#include "core/synth/placement.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace tagscape::synth {
namespace {

constexpr int kTriesPerRoom = 200;

/// Something that may stand in a room of a kind.
struct Item {
  Piece (*build)(Random&);
  double probability;  ///< Of the rooms of this kind that have it, if there is space.
  Place place = Place::AtWall;
  bool is_needed = false;  ///< Without it the room is furnished again.
};

/// Large furniture first, since it fits in fewer places; doors before furniture that could block them.
constexpr Item kBedroom[] = {
    {buildBed, 1, Place::AtWall, true},
    {buildDoor, .75},
    {buildWardrobe, .45},
    {buildDeskWithChair, .3},
    {buildWindowWithCurtains, .5},
    {buildWindow, .3},
    {buildCabinet, .45},
    {buildBookshelf, .3},
    {buildCurtain, .15},
    {buildTable, .2, Place::Free},
    {buildChair, .35, Place::Free},
    {buildPicture, .5},
    {buildFloorLamp, .35, Place::Free},
};
constexpr Item kLivingRoom[] = {
    {buildSofa, 1, Place::AtWall, true},
    {buildDoor, .65},
    {buildBookshelf, .5},
    {buildWindowWithCurtains, .45},
    {buildSofa, .25},
    {buildCabinet, .55},
    {buildWindow, .3},
    {buildDiningGroup, .45, Place::Free},
    {buildTable, .6, Place::Free},
    {buildCurtain, .15},
    {buildChair, .4, Place::Free},
    {buildPicture, .65},
    {buildPicture, .3},
    {buildFloorLamp, .5, Place::Free},
};
constexpr Item kOffice[] = {
    {buildDeskWithChair, 1, Place::AtWall, true},
    {buildDoor, .7},
    {buildDeskWithChair, .5},
    {buildBookshelf, .6},
    {buildCabinet, .5},
    {buildWardrobe, .2},
    {buildWindow, .55},
    {buildWindowWithCurtains, .2},
    {buildSofa, .12},
    {buildRefrigerator, .08},
    {buildTable, .3, Place::Free},
    {buildChair, .4, Place::Free},
    {buildPicture, .35},
    {buildBin, .35, Place::Free},
    {buildFloorLamp, .15, Place::Free},
};
constexpr Item kKitchen[] = {
    {buildCounter, 1, Place::AtWall, true},
    {buildRefrigerator, .9},
    {buildSink, .75},
    {buildDoor, .55},
    {buildCounter, .35},
    {buildKitchenCabinet, .65},
    {buildWindow, .5},
    {buildWindowWithCurtains, .15},
    {buildCabinet, .35},
    {buildDiningGroup, .35, Place::Free},
    {buildTable, .3, Place::Free},
    {buildChair, .35, Place::Free},
    {buildPicture, .2},
    {buildBin, .4, Place::Free},
};
constexpr Item kBathroomWithTub[] = {
    {buildBathtubWithCurtain, 1, Place::AtWall, true},
    {buildToilet, .95},
    {buildSink, .9},
    {buildDoor, .6},
    {buildCabinet, .35},
    {buildWindow, .35},
    {buildCounter, .1},
    {buildPicture, .15},
    {buildBin, .35, Place::Free},
};
constexpr Item kBathroomWithBareTub[] = {
    {buildBathtub, 1, Place::AtWall, true},
    {buildToilet, .9},
    {buildSink, .9},
    {buildDoor, .6},
    {buildShowerCurtain, .3},
    {buildCabinet, .4},
    {buildWindow, .4},
    {buildCurtain, .15},
    {buildChair, .2, Place::Free},
    {buildBin, .35, Place::Free},
};
constexpr Item kBathroomWithShower[] = {
    {buildShowerCurtain, 1, Place::AtWall, true},
    {buildToilet, .95},
    {buildSink, .9},
    {buildDoor, .6},
    {buildCabinet, .4},
    {buildWindow, .3},
    {buildPicture, .15},
    {buildBin, .35, Place::Free},
};
constexpr Item kFullLivingRoom[] = {
    {buildDoor, 1, Place::AtWall, true},
    {buildBookshelf, 1, Place::AtWall, true},
    {buildSofa, 1, Place::AtWall, true},
    {buildCabinet, 1, Place::AtWall, true},
    {buildWindow, 1, Place::AtWall, true},
    {buildCurtain, 1, Place::AtWall, true},
    {buildPicture, 1, Place::AtWall, true},
    {buildPicture, 1, Place::AtWall, true},
    {buildDiningGroup, 1, Place::Free, true},
    {buildChair, 1, Place::Free, true},
    {buildFloorLamp, 1, Place::Free, true},
};

std::span<const Item> drawItems(RoomKind kind, Random& random) {
  switch (kind) {
    case RoomKind::Bedroom:
      return kBedroom;
    case RoomKind::LivingRoom:
      return kLivingRoom;
    case RoomKind::Office:
      return kOffice;
    case RoomKind::Kitchen:
      return kKitchen;
    case RoomKind::Bathroom:
      break;
  }
  const double bath = random.uniform();
  if (bath < .4) return kBathroomWithTub;
  return bath < .7 ? std::span<const Item>(kBathroomWithBareTub) : kBathroomWithShower;
}

/// Side lengths of floors, m.
Range sideRange(RoomKind kind) {
  if (kind == RoomKind::Bathroom) return {2.2, 3.2};
  if (kind == RoomKind::Kitchen) return {2.8, 4.2};
  return {3.3, 4.8};
}

std::optional<Room> tryToFurnish(RoomKind kind, std::span<const Item> items, Range side, Random& random) {
  Room room;
  room.kind = kind;
  for (int axis = 0; axis < 2; ++axis) room.size_m[axis] = between(random, side.low, side.high);
  room.size_m.z() = between(random, 2.35, 2.6);
  const bool is_wet = kind == RoomKind::Bathroom || kind == RoomKind::Kitchen;
  room.model = buildShell(room.size_m, is_wet ? FloorKind::Tiles : FloorKind::Boards, random);
  FloorPlan plan(room.size_m);
  for (const auto& item : items) {
    if (!chance(random, item.probability)) continue;
    const Piece piece = item.build(random);
    const auto place = plan.place(piece, item.place, random);
    if (!place && item.is_needed) return std::nullopt;
    if (!place) continue;
    append(room.model, piece.model, *place);
    room.focus_m.emplace_back(*place * piece.focus_m);
  }
  const Eigen::Vector3f light(between(random, -.6, .6), between(random, -.6, .6), .8F);
  room.towards_light = light / std::sqrt(light.squaredNorm());
  return room;
}

}  // namespace

std::string_view nameOf(RoomKind kind) {
  switch (kind) {
    case RoomKind::Bedroom:
      return "Bedroom / Hotel";
    case RoomKind::LivingRoom:
      return "Living room / Lounge";
    case RoomKind::Office:
      return "Office";
    case RoomKind::Kitchen:
      return "Kitchen";
    case RoomKind::Bathroom:
      break;
  }
  return "Bathroom";
}

RoomKind roomKindAt(double quantile) {
  if (quantile < .22) return RoomKind::Bedroom;
  if (quantile < .44) return RoomKind::LivingRoom;
  if (quantile < .62) return RoomKind::Office;
  return quantile < .81 ? RoomKind::Kitchen : RoomKind::Bathroom;
}

Room furnishRoom(RoomKind kind, const Random& random) {
  for (int i = 0; i < kTriesPerRoom; ++i) {
    Random attempt = random.fork("room " + std::to_string(i));
    const auto items = drawItems(kind, attempt);
    if (auto room = tryToFurnish(kind, items, sideRange(kind), attempt)) return std::move(*room);
  }
  throw std::logic_error("what a room needs does not fit into it: room.cpp contradicts the furniture's sizes");
}

void addClutter(Room& room, int count, Random random) {
  constexpr int kTries = 40;
  constexpr float kFromWall_m = .25F;
  for (int i = 0; i < count * kTries && count > 0; ++i) {
    const Eigen::Vector3f size(between(random, .12, .4), between(random, .12, .4), between(random, .1, .5));
    const Eigen::Vector3f reach = room.size_m / 2 - Eigen::Vector3f::Constant(kFromWall_m);
    Eigen::Isometry3f place = Eigen::Isometry3f::Identity();
    place.translation() =
        Eigen::Vector3f(between(random, -reach.x(), reach.x()), between(random, -reach.y(), reach.y()), 0);
    const Eigen::AlignedBox3f space(Eigen::Vector3f(place.translation() - Eigen::Vector3f(size.x(), size.y(), -.02F)),
                                    Eigen::Vector3f(place.translation() + Eigen::Vector3f(size.x(), size.y(), 1)));
    const bool is_free = std::ranges::none_of(room.model.positions_m,
                                              [&](const Eigen::Vector3f& corner) { return space.contains(corner); });
    if (!is_free) continue;
    ModelBuilder builder(kNoClass, std::string(kClutterCategory));
    builder.paint(bodyPaint(random));
    if (chance(random, .4)) {
      builder.cylinder({0, 0, 0}, size.x() / 2, between(random, .3, .5) * size.x(), size.z());
    } else {
      builder.box({0, 0, size.z() / 2}, size, between(random, .7, 1));
    }
    append(room.model, builder.model(), place);
    --count;
  }
}

Room furnishLivingRoom(const Random& random) {
  for (int i = 0; i < kTriesPerRoom; ++i) {
    Random attempt = random.fork("room " + std::to_string(i));
    if (auto room = tryToFurnish(RoomKind::LivingRoom, kFullLivingRoom, {4.2, 5}, attempt)) return std::move(*room);
  }
  throw std::logic_error("furniture does not fit into any room: room.cpp contradicts the furniture's sizes");
}

}  // namespace tagscape::synth
