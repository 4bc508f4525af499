#include "core/geometry/fuse.h"

#include "core/geometry/open3d_messages.h"

#include <fmt/format.h>
#include <open3d/camera/PinholeCameraIntrinsic.h>
#include <open3d/geometry/RGBDImage.h>
#include <open3d/geometry/TriangleMesh.h>
#include <open3d/pipelines/integration/ScalableTSDFVolume.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <omp.h>
#include <unistd.h>
#include <unordered_set>

namespace tagscape {
namespace {

namespace o3d = open3d;

constexpr int kBlockSide = 16;  // voxels of one allocated block of Open3D's scalable volume
constexpr double kBytesPerBlock = kBlockSide * kBlockSide * kBlockSide * 56.0;  // distance, weight, colour of a voxel

/// Open3D's OpenMP loops over a frame are short, and GNU OpenMP's idle threads spin: on a busy machine the second
/// thread made fusing 4 to 20 times slower, on an idle one it gained nothing (decoding runs beside it anyway). Open3D
/// asks for its number of threads explicitly, so the number of active parallel levels is what holds it to one.
class OneOpenMpThread {
 public:
  OneOpenMpThread() : before_(omp_get_max_active_levels()) { omp_set_max_active_levels(0); }
  ~OneOpenMpThread() { omp_set_max_active_levels(before_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int before_;
};

struct FramePixels {
  RgbImage color;
  DepthImage depth;
};

Result<FramePixels> loadPixels(const Scene& scene, std::size_t index) {
  FramePixels pixels;
  TAGSCAPE_ASSIGN(pixels.depth, scene.pixels->depth(index));
  TAGSCAPE_ASSIGN(pixels.color, scene.pixels->color(index));
  return pixels;
}

/// The colour of every depth pixel: both cameras look from the same place, so a ray is enough to find it.
o3d::geometry::Image colorAtDepth(const RgbImage& color,
                                  const Intrinsics& color_camera,
                                  const Intrinsics& depth_camera) {
  o3d::geometry::Image aligned;
  aligned.Prepare(depth_camera.width, depth_camera.height, 3, 1);
  for (int y = 0; y < depth_camera.height; ++y) {
    const double v = (y - depth_camera.cy) / depth_camera.fy * color_camera.fy + color_camera.cy;
    for (int x = 0; x < depth_camera.width; ++x) {
      const double u = (x - depth_camera.cx) / depth_camera.fx * color_camera.fx + color_camera.cx;
      const int cx = std::clamp(static_cast<int>(std::lround(u)), 0, color.width - 1);
      const int cy = std::clamp(static_cast<int>(std::lround(v)), 0, color.height - 1);
      for (int c = 0; c < 3; ++c) *aligned.PointerAt<std::uint8_t>(x, y, c) = color.at(cx, cy, c);
    }
  }
  return aligned;
}

o3d::geometry::Image depthWithin(const DepthImage& depth, double max_depth_m) {
  o3d::geometry::Image within;
  within.Prepare(depth.width, depth.height, 1, 4);
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const float metres = depth.at(x, y);
      *within.PointerAt<float>(x, y) = metres > 0 && metres <= max_depth_m ? metres : 0.0F;
    }
  }
  return within;
}

/// Counts the blocks that the frames' surfaces touch, from every 8th pixel, so that a scene too large for this machine
/// is refused before memory runs out.
class MemoryGuard {
 public:
  explicit MemoryGuard(const FuseOptions& options) : options_(options), block_m_(options.voxel_m * kBlockSide) {}

  Status add(const DepthImage& depth, const Intrinsics& camera, const Pose& world_from_camera) {
    constexpr int kStride = 8;
    for (int y = 0; y < depth.height; y += kStride) {
      for (int x = 0; x < depth.width; x += kStride) {
        const double z = static_cast<double>(depth.at(x, y));
        if (z <= 0 || z > options_.max_depth_m) continue;
        const Eigen::Vector3d in_camera((x - camera.cx) / camera.fx * z, (y - camera.cy) / camera.fy * z, z);
        const Eigen::Vector3i block = ((world_from_camera * in_camera) / block_m_).array().floor().cast<int>();
        blocks_.insert((static_cast<std::uint64_t>(block.x() & 0x1fffff) << 42) |
                       (static_cast<std::uint64_t>(block.y() & 0x1fffff) << 21) |
                       static_cast<std::uint64_t>(block.z() & 0x1fffff));
      }
    }
    const double needed = static_cast<double>(blocks_.size()) * kBytesPerBlock;
    const double available =
        0.7 * static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
    if (needed <= available) return {};
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("Fusing needs more than {:.0f} GiB at a voxel size of {:g} m. Choose larger voxels (--voxel)",
                    available / (1 << 30),
                    options_.voxel_m));
  }

 private:
  const FuseOptions& options_;
  double block_m_;
  std::unordered_set<std::uint64_t> blocks_;
};

Mesh toMesh(const o3d::geometry::TriangleMesh& source) {
  Mesh mesh;
  const std::size_t count = source.vertices_.size();
  mesh.vertices.positions_m.reserve(count);
  mesh.vertices.colors.reserve(count);
  mesh.vertices.normals.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    mesh.vertices.positions_m.push_back(source.vertices_[i].cast<float>());
    mesh.vertices.normals.push_back(source.vertex_normals_[i].cast<float>());
    const Eigen::Vector3d rgb = source.vertex_colors_[i].cwiseMax(0).cwiseMin(1) * 255;
    mesh.vertices.colors.push_back({static_cast<std::uint8_t>(std::lround(rgb.x())),
                                    static_cast<std::uint8_t>(std::lround(rgb.y())),
                                    static_cast<std::uint8_t>(std::lround(rgb.z()))});
  }
  mesh.triangles.reserve(source.triangles_.size());
  for (const auto& corners : source.triangles_) {
    mesh.triangles.push_back({static_cast<std::uint32_t>(corners.x()),
                              static_cast<std::uint32_t>(corners.y()),
                              static_cast<std::uint32_t>(corners.z())});
  }
  return mesh;
}

Status checkOptions(const FuseOptions& options) {
  const bool usable = std::isfinite(options.voxel_m) && options.voxel_m >= 0.001 && options.voxel_m <= 1 &&
                      options.truncation_m >= options.voxel_m && options.max_depth_m > 0;
  if (usable) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("A voxel size of {:g} m with truncation {:g} m and depth up to {:g} m cannot be fused. "
                          "Choose voxels of 0.001 to 1 m, "
                          "a truncation at least as large, and a positive depth",
                          options.voxel_m,
                          options.truncation_m,
                          options.max_depth_m));
}

/// One fusion: the volume, what it may use, and what it left out.
class Fusion {
 public:
  Fusion(const Scene& scene, const FuseOptions& options)
      : scene_(scene),
        options_(options),
        guard_(options),
        volume_(options.voxel_m, options.truncation_m, o3d::pipelines::integration::TSDFVolumeColorType::RGB8) {}

  Status addFrame(std::size_t index, const FramePixels& pixels) {
    const Pose& world_from_camera = *scene_.frames[index].world_from_camera;
    const Intrinsics& camera = scene_.depth_intrinsics;
    TAGSCAPE_TRY(guard_.add(pixels.depth, camera, world_from_camera));
    const o3d::geometry::RGBDImage rgbd(colorAtDepth(pixels.color, scene_.color_intrinsics, camera),
                                        depthWithin(pixels.depth, options_.max_depth_m));
    const o3d::camera::PinholeCameraIntrinsic pinhole(
        camera.width, camera.height, camera.fx, camera.fy, camera.cx, camera.cy);
    volume_.Integrate(rgbd, pinhole, world_from_camera.inverse().matrix());
    return {};
  }

  Mesh extract() {
    const auto mesh = volume_.ExtractTriangleMesh();
    mesh->ComputeVertexNormals();
    return toMesh(*mesh);
  }

 private:
  const Scene& scene_;
  const FuseOptions& options_;
  MemoryGuard guard_;
  o3d::pipelines::integration::ScalableTSDFVolume volume_;
};

std::vector<std::size_t> usableFrames(const Scene& scene) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const Frame& frame = scene.frames[i];
    if (frame.world_from_camera && frame.has_color && frame.has_depth) usable.push_back(i);
  }
  return usable;
}

Result<FuseReport> fuseUsable(const Scene& scene,
                              const std::vector<std::size_t>& usable,
                              const FuseOptions& options,
                              const Job& job) {
  FuseReport report;
  Fusion fusion(scene, options);
  const auto loadAhead = [&](std::size_t k) {
    return std::async(std::launch::async, [&scene, index = usable[k]] { return loadPixels(scene, index); });
  };
  auto next = loadAhead(0);
  for (std::size_t k = 0; k < usable.size(); ++k) {
    TAGSCAPE_TRY(job.checkStop("Fusing"));
    job.report("Fusing depth maps",
               static_cast<std::int64_t>(k),
               static_cast<std::int64_t>(usable.size()),
               fmt::format("frame {}", scene.frames[usable[k]].number));
    const auto pixels = next.get();
    if (k + 1 < usable.size()) next = loadAhead(k + 1);  // decoding overlaps with integrating
    if (!pixels) {
      report.skipped.push_back({scene.path, pixels.error().message});
      continue;
    }
    TAGSCAPE_TRY(fusion.addFrame(usable[k], *pixels));
    ++report.num_fused;
  }
  job.report("Extracting the surface", 0, 0);
  report.mesh = fusion.extract();
  return report;
}

}  // namespace

Result<FuseReport> fuseFrames(const Scene& scene, const FuseOptions& options, const Job& job) {
  TAGSCAPE_TRY(checkOptions(options));
  const auto usable = usableFrames(scene);
  if (usable.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    "no frame has colour, depth and a pose",
                    "Export the frames again with poses");
  }
  const OneOpenMpThread no_spinning;
  logOpen3dMessages();
  try {
    TAGSCAPE_ASSIGN(auto report, fuseUsable(scene, usable, options, job));
    if (!report.mesh.vertices.positions_m.empty()) return report;
    const std::string why =
        report.skipped.empty() ? "the depth maps hold no depth within range" : report.skipped.front().message;
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    fmt::format("fusing gave no surface ({})", why),
                    "Check depth maps and poses");
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("{}: not enough memory to fuse. Choose larger voxels (--voxel)", scene.path.string()));
  } catch (const std::exception& refusal) {
    return fail(ErrorCode::Internal, fmt::format("{}: fusing failed ({})", scene.path.string(), refusal.what()));
  }
}

}  // namespace tagscape
