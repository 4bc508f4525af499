// How fast labels are exported in ScanNet's form beside the disk's own writing: 100 scenes of 150,000 vertices, each
// written, flushed, read back, compared byte by byte and label by label. Both are measured in turn, ten scenes at a
// time, as disks are noisy.
//
// usage: bench_export FOLDER [SCENES]

#include "core/base/process_memory.h"
#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <vector>

namespace {

using namespace tagscape;
namespace fs = std::filesystem;

constexpr std::uint32_t kSide = 387;  // squared, 149,769 vertices

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// A wavy sheet with two triangles a cell, as large as a scene of ScanNet.
std::shared_ptr<Scene> makeScene() {
  auto scene = std::make_shared<Scene>();
  for (std::uint32_t y = 0; y < kSide; ++y) {
    for (std::uint32_t x = 0; x < kSide; ++x) {
      const float u = .02F * static_cast<float>(x), v = .02F * static_cast<float>(y);
      scene->mesh.vertices.positions_m.emplace_back(u, v, .3F * std::sin(u) * std::cos(v));
      scene->mesh.vertices.colors.push_back({static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 90});
      const std::uint32_t i = y * kSide + x;
      if (x + 1 == kSide || y + 1 == kSide) continue;
      scene->mesh.triangles.push_back({i, i + 1, i + kSide});
      scene->mesh.triangles.push_back({i + 1, i + kSide + 1, i + kSide});
    }
  }
  return scene;
}

/// Patches of all classes; what is not wall or floor is an object.
ExchangeLayer makeLayer(const Scene& scene, std::uint32_t seed) {
  ExchangeLayer layer{"prediction", "of a benchmark", {}, scanNetClasses(), {}, {}};
  for (std::uint32_t i = 0; i < scene.points().size(); ++i) {
    const std::uint32_t patch = (i / kSide / 43) * 9 + i % kSide / 43;
    const auto row = static_cast<std::uint16_t>((patch + seed) % kNumClasses);
    layer.points.classes.push_back(row);
    layer.points.confidence.push_back(.5F + static_cast<float>(patch) / 200);
    layer.points.instances.push_back(layer.classes[row].has_instances ? patch + 1 : 0);
  }
  return layer;
}

/// Writes as much with one flush at the end. @return seconds.
double writePlainly(const fs::path& file, std::uint64_t size) {
  constexpr std::size_t kChunk = std::size_t{4} << 20U;
  std::vector<char> chunk(kChunk);
  for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i] = static_cast<char>(i * 2654435761U >> 13U);
  const double begin = seconds();
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t written = ::write(descriptor, chunk.data(), std::min<std::uint64_t>(kChunk, size - done));
    if (written <= 0) std::abort();
    done += static_cast<std::uint64_t>(written);
  }
  ::fsync(descriptor);
  ::close(descriptor);
  const double taken = seconds() - begin;
  fs::remove(file);
  return taken;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: bench_export FOLDER [SCENES]\n", stderr), 2;
  const fs::path folder = argv[1];
  const int num_scenes = argc > 2 ? std::atoi(argv[2]) : 100;
  constexpr int kRound = 10;
  ExportOptions options;
  options.formats = exchangeFormatsNamed({"scannet"}).value();
  options.again = true;
  auto exporter = Exporter::create(folder / "export", options, scanNetClasses());
  if (!exporter) return std::fprintf(stderr, "%s\n", exporter.error().message.c_str()), 1;
  const std::shared_ptr<Scene> scene = makeScene();
  double exporting_s = 0, plain_s = 0;
  std::uint64_t bytes = 0;
  std::vector<double> ratios;
  for (int first = 0; first < num_scenes; first += kRound) {
    std::uint64_t round_bytes = 0;
    double begin = seconds();
    for (int i = first; i < std::min(first + kRound, num_scenes); ++i) {
      scene->name = fmt::format("scene{:04}_00", i);
      const auto record = exporter->add(scene, makeLayer(*scene, static_cast<std::uint32_t>(i)), {});
      if (!record) return std::fprintf(stderr, "%s\n", record.error().message.c_str()), 1;
      for (const auto& file : record->files) round_bytes += file.bytes;
    }
    const double export_s = seconds() - begin;
    const double own_s = writePlainly(folder / "plain", round_bytes);
    ratios.push_back(own_s / export_s);
    exporting_s += export_s;
    plain_s += own_s;
    bytes += round_bytes;
  }
  std::sort(ratios.begin(), ratios.end());
  const double mb = static_cast<double>(bytes) / 1e6;
  fmt::print(
      "{} scenes, {:.0f} MB: exported at {:.0f} MB/s ({:.0f} ms a scene), the disk alone {:.0f} MB/s; {:.0f} % "
      "(median of rounds {:.0f} %); peak memory {:.0f} MB\n",
      num_scenes,
      mb,
      mb / exporting_s,
      1e3 * exporting_s / num_scenes,
      mb / plain_s,
      100 * plain_s / exporting_s,
      100 * ratios[ratios.size() / 2],
      static_cast<double>(processPeakBytes()) / 1e6);
  fs::remove_all(folder / "export");
  return 0;
}
