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
  double edge_m = .11;    ///< Maximum length of an edge. Gives about 2.5 / edge² vertices per square metre.
  bool is_noisy = true;   ///< As reconstructed from a scan: rounded edges, noise, holes. Otherwise exact.
  double noise_m = .005;  ///< Standard deviation of the noise.
};

/// A surface as reconstructed from a scan. Arrays have one value per vertex.
struct SurfaceMesh {
  Mesh mesh;                           ///< With lit colours, in the frame of the room.
  std::vector<std::uint32_t> objects;  ///< Row of Model::objects.
  std::vector<std::int64_t>
      segments;  ///< An over-segmentation into patches of one object; each has the index of one of its vertices.
};

/// Tessellates the room's surfaces into small triangles, which share vertices within an object, so that vertices are
/// evenly spread.
///
/// A noisy surface has only triangles that are visible from one of the `views` (poses of `camera`), and holes
/// elsewhere. Vertices of an object closer than about half an edge are merged; of parts that collapse only the vertices
/// remain. Vertices are moved towards the centres of their triangles, as the fusion of depth maps rounds edges, and by
/// smooth noise. An exact surface keeps all triangles, on both sides of walls.
///
/// Cost: for each triangle, one ray to each view until one sees it. Once `job` is stopped the result is incomplete.
[[nodiscard]] SurfaceMesh reconstructSurface(const Room& room,
                                             const RayCaster& caster,
                                             std::span<const Pose> views,
                                             const Intrinsics& camera,
                                             const SurfaceOptions& options,
                                             Random random,
                                             const Job& job = {});

}  // namespace tagscape::synth
