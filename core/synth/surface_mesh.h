#pragma once

#include "core/base/job.h"
#include "core/base/random.h"
#include "core/scene/camera.h"
#include "core/scene/point_cloud.h"
#include "core/synth/ray_caster.h"
#include "core/synth/room.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape::synth {

struct SurfaceOptions {
  double edge_m = .11;    ///< Edges of triangles are at most so long. About 2.5 / edge² vertices a square metre.
  bool is_noisy = true;   ///< As reconstructed from a scan: rounded edges, noise, holes. Else the exact surface.
  double noise_m = .005;  ///< Standard deviation of a noisy surface.
};

/// A surface as a reconstruction gives it. Arrays have one value per vertex.
struct SurfaceMesh {
  Mesh mesh;                           ///< With colours as lit, in the room's frame.
  std::vector<std::uint32_t> objects;  ///< Row of Model::objects.
  std::vector<std::int64_t>
      segments;  ///< Patches of one object, as an over-segmentation gives: the number of a vertex.
};

/// Cuts the room's surfaces into small triangles whose neighbours share vertices within an object, so that vertices are
/// spread evenly.
///
/// A noisy surface keeps only triangles that one of the `views` sees (pinhole cameras of `camera`); where nobody
/// looked, it has holes. Vertices of an object nearer to each other than about half an edge become one; of parts that
/// collapse by this only the vertices are left. They are drawn towards the middle of their triangles, as fusing depth
/// maps rounds edges, and moved by smooth noise. An exact surface keeps everything, both sides of walls too.
///
/// Cost: for each triangle, one ray to each view until one sees it. After a stop the surface is not whole.
[[nodiscard]] SurfaceMesh reconstructSurface(const Room& room,
                                             const RayCaster& caster,
                                             std::span<const Pose> views,
                                             const Intrinsics& camera,
                                             const SurfaceOptions& options,
                                             Random random,
                                             const Job& job = {});

}  // namespace tagscape::synth
