// What reading scan files costs, side by side in one run: a binary PLY of 1 M vertices and 2 M faces (the bytes alone,
// our reader, Open3D's), and single frames of a .sens file of 2,000 frames (position in the file must not matter).
// Usage: bench_files [Google Benchmark options]; writes its inputs to a temporary folder, about 200 MB.

#include "core/clouds/ply.h"
#include "core/scans/sens_file.h"

#include <open3d/geometry/TriangleMesh.h>
#include <open3d/io/TriangleMeshIO.h>

#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <vector>

namespace {

using namespace tagscape;
namespace fs = std::filesystem;

constexpr std::uint32_t kSide = 1000;  // vertices of the height field on each side
constexpr int kNumFrames = 2000;

const fs::path& folder() {
  static const fs::path path = fs::temp_directory_path() / ("tagscape-bench-" + std::to_string(::getpid()));
  return path;
}
fs::path plyFile() { return folder() / "million.ply"; }
fs::path sensFile() { return folder() / "frames.sens"; }

bool makePly() {
  PlyContent content;
  auto& vertices = content.mesh.vertices;
  for (std::uint32_t y = 0; y < kSide; ++y) {
    for (std::uint32_t x = 0; x < kSide; ++x) {
      const auto u = static_cast<float>(x) * 0.01F;
      const auto v = static_cast<float>(y) * 0.01F;
      vertices.positions_m.emplace_back(u, v, std::sin(u) * std::cos(v));
      vertices.colors.push_back({static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 90});
      if (x + 1 == kSide || y + 1 == kSide) continue;
      const std::uint32_t corner = y * kSide + x;
      content.mesh.triangles.push_back({corner, corner + 1, corner + kSide});
      content.mesh.triangles.push_back({corner + 1, corner + kSide + 1, corner + kSide});
    }
  }
  return writePly(plyFile(), content).has_value();
}

bool makeSens() {
  SensHeader header;
  header.sensor_name = "bench";
  header.color_type = SensColor::Raw;
  header.depth_type = SensDepth::Zlib;
  header.color_width = header.depth_width = 160;
  header.color_height = header.depth_height = 120;
  const RgbImage color(160, 120, 3, 100);
  RawDepthImage depth(160, 120, 1);
  for (std::size_t i = 0; i < depth.pixels.size(); ++i) depth.pixels[i] = static_cast<std::uint16_t>(1000 + i % 997);
  return writeSens(sensFile(),
                   header,
                   kNumFrames,
                   [&](std::size_t index) -> Result<SensFrameData> {
                     SensFrameData frame;
                     frame.timestamp_color_us = index;
                     frame.color = color;
                     frame.depth = depth;
                     return frame;
                   })
      .has_value();
}

/// read() into a buffer that was not touched before, as a reader that keeps the bytes would do it.
void readBytes(benchmark::State& state) {
  const auto size = fs::file_size(plyFile());
  for (auto _ : state) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(size);
    const int file = ::open(plyFile().c_str(), O_RDONLY | O_CLOEXEC);
    std::size_t done = 0;
    for (ssize_t count = 1; count > 0; done += static_cast<std::size_t>(count))
      count = ::read(file, buffer.get() + done, size - done);
    ::close(file);
    benchmark::DoNotOptimize(buffer.get()[size / 2]);
  }
}

void readOurs(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(readPly(plyFile()).value());
}

void readOpen3d(benchmark::State& state) {
  for (auto _ : state) {
    open3d::geometry::TriangleMesh mesh;
    if (!open3d::io::ReadTriangleMesh(plyFile().string(), mesh)) state.SkipWithError("Open3D could not read it");
    benchmark::DoNotOptimize(mesh.vertices_.data());
  }
}

/// Opening by the kept index, then one frame: the argument is its number.
void readSensFrame(benchmark::State& state) {
  const auto file = SensFile::open(sensFile()).value();
  const auto index = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(file.color(index).value());
    benchmark::DoNotOptimize(file.depth(index).value());
  }
  state.counters["offset"] = static_cast<double>(file.frames()[index].color_offset);
  state.counters["file bytes"] = static_cast<double>(fs::file_size(sensFile()));
}

void openSens(benchmark::State& state) {
  const SensOptions options{.use_cache = state.range(0) != 0};
  for (auto _ : state) benchmark::DoNotOptimize(SensFile::open(sensFile(), options).value());
}

BENCHMARK(readBytes)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(readOurs)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(readOpen3d)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(openSens)->ArgName("kept_index")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(readSensFrame)->ArgName("frame")->Arg(10)->Arg(1000)->Arg(1990)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  ::setenv("XDG_CACHE_HOME", (folder() / "cache").c_str(), 1);
  std::error_code code;
  const bool made = fs::create_directories(folder(), code) && makePly() && makeSens();
  if (made) benchmark::RunSpecifiedBenchmarks();
  fs::remove_all(folder(), code);
  if (!made) std::fprintf(stderr, "error: %s could not be written\n", folder().c_str());
  return made ? 0 : 1;
}
