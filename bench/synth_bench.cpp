// How fast procedural rooms are: building the hierarchy, rays, frames, surfaces, whole scenes.

#include "core/synth/camera_path.h"
#include "core/synth/frame_renderer.h"
#include "core/synth/room_scene.h"
#include "core/synth/room_set.h"
#include "core/synth/surface_mesh.h"

#include <benchmark/benchmark.h>
#include <filesystem>
#include <unistd.h>

namespace tagscape::synth {
namespace {

Room roomFor(const benchmark::State& state) {
  return furnishRoom(kRoomKinds.at(static_cast<std::size_t>(state.range(0))), Random(1));
}

void buildHierarchy(benchmark::State& state) {
  const Room room = roomFor(state);
  for (auto _ : state) benchmark::DoNotOptimize(RayCaster(room.model));
  state.counters["triangles"] = static_cast<double>(room.model.faces.size());
}
BENCHMARK(buildHierarchy)->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void castRays(benchmark::State& state) {
  const Room room = roomFor(state);
  const RayCaster caster(room.model);
  const auto poses = planScan(room, caster, 8, Random(1));
  constexpr int kSide = 128;
  for (auto _ : state) {
    for (const auto& pose : poses) {
      const Eigen::Matrix3f turn = pose.linear().cast<float>();
      const Eigen::Vector3f eye = pose.translation().cast<float>();
      for (int i = 0; i < kSide * kSide; ++i) {
        const auto x = static_cast<float>(i % kSide - kSide / 2);
        const auto y = static_cast<float>(i / kSide - kSide / 2);
        benchmark::DoNotOptimize(caster.firstHit(eye, turn * Eigen::Vector3f(x / kSide, y / kSide, 1)));
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(poses.size()) * kSide * kSide);
}
BENCHMARK(castRays)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);

void renderOneFrame(benchmark::State& state) {
  const Room room = roomFor(state);
  const RayCaster caster(room.model);
  const Intrinsics camera = scannerIntrinsics(640, 480);
  const Pose pose = planScan(room, caster, 8, Random(1)).front();
  for (auto _ : state) benchmark::DoNotOptimize(renderFrame(room, caster, camera, pose, {}, Random(1)));
  state.SetItemsProcessed(state.iterations() * 640 * 480);
}
BENCHMARK(renderOneFrame)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);

void reconstruct(benchmark::State& state) {
  const Room room = furnishLivingRoom(Random(1));
  const RayCaster caster(room.model);
  const auto views = planScan(room, caster, 34, Random(1));
  const Intrinsics camera = scannerIntrinsics(160, 120);
  const SurfaceOptions options{.edge_m = static_cast<double>(state.range(0)) / 1000};
  std::size_t num_vertices = 0;
  for (auto _ : state)
    num_vertices = reconstructSurface(room, caster, views, camera, options, Random(1)).objects.size();
  state.counters["vertices"] = static_cast<double>(num_vertices);
}
BENCHMARK(reconstruct)->Arg(110)->Arg(34)->Unit(benchmark::kMillisecond);

void writeScene(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / ("tagscape-bench-" + std::to_string(::getpid()));
  const Room room = furnishLivingRoom(Random(1));
  const SceneOptions options = roomSetPreset("rooms")->scene;
  for (auto _ : state) {
    if (!writeRoomScene(folder, "scene0000_00", room, options, Random(1), false, {}, [] {}))
      state.SkipWithError("the scene was not written");
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(writeScene)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tagscape::synth

BENCHMARK_MAIN();
