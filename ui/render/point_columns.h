#pragma once

#include "core/geometry/lift_cams.h"
#include "core/scene/cams.h"
#include "core/scene/palette.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

inline constexpr std::uint16_t kFullValue = 65534;    ///< Stands for 1 in columns of values 0 … 1.
inline constexpr std::uint16_t kUnseenValue = 65535;  ///< No frame sees the point.

/// One class's values of all points as the GPU takes them.
struct ValueColumn {
  std::vector<std::uint16_t> values;  ///< [N]; empty where there is nothing but 0 (or unseen).
  HeatRange extent;                   ///< Least and largest value.
};
using ClassColumns = std::array<ValueColumn, kNumClasses>;

/// What the point network says, by class, ready to be sent: the choice of a class then costs no more than a copy.
struct CamColumns {
  ClassColumns cam;
  std::vector<std::uint8_t> confidence;  ///< [N] 0 … 255: the largest CAM value's share of the sum over the classes.
};

/// All safe from any thread. Cost O(N kNumClasses), on several threads.
[[nodiscard]] CamColumns packCams(const SceneCams& cams);
[[nodiscard]] ClassColumns packLifted(const LiftedCams& lifted);
/// The row of each point's superpoint in a table of 256 colours; consecutive numbers get rows far apart.
[[nodiscard]] std::vector<std::uint8_t> packSuperpoints(std::span<const std::uint32_t> superpoints);
/// Least and largest |lifted - cam| over the points that a frame sees.
[[nodiscard]] HeatRange disagreementExtent(const ValueColumn& cam, const ValueColumn& lifted);

}  // namespace tagscape
