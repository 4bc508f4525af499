#pragma once

#include "core/geometry/lift_cams.h"
#include "core/scene/cams.h"
#include "core/scene/palette.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

inline constexpr std::uint16_t kFullValue = 65534;    ///< Represents 1 in columns of values in 0 … 1.
inline constexpr std::uint16_t kUnseenValue = 65535;  ///< No frame sees the point.

/// The values of one class at all points, in GPU format.
struct ValueColumn {
  std::vector<std::uint16_t> values;  ///< [N]; empty if all are 0 (or unseen).
  HeatRange extent;                   ///< Minimum and maximum.
};
using ClassColumns = std::array<ValueColumn, kNumClasses>;

/// The 3D CAMs of all classes, ready for upload, so that selecting a class costs only a copy.
struct CamColumns {
  ClassColumns cam;
  std::vector<std::uint8_t> confidence;  ///< [N] 0 … 255: the largest CAM value over the sum of all classes.
};

/// These functions are thread-safe. Cost: O(N kNumClasses) on several threads.
[[nodiscard]] CamColumns packCams(const SceneCams& cams);
[[nodiscard]] ClassColumns packLifted(const LiftedCams& lifted);
/// The row of each point's superpoint in a table of 256 colours; consecutive numbers get rows far apart.
[[nodiscard]] std::vector<std::uint8_t> packSuperpoints(std::span<const std::uint32_t> superpoints);
/// Minimum and maximum of |lifted - cam| over the points that any frame sees.
[[nodiscard]] HeatRange disagreementExtent(const ValueColumn& cam, const ValueColumn& lifted);

}  // namespace tagscape
