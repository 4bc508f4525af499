#include "core/geometry/render_depth.h"

#include "core/base/parallel.h"
#include "core/geometry/project_values.h"
#include "core/geometry/visibility.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <embree3/rtcore.h>
#include <limits>
#include <mutex>
#include <vector>

namespace tagscape {
namespace {

struct ReleaseDevice {
  void operator()(RTCDevice device) const { rtcReleaseDevice(device); }
};
struct ReleaseScene {
  void operator()(RTCScene scene) const { rtcReleaseScene(scene); }
};
using Device = std::unique_ptr<RTCDeviceTy, ReleaseDevice>;
using TriangleTree = std::unique_ptr<RTCSceneTy, ReleaseScene>;

/// Copies `count` rows of three 4-byte values into a buffer that Embree owns; false if it has no memory for it.
template <class Row>
bool fillBuffer(RTCGeometry geometry, RTCBufferType type, RTCFormat format, const std::vector<Row>& rows) {
  static_assert(sizeof(Row) == 12);
  void* buffer = rtcSetNewGeometryBuffer(geometry, type, 0, format, sizeof(Row), rows.size());
  if (buffer != nullptr) std::memcpy(buffer, static_cast<const void*>(rows.data()), rows.size() * sizeof(Row));
  return buffer != nullptr;
}

/// The ray through a pixel's centre, with a direction whose depth is 1: the distance along it is the depth.
RTCRayHit rayThrough(const Eigen::Vector3f& origin, const Eigen::Vector3f& direction) {
  RTCRayHit ray{};
  ray.ray.org_x = origin.x();
  ray.ray.org_y = origin.y();
  ray.ray.org_z = origin.z();
  ray.ray.dir_x = direction.x();
  ray.ray.dir_y = direction.y();
  ray.ray.dir_z = direction.z();
  ray.ray.tfar = std::numeric_limits<float>::infinity();
  ray.ray.mask = ~0U;
  ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
  return ray;
}

constexpr std::size_t kPointsPerPiece = 65'536;

float medianOr0(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

struct DepthRenderer::Impl {
  Device device;
  TriangleTree triangles;
};

DepthRenderer::DepthRenderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DepthRenderer::DepthRenderer(DepthRenderer&&) noexcept = default;
DepthRenderer& DepthRenderer::operator=(DepthRenderer&&) noexcept = default;
DepthRenderer::~DepthRenderer() = default;

Result<DepthRenderer> DepthRenderer::create(const Mesh& mesh) {
  if (mesh.triangles.empty())
    return fail(ErrorCode::InvalidInput, "A cloud without triangles has no surface to render");
  auto impl = std::make_unique<Impl>();
  impl->device.reset(rtcNewDevice(nullptr));
  if (!impl->device) return fail(ErrorCode::Internal, "Embree cannot be started on this machine");
  impl->triangles.reset(rtcNewScene(impl->device.get()));
  const RTCGeometry geometry = rtcNewGeometry(impl->device.get(), RTC_GEOMETRY_TYPE_TRIANGLE);
  const bool filled = fillBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, RTC_FORMAT_FLOAT3, mesh.vertices.positions_m) &&
                      fillBuffer(geometry, RTC_BUFFER_TYPE_INDEX, RTC_FORMAT_UINT3, mesh.triangles);
  if (filled) {
    rtcCommitGeometry(geometry);
    rtcAttachGeometry(impl->triangles.get(), geometry);
    rtcCommitScene(impl->triangles.get());
  }
  rtcReleaseGeometry(geometry);
  if (const RTCError error = rtcGetDeviceError(impl->device.get()); !filled || error != RTC_ERROR_NONE) {
    return fail(ErrorCode::Internal,
                fmt::format("Embree cannot take {} triangles (error {}). Free some memory",
                            mesh.triangles.size(),
                            static_cast<int>(error)));
  }
  return DepthRenderer(std::move(impl));
}

DepthImage DepthRenderer::render(const Pose& world_from_camera, const Intrinsics& camera) const {
  const Eigen::Vector3f origin = world_from_camera.translation().cast<float>();
  const Eigen::Matrix3d rotation = world_from_camera.linear();
  DepthImage depth(camera.width, camera.height, 1);
  constexpr std::size_t kRowsPerPiece = 16;
  parallelFor(static_cast<std::size_t>(camera.height), kRowsPerPiece, [&](std::size_t first, std::size_t last) {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
    for (auto y = static_cast<int>(first); y < static_cast<int>(last); ++y) {
      for (int x = 0; x < camera.width; ++x) {
        const Eigen::Vector3d in_camera((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1);
        RTCRayHit ray = rayThrough(origin, (rotation * in_camera).cast<float>());
        rtcIntersect1(impl_->triangles.get(), &context, &ray);
        if (ray.hit.geomID != RTC_INVALID_GEOMETRY_ID) depth.at(x, y) = ray.ray.tfar;
      }
    }
  });
  return depth;
}

DepthImage splatDepth(std::span<const Eigen::Vector3f> points_in_world,
                      const Pose& world_from_camera,
                      const Intrinsics& camera,
                      float spacing_m) {
  VisibilityResult visibility = computeVisibility(points_in_world, {world_from_camera, camera, camera, nullptr});
  for (auto& reason : visibility.reason) {
    if (reason == Visibility::NoDepth) reason = Visibility::Visible;  // every point in view is a candidate
  }
  Image<float> depth = projectValues(visibility, visibility.depth_m, camera, camera.width, camera.height, spacing_m);
  for (float& value : depth.pixels) value = std::isnan(value) ? 0.0F : value;
  return depth;
}

float pointSpacing_m(std::span<const Eigen::Vector3f> points, std::size_t num_samples) {
  if (points.size() < 2 || num_samples == 0) return 0;
  // Every sample is compared with all points, which for so few is much faster than a tree over all of them.
  const std::size_t step = std::max<std::size_t>(1, points.size() / num_samples);
  const std::size_t count = (points.size() - 1) / step + 1;
  const Eigen::Map<const Eigen::Matrix3Xf, 0, Eigen::OuterStride<>> samples(
      points.data()->data(),
      3,
      static_cast<Eigen::Index>(count),
      Eigen::OuterStride<>(static_cast<Eigen::Index>(3 * step)));
  const Eigen::Array<float, Eigen::Dynamic, 3> places = samples.transpose();
  Eigen::ArrayXf nearest = Eigen::ArrayXf::Constant(places.rows(), std::numeric_limits<float>::infinity());
  std::mutex merging;
  parallelFor(points.size(), kPointsPerPiece, [&](std::size_t first, std::size_t last) {
    Eigen::ArrayXf own = Eigen::ArrayXf::Constant(places.rows(), std::numeric_limits<float>::infinity());
    Eigen::ArrayXf squared(places.rows());
    for (std::size_t i = first; i < last; ++i) {
      if (!points[i].allFinite()) continue;
      squared = (places.col(0) - points[i].x()).square() + (places.col(1) - points[i].y()).square() +
                (places.col(2) - points[i].z()).square();
      if (i % step == 0) squared[static_cast<Eigen::Index>(i / step)] = std::numeric_limits<float>::infinity();
      own = own.min(squared);
    }
    const std::scoped_lock lock(merging);
    nearest = nearest.min(own);
  });
  std::vector<float> distances;
  for (const float squared : nearest) {
    if (std::isfinite(squared)) distances.push_back(std::sqrt(squared));
  }
  return medianOr0(std::move(distances));
}

float meshSpacing_m(const Mesh& mesh) {
  constexpr std::size_t kNumSamples = 4000;
  const auto& points = mesh.vertices.positions_m;
  std::vector<float> edges;
  const std::size_t step = std::max<std::size_t>(1, mesh.triangles.size() / kNumSamples);
  for (std::size_t i = 0; i < mesh.triangles.size(); i += step) {
    const Triangle& triangle = mesh.triangles[i];
    edges.push_back((points.at(triangle[0]) - points.at(triangle[1])).norm());
  }
  return std::clamp(edges.empty() ? pointSpacing_m(points) : medianOr0(std::move(edges)), 0.002F, 0.2F);
}

}  // namespace tagscape
