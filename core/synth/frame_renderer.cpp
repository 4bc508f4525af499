#include "core/synth/frame_renderer.h"

#include "core/synth/noise.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

constexpr float kNothing = .35F;  ///< Grey where a ray leaves the room.

/// A frame before the sensor's errors.
struct CleanFrame {
  std::vector<Vector3f> color;  ///< As lit, 0 … 1; rows from the top.
  std::vector<float> depth_m;   ///< 0 where the ray leaves the room.
  std::vector<float> slant;     ///< Cosine between the ray and the surface's normal.
  Image<std::uint16_t> object;
};

void shade(
    const Room& room, const RayHit& hit, const Vector3f& ray, float light, std::size_t pixel, CleanFrame& frame) {
  const Model& model = room.model;
  const Face& face = model.faces[hit.face];
  const auto& [a, b, c] = face.corners;
  const Vector3f& corner = model.positions_m[a];
  Vector3f normal = (model.positions_m[b] - corner).cross(model.positions_m[c] - corner);
  normal /= std::sqrt(normal.squaredNorm());
  if (normal.dot(ray) > 0) normal = -normal;
  const Vector3f texture_m = model.texture_m[a] + hit.second_weight * (model.texture_m[b] - model.texture_m[a]) +
                             hit.third_weight * (model.texture_m[c] - model.texture_m[a]);
  const float directed = .4F * std::max(0.F, normal.dot(room.towards_light)) + .05F * normal.z();
  const float brightness = 1 - .4F * light + light * directed;
  frame.color[pixel] = brightness * colorAt(model.materials[face.material], texture_m, face.texture_axis);
  frame.depth_m[pixel] = hit.distance;  // the ray's z in the camera is 1
  frame.slant[pixel] = -normal.dot(ray) / std::sqrt(ray.squaredNorm());
  frame.object.pixels[pixel] = static_cast<std::uint16_t>(face.object + 1);
}

CleanFrame castFrame(
    const Room& room, const RayCaster& caster, const Intrinsics& camera, const Pose& world_from_camera, float light) {
  const auto num_pixels = static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
  CleanFrame frame{std::vector<Vector3f>(num_pixels, Vector3f::Constant(kNothing)),
                   std::vector<float>(num_pixels),
                   std::vector<float>(num_pixels),
                   Image<std::uint16_t>(camera.width, camera.height, 1)};
  const Eigen::Matrix3f turn = world_from_camera.linear().cast<float>();
  const Vector3f eye = world_from_camera.translation().cast<float>();
  std::size_t pixel = 0;
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x, ++pixel) {
      const Vector3f in_camera(
          static_cast<float>((x - camera.cx) / camera.fx), static_cast<float>((y - camera.cy) / camera.fy), 1);
      const Vector3f ray = turn * in_camera;
      if (const auto hit = caster.firstHit(eye, ray)) shade(room, *hit, ray, light, pixel, frame);
    }
  }
  return frame;
}

/// One pass of the kernel (fraction, 1 - 2 fraction, fraction) along rows or columns; the border is repeated.
void blurOnce(std::vector<Vector3f>& color, int length, int num_lines, int step, int line_step, float fraction) {
  for (int line = 0; line < num_lines; ++line) {
    const auto at = [&](int i) {
      return static_cast<std::size_t>(line) * static_cast<std::size_t>(line_step) +
             static_cast<std::size_t>(i) * static_cast<std::size_t>(step);
    };
    Vector3f before = color[at(0)];
    for (int i = 0; i < length; ++i) {
      const Vector3f own = color[at(i)];
      const Vector3f& after = color[at(std::min(i + 1, length - 1))];
      color[at(i)] = (1 - 2 * fraction) * own + fraction * (before + after);
      before = own;
    }
  }
}

void blur(std::vector<Vector3f>& color, const Intrinsics& camera, double blur_px) {
  const double variance = blur_px * blur_px;
  if (variance <= 0) return;
  const int num_passes = std::max(1, static_cast<int>(std::ceil(variance / .5)));
  const auto fraction = static_cast<float>(variance / (2 * num_passes));
  for (int pass = 0; pass < num_passes; ++pass) {
    blurOnce(color, camera.width, camera.height, 1, camera.width, fraction);
    blurOnce(color, camera.height, camera.width, camera.width, 1, fraction);
  }
}

/// The mean of the colours along a line through every pixel, as a camera that moves sees them.
void smear(std::vector<Vector3f>& color, const Intrinsics& camera, double most_px, Random& random) {
  const double length = random.uniform(0, most_px);
  const double t = random.uniform(-1, 1);  // the tangent of half the line's angle: no libm
  const double along_x = (1 - t * t) / (1 + t * t), along_y = 2 * t / (1 + t * t);
  const int num_steps = 1 + 2 * static_cast<int>(std::ceil(length));
  const std::vector<Vector3f> sharp = color;
  const auto at = [&](int x, int y) {
    return sharp[static_cast<std::size_t>(std::clamp(y, 0, camera.height - 1)) *
                     static_cast<std::size_t>(camera.width) +
                 static_cast<std::size_t>(std::clamp(x, 0, camera.width - 1))];
  };
  std::size_t pixel = 0;
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x, ++pixel) {
      Vector3f sum = Vector3f::Zero();
      for (int step = 0; step < num_steps; ++step) {
        const double from_middle = num_steps == 1 ? 0 : length * (static_cast<double>(step) / (num_steps - 1) - .5);
        sum += at(x + static_cast<int>(std::floor(from_middle * along_x + .5)),
                  y + static_cast<int>(std::floor(from_middle * along_y + .5)));
      }
      color[pixel] = sum / static_cast<float>(num_steps);
    }
  }
}

std::uint8_t toByte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255)); }

RgbImage exposeColor(const CleanFrame& clean, const SensorOptions& sensor, Random& random) {
  RgbImage image(clean.object.width, clean.object.height, 3);
  const double exposure = random.uniform(1 - sensor.exposure, 1 + sensor.exposure);
  std::array<double, 3> gain{};
  for (double& channel : gain) channel = exposure * (1 + sensor.exposure / 6 * roughlyNormal(random));
  std::size_t at = 0;
  for (const auto& color : clean.color) {
    for (std::size_t k = 0; k < 3; ++k) {
      const double lit = color[static_cast<Eigen::Index>(k)] * gain[k];
      image.pixels[at++] = toByte(lit + sensor.color_noise * roughlyNormal(random));
    }
  }
  return image;
}

/// Structured light is lost on slanted surfaces, and at random.
bool isLost(float slant, double holes, Random& random) {
  constexpr double kGrazing = .12;
  constexpr double kLostAnyway = .002;
  return random.uniform() < kLostAnyway * holes || slant < kGrazing * holes;
}

RawDepthImage measureDepth(const CleanFrame& clean, const SensorOptions& sensor, Random& random) {
  RawDepthImage image(clean.object.width, clean.object.height, 1);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const double true_m = clean.depth_m[i];
    if (true_m <= 0 || true_m >= sensor.max_depth_m || isLost(clean.slant[i], sensor.holes, random)) continue;
    const double grows = true_m * true_m / 4;  // 1 at 2 m
    const double depth_mm = 1000 * (true_m + sensor.depth_noise_m * grows * roughlyNormal(random));
    const double step_mm = std::max(1.0, sensor.depth_step_mm * grows);
    const double stepped_mm = std::floor(depth_mm / step_mm + .5) * step_mm;
    image.pixels[i] = static_cast<std::uint16_t>(std::clamp(std::lround(stepped_mm), 0L, 65535L));
  }
  return image;
}

void cutEdges(RawDepthImage& depth_mm, double holes, Random& random) {
  constexpr int kStep_mm = 150;
  const double fraction = std::min(1.0, .6 * holes);
  const RawDepthImage whole = depth_mm;
  for (int y = 0; y < whole.height; ++y) {
    for (int x = 0; x + 1 < whole.width; ++x) {
      if (std::abs(whole.at(x, y) - whole.at(x + 1, y)) < kStep_mm) continue;
      if (random.uniform() < fraction) depth_mm.at(x, y) = 0;
      if (random.uniform() < fraction) depth_mm.at(x + 1, y) = 0;
    }
  }
}

void cutSpots(RawDepthImage& depth_mm, double holes, Random& random) {
  const auto num_spots = static_cast<int>(random.uniform() * 5 * holes);
  // Spots scale with the image, but are at least a few pixels wide.
  const double scale = std::max(1.0, depth_mm.width / 320.0);
  for (int i = 0; i < num_spots; ++i) {
    const auto middle_x = static_cast<int>(random.below(static_cast<std::uint64_t>(depth_mm.width)));
    const auto middle_y = static_cast<int>(random.below(static_cast<std::uint64_t>(depth_mm.height)));
    const auto radius = static_cast<int>(scale * random.uniform(2, 7));
    for (int y = std::max(0, middle_y - radius); y <= std::min(depth_mm.height - 1, middle_y + radius); ++y) {
      for (int x = std::max(0, middle_x - radius); x <= std::min(depth_mm.width - 1, middle_x + radius); ++x) {
        const int dx = x - middle_x;
        const int dy = y - middle_y;
        if (dx * dx + dy * dy <= radius * radius) depth_mm.at(x, y) = 0;
      }
    }
  }
}

}  // namespace

TagSet tagsOf(const RenderedFrame& frame, const Model& model) {
  constexpr double kMinTagArea = .015;
  std::array<std::size_t, kNumClasses> counts{};
  for (const auto object : frame.object.pixels) {
    if (object == 0) continue;
    const std::size_t class_index = model.objects[object - 1U].class_index;
    if (class_index < counts.size()) ++counts[class_index];  // Clutter has none.
  }
  TagSet tags;
  for (std::size_t i = 0; i < counts.size(); ++i)
    tags[i] = static_cast<double>(counts[i]) > kMinTagArea * static_cast<double>(frame.object.pixels.size());
  return tags;
}

RenderedFrame renderFrame(const Room& room,
                          const RayCaster& caster,
                          const Intrinsics& intrinsics,
                          const Pose& world_from_camera,
                          const SensorOptions& sensor,
                          Random random) {
  CleanFrame clean = castFrame(room, caster, intrinsics, world_from_camera, static_cast<float>(sensor.light));
  // A stream of its own, so that frames without motion are what they always were.
  Random moving = random.fork("motion");
  if (sensor.motion_blur_px > 0) smear(clean.color, intrinsics, sensor.motion_blur_px, moving);
  blur(clean.color, intrinsics, sensor.blur_px);
  RenderedFrame frame;
  frame.color = exposeColor(clean, sensor, random);
  frame.depth_mm = measureDepth(clean, sensor, random);
  if (sensor.holes > 0) {
    cutEdges(frame.depth_mm, sensor.holes, random);
    cutSpots(frame.depth_mm, sensor.holes, random);
  }
  frame.object = std::move(clean.object);
  return frame;
}

}  // namespace tagscape::synth
