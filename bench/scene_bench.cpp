// What a scan costs before anything is learned: fusing it, opening it from the cache, evaluating what a frame sees.
// Usage: bench_scene SCENE [Google Benchmark options]

#include "core/geometry/project_values.h"
#include "core/geometry/visibility.h"
#include "core/pipeline/open_scene.h"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <memory>

namespace {

using namespace tagscape;

std::string scene_path;

const Scene& cachedScene() {
  static const SharedScene scene = [] {
    auto opened = openScene(scene_path, {}, {});
    if (!opened) {
      std::fprintf(stderr, "error: %s\n", opened.error().message.c_str());
      std::exit(2);
    }
    return *opened;
  }();
  return *scene;
}

void fuseScene(benchmark::State& state) {
  const Scene& scene = cachedScene();
  for (auto _ : state) benchmark::DoNotOptimize(fuseFrames(scene, {}, {}));
  state.counters["frames/s"] =
      benchmark::Counter(static_cast<double>(scene.frames.size()), benchmark::Counter::kIsIterationInvariantRate);
}

void openFromCache(benchmark::State& state) {
  (void)cachedScene();
  for (auto _ : state) benchmark::DoNotOptimize(openScene(scene_path, {}, {}));
  state.counters["points"] = static_cast<double>(cachedScene().points().size());
}

void evaluateFrame(benchmark::State& state) {
  const Scene& scene = cachedScene();
  const auto depth = scene.pixels->depth(0).value();
  const FrameView view{scene.frames[0].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth};
  for (auto _ : state) benchmark::DoNotOptimize(computeVisibility(scene.points().positions_m, view));
  state.counters["points/s"] =
      benchmark::Counter(static_cast<double>(scene.points().size()), benchmark::Counter::kIsIterationInvariantRate);
}

void splatFrame(benchmark::State& state) {
  const Scene& scene = cachedScene();
  const auto depth = scene.pixels->depth(0).value();
  const FrameView view{scene.frames[0].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth};
  const auto visibility = computeVisibility(scene.points().positions_m, view);
  const std::vector<float> values(scene.points().size(), 1.0F);
  const Intrinsics& camera = scene.color_intrinsics;
  for (auto _ : state) {
    benchmark::DoNotOptimize(projectValues(visibility, values, camera, camera.width, camera.height, 0.02F));
  }
}

BENCHMARK(fuseScene)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(openFromCache)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(evaluateFrame)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(splatFrame)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fprintf(stderr, "Usage: bench_scene SCENE [--benchmark_format=json …]\n");
    return 2;
  }
  scene_path = argv[1];
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
