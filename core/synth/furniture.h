#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

namespace tagscape::synth {

/// A piece of furniture in its own frame: x along the wall it may stand at, +y towards that wall, z up from the floor,
/// origin on the floor in the middle of its footprint.
struct Piece {
  Model model;              ///< Of one object, or of several: a table with its chairs.
  Eigen::Vector3f size_m;   ///< Of its bounding box: width, depth, height.
  float bottom_m = 0;       ///< Of its bounding box above the floor: pictures hang.
  Eigen::Vector3f focus_m;  ///< What the camera points at to film it.
};

/// A piece of the finished model; its focus is slightly above its centre.
[[nodiscard]] Piece finish(const Model& model, const Eigen::Vector3f& size_m, float bottom_m = 0);

/// The surfaces of an empty room whose floor is centred at the origin.
enum class FloorKind { Boards, Tiles };
[[nodiscard]] Model buildShell(const Eigen::Vector3f& room_size_m, FloorKind floor, Random& random);

/// Each class is a small distinctive part (see distinctivePaint) on a large ambiguous body. The bodies of all classes
/// share the same wood, white, grey and dark paints: from tags, a network can learn to recognise a class by its
/// distinctive part, but not its extent. Shapes and sizes vary with `random`.

[[nodiscard]] Piece buildSofa(Random& random);            ///< Chequered yellow cushions.
[[nodiscard]] Piece buildChair(Random& random);           ///< A striped red back; on four legs or on a swivelling foot.
[[nodiscard]] Piece buildTable(Random& random);           ///< A striped cyan cloth; square, round or low.
[[nodiscard]] Piece buildDiningGroup(Random& random);     ///< A table with two chairs at its ends.
[[nodiscard]] Piece buildDesk(Random& random);            ///< A monitor with a magenta picture.
[[nodiscard]] Piece buildDeskWithChair(Random& random);   ///< The chair faces the desk.
[[nodiscard]] Piece buildBed(Random& random);             ///< A chequered blue blanket over its foot end.
[[nodiscard]] Piece buildCabinet(Random& random);         ///< Handles that stand out.
[[nodiscard]] Piece buildWardrobe(Random& random);        ///< A tall cabinet.
[[nodiscard]] Piece buildKitchenCabinet(Random& random);  ///< A cabinet that hangs on the wall.
[[nodiscard]] Piece buildBookshelf(Random& random);       ///< Rows of books in many colours.
[[nodiscard]] Piece buildRefrigerator(Random& random);    ///< A chequered indigo poster on its door.
[[nodiscard]] Piece buildCounter(Random& random);         ///< A splash board with lime stripes.
[[nodiscard]] Piece buildToilet(Random& random);          ///< A maroon lid.
[[nodiscard]] Piece buildSink(Random& random);            ///< Blue stripes on the panel behind its tap.
[[nodiscard]] Piece buildBathtub(Random& random);         ///< Mint inside.
[[nodiscard]] Piece buildBathtubWithCurtain(Random& random);
[[nodiscard]] Piece buildShowerCurtain(Random& random);  ///< A band of pink stripes on white cloth.
[[nodiscard]] Piece buildDoor(Random& random);           ///< A green upper panel.
[[nodiscard]] Piece buildWindow(Random& random);         ///< Pale blue panes.
[[nodiscard]] Piece buildWindowWithCurtains(Random& random);
[[nodiscard]] Piece buildPicture(Random& random);    ///< A gaudy canvas.
[[nodiscard]] Piece buildCurtain(Random& random);    ///< Purple folds below a plain upper part.
[[nodiscard]] Piece buildFloorLamp(Random& random);  ///< "otherfurniture": an orange shade.
[[nodiscard]] Piece buildBin(Random& random);        ///< "otherfurniture": an orange lid.

}  // namespace tagscape::synth
