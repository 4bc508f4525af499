#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace tagscape {

/// Calls visit(vertex, label) for every vertex that an annotated frame sees, with the label of the pixel that shows it
/// (kNoClass where that has none). Frames whose labels or depth cannot be read are left out.
/// Errors: Cancelled.
[[nodiscard]] Status visitLabelledPixels(const Scene& scene,
                                         const Job& job,
                                         const std::function<void(std::size_t vertex, std::uint8_t label)>& visit);

/// The truth of a scene's points: its own labels of points, or else the class that most of the annotated pixels which
/// see a point give it; kNoClass for points that none sees.
/// @return [points]; empty if neither points nor pixels say anything.
/// Errors: Cancelled. Cost: one depth test of all points for every annotated frame.
[[nodiscard]] Result<std::vector<std::uint8_t>> truthOfPoints(const Scene& scene, const Job& job);

/// The scene with truthOfPoints as its labels of points; itself where that changes nothing.
[[nodiscard]] Result<SharedScene> withTruthOfPoints(const SharedScene& scene, const Job& job);

}  // namespace tagscape
