#pragma once

#include "core/base/job.h"
#include "core/scene/scene.h"

#include <string>

namespace tagscape {

/// Checks by geometry how the ids of label images were understood: floors are flat and walls are not. Train ids read as
/// NYU40 turn the floor into a wall; NYU40 read as train ids turn walls into a floor.
/// @return the problem and the option that solves it, as a clause; empty if there is none, or if no sampled frame has
/// labels, depth and a pose.
/// Cost: the pixels of at most six frames.
[[nodiscard]] std::string findLabelProblem(const Scene& scene, const Job& job);

}  // namespace tagscape
