#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/geometry/surface_superpoints.h"
#include "core/scene/scene.h"

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// Where the superpoints of a scene come from.
enum class SuperpointSource : std::uint8_t {
  Shape,          ///< By how the surface bends (surface_superpoints.h): those of the preset scan at its finest scale.
  ShapeAndColor,  ///< By shape and colour (point_superpoints.h), for the multi-view labels of sets of rooms: in ideal
                  ///< rooms pictures lie in the plane of their wall and differ in colour alone.
  ScanFile,       ///< The scan's own segments, ScanNet's _vh_clean_2.0.010000.segs.json.
};

/// The superpoints of a scene: pieces of its surface that are taken to belong to one object.
struct SceneSuperpoints {
  std::vector<std::uint32_t> of_point;  ///< [N] superpoint of every point.
  SuperpointSource source = SuperpointSource::Shape;
  std::optional<SceneWarning> problem;  ///< Why the scan's own file was not used, with the place and a remedy.
};

/// The one place that decides what the superpoints of a scene are; training, evaluation and the window all ask here.
///
/// @param wanted  ScanFile: those by shape all the same where the scan has no such file or it does not fit the scene's
///                points; in the latter case `problem` says why.
/// @return computed superpoints are numbered from 0 without gaps and the same for the same points on every machine; a
///         point that is not finite is one of its own. Those of a file have the numbers of the file.
/// Errors: Cancelled. Cost: that of surfaceSuperpoints() or pointSuperpoints(), or one pass over the file. Safe to call
/// from any thread.
[[nodiscard]] Result<SceneSuperpoints> sceneSuperpoints(const Scene& scene, SuperpointSource wanted, const Job& job);

/// The scales at which the preset `scan` looks at a surface, the finest first.
[[nodiscard]] std::vector<SuperpointOptions> superpointScales();

/// Superpoints by shape at several scales: along the mesh's edges, or between neighbours where it has no triangles.
/// @param normals  [N], of unit length, as vertexNormals makes them.
/// @return by scale: [N] superpoint of every vertex. Errors: Cancelled.
[[nodiscard]] Result<std::vector<std::vector<std::uint32_t>>> superpointsAtScales(
    const Mesh& mesh,
    std::span<const Eigen::Vector3f> normals,
    std::span<const SuperpointOptions> scales,
    const Job& job);

}  // namespace tagscape
