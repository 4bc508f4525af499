// Projecting the points of a scan into its frames and testing what each frame sees, beside the same in vectorised numpy
// (float32), in one run and with the same inputs; and a whole scene of 500,000 points and 300 frames with the decoding
// of its depth maps. Usage: bench_visibility SCENE [--python PROGRAM] [--script bench/visibility_numpy.py]

#include "core/base/parallel.h"
#include "core/geometry/visibility.h"
#include "core/pipeline/open_scene.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace tagscape;
using Clock = std::chrono::steady_clock;
constexpr int kRepeats = 31;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

template <typename T>
void dump(const std::filesystem::path& path, const std::vector<T>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

/// The inputs of one frame, and what was found, where the other program can read them.
void dumpFrame(const std::filesystem::path& folder,
               const Scene& scene,
               const DepthImage& depth,
               const VisibilityResult& visibility) {
  dump(folder / "points.f32", scene.points().positions_m);
  dump(folder / "depth.f32", depth.pixels);
  dump(folder / "reasons.u8", visibility.reason);
  const Eigen::Matrix4d pose = scene.frames[0].world_from_camera->matrix();
  std::ofstream text(folder / "frame.txt");
  text.precision(17);
  for (const Intrinsics& camera : {scene.color_intrinsics, scene.depth_intrinsics})
    text << camera.width << ' ' << camera.height << ' ' << camera.fx << ' ' << camera.fy << ' ' << camera.cx << ' '
         << camera.cy << '\n';
  text << pose << '\n';
}

double oneFrame_s(const Scene& scene, const DepthImage& depth, VisibilityResult& visibility) {
  const FrameView view{scene.frames[0].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth};
  std::vector<double> times;
  for (int i = 0; i < kRepeats; ++i) {
    const auto start = Clock::now();
    computeVisibility(scene.points().positions_m, view, {}, visibility);
    times.push_back(seconds(Clock::now() - start));
  }
  return median(times);
}

/// The scan's points over again with a small shift until there are 500,000, its frames over again until there are 300.
void wholeScene(const Scene& scene) {
  constexpr std::size_t kPoints = 500'000, kFrames = 300;
  std::vector<Eigen::Vector3f> points;
  const auto& given = scene.points().positions_m;
  for (std::size_t i = 0; i < kPoints; ++i) {
    points.emplace_back(given[i % given.size()] +
                        Eigen::Vector3f::Constant(0.001F * static_cast<float>(i / given.size())));
  }
  VisibilityResult visibility;
  std::size_t num_visible = 0;
  const auto start = Clock::now();
  for (std::size_t k = 0; k < kFrames; ++k) {
    const std::size_t index = k % scene.frames.size();
    const auto depth = scene.pixels->depth(index).value();
    const FrameView view{scene.frames[index].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth};
    computeVisibility(points, view, {}, visibility);
    num_visible += visibility.count(Visibility::Visible);
  }
  std::printf("whole scene, %zu points x %zu frames with decoding of depth: %.2f s (%.1f million seen)\n",
              kPoints,
              kFrames,
              seconds(Clock::now() - start),
              static_cast<double>(num_visible) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  std::string python = "/usr/bin/python3", script = "bench/visibility_numpy.py";
  for (int i = 2; i + 1 < argc; i += 2) (std::string(argv[i]) == "--python" ? python : script) = argv[i + 1];
  if (argc < 2) {
    std::fprintf(stderr, "Usage: bench_visibility SCENE [--python PROGRAM] [--script visibility_numpy.py]\n");
    return 2;
  }
  const auto scene = openScene(argv[1], {}, {});
  if (!scene || (*scene)->frames.empty() || !(*scene)->frames[0].world_from_camera) {
    std::fprintf(stderr, "error: %s\n", scene ? "the first frame has no pose" : scene.error().message.c_str());
    return 2;
  }
  const auto depth = (*scene)->pixels->depth(0).value();
  VisibilityResult visibility;
  const double ours_s = oneFrame_s(**scene, depth, visibility);
  const std::size_t num_points = (*scene)->points().size();
  std::printf("tagscape, %d threads: %zu points in %.2f ms, %.0f million points/s\n",
              numThreads(),
              num_points,
              1e3 * ours_s,
              static_cast<double>(num_points) / ours_s / 1e6);
  setNumThreads(1);
  const double single_s = oneFrame_s(**scene, depth, visibility);
  std::printf("tagscape, 1 thread: %.2f ms\n", 1e3 * single_s);
  setNumThreads(0);

  const auto folder = std::filesystem::temp_directory_path() / ("tagscape_visibility_" + std::to_string(::rand()));
  std::filesystem::create_directories(folder);
  dumpFrame(folder, **scene, depth, visibility);
  std::fflush(stdout);
  const std::string command = python + " " + script + " " + folder.string() + " " + std::to_string(1e3 * ours_s);
  const int status = std::system(command.c_str());
  std::filesystem::remove_all(folder);
  if (status == 0) wholeScene(**scene);
  return status == 0 ? 0 : 1;
}
