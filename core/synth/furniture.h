#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

namespace tagscape::synth {

/// A piece of furniture in its own frame: x along the wall it may stand at, +y towards that wall, z up from the floor,
/// origin on the floor in the middle of its footprint.
struct Piece {
  Model model;
  int class_index = 0;      ///< The class it is placed for; a group (table with chairs) has more inside.
  Eigen::Vector3f size_m;   ///< Room that it needs: width, depth, height.
  float bottom_m = 0;       ///< Where that room begins above the floor: a picture hangs.
  Eigen::Vector3f focus_m;  ///< Where a person looks who scans it.
};

/// The surfaces of an empty room whose floor is centred at the origin.
[[nodiscard]] Model buildShell(const Eigen::Vector3f& room_size_m, Random& random);

/// Every class is one small telling part on a large ambiguous body: bodies of all classes share the same wood, white,
/// grey and dark paints, so that a class can be learned from tags only by its telling part, while its extent cannot.
[[nodiscard]] Piece buildSofa(Random& random);         ///< Telling part: chequered yellow cushions.
[[nodiscard]] Piece buildDiningGroup(Random& random);  ///< A table (cyan runner) with chairs (striped red backs).
[[nodiscard]] Piece buildChair(Random& random);
[[nodiscard]] Piece buildCabinet(Random& random);    ///< Handles that stand out.
[[nodiscard]] Piece buildBookshelf(Random& random);  ///< Rows of books in many colours.
[[nodiscard]] Piece buildDoor(Random& random);       ///< Green upper panels.
[[nodiscard]] Piece buildWindow(Random& random);     ///< Pale blue panes.
[[nodiscard]] Piece buildPicture(Random& random);    ///< A gaudy canvas.
[[nodiscard]] Piece buildCurtain(Random& random);    ///< Purple folds.
[[nodiscard]] Piece buildFloorLamp(Random& random);  ///< "otherfurniture": an orange shade.

}  // namespace tagscape::synth
