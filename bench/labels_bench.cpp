// What a label project costs: an edit, an undo, opening a project with a long history, memory, and a lasso around many
// points. Prints one JSON line a figure.
// Usage: bench_labels FOLDER [POINTS] [EDITS]

#include "core/annotate/label_operations.h"
#include "core/annotate/project.h"
#include "core/base/process_memory.h"
#include "core/base/random.h"
#include "core/geometry/frame_points.h"
#include "ui/tools/outline_test.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <numbers>

namespace {

using namespace tagscape;
namespace fs = std::filesystem;

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print(const char* what, std::vector<double> values_s) {
  std::sort(values_s.begin(), values_s.end());
  std::printf("{\"what\": \"%s\", \"median_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"n\": %zu}\n",
              what,
              1e3 * values_s[values_s.size() / 2],
              1e3 * values_s[values_s.size() * 99 / 100],
              1e3 * values_s.back(),
              values_s.size());
  std::fflush(stdout);
}

Scene gridScene(const fs::path& path, std::size_t num_points) {
  Scene scene;
  scene.name = "bench";
  scene.path = path;
  const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(num_points))));
  for (std::size_t i = 0; i < num_points; ++i)
    scene.mesh.vertices.positions_m.emplace_back(
        0.01F * static_cast<float>(i % side), 0.01F * static_cast<float>(i / side), 0.F);
  return scene;
}

/// Points of a disc on the grid, as a stroke has.
std::vector<std::uint32_t> disc(Random& random, std::size_t num_points) {
  const auto side = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(num_points))));
  const auto middle = static_cast<std::int64_t>(random.below(num_points));
  constexpr std::int64_t kRadius = 12;
  std::vector<std::uint32_t> points;
  for (std::int64_t y = -kRadius; y <= kRadius; ++y) {
    for (std::int64_t x = -kRadius; x <= kRadius; ++x) {
      const std::int64_t at = middle + y * side + x;
      if (x * x + y * y <= kRadius * kRadius && at >= 0 && at < static_cast<std::int64_t>(num_points))
        points.push_back(static_cast<std::uint32_t>(at));
    }
  }
  return points;
}

void benchProject(const fs::path& folder, std::size_t num_points, int num_edits) {
  const fs::path file = folder / "bench.tagscape";
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(file.string() + ending);
  const Scene scene = gridScene(folder / "scan", num_points);
  std::vector<double> commits, undos;
  {
    Project project = Project::create(file, builtInClassSet("scannet20").value()).value();
    const auto added = project.addScene(scene, pointsHash(scene)).value();
    const ProjectLayer layer = project.pointLayer(added.id).value();
    const std::int64_t before = processPeakBytes();
    LabelLayer labels(num_points);
    std::printf("{\"what\": \"memory of labels, origin and instance\", \"bytes_a_point\": %.2f}\n",
                static_cast<double>(processPeakBytes() - before) / static_cast<double>(num_points));
    Random random(1);
    for (int i = 0; i < num_edits; ++i) {
      const LabelBrush brush{{static_cast<std::uint8_t>(random.below(20)), 255, 0, 1}};
      const auto points = disc(random, num_points);
      commits.push_back(seconds([&] {
        ProjectEdit edit{added.id, "brush", "", 0, false, {{layer.id, paint(labels, points, brush)}}, {}};
        labels.apply(edit.layers[0].delta);
        if (!project.commit(edit)) std::exit(1);
      }));
    }
    for (int i = 0; i < 200; ++i) undos.push_back(seconds([&] { (void)project.undo(); }));
    for (int i = 0; i < 200; ++i) (void)project.redo();
  }
  print("edit of 450 points, in the file", commits);
  print("undo of 450 points, in the file", undos);
  std::vector<double> opens, again;
  for (int i = 0; i < 5; ++i) {
    opens.push_back(seconds([&] {
      Project project = Project::open(file).value();
      (void)project.loadLayer(1).value();
    }));
  }
  print("open a project and its layer, all edits gone through", opens);
  {
    Project project = Project::open(file).value();
    (void)project.keepSnapshot(1, project.loadLayer(1).value());
  }
  for (int i = 0; i < 5; ++i) {
    again.push_back(seconds([&] {
      Project project = Project::open(file).value();
      (void)project.loadLayer(1).value();
    }));
  }
  print("the same from the snapshot that the studio keeps", again);
  std::printf("{\"what\": \"file\", \"MB\": %.1f}\n", static_cast<double>(fs::file_size(file)) / 1e6);
}

void benchLasso() {
  constexpr std::size_t kNumPoints = 1'000'000;
  constexpr int kWidth = 1296, kHeight = 968, kCorners = 400;
  Random random(2);
  VisibilityResult visibility;
  for (std::size_t i = 0; i < kNumPoints; ++i) {
    visibility.pixel.emplace_back(static_cast<float>(random.uniform(0, kWidth - 1)),
                                  static_cast<float>(random.uniform(0, kHeight - 1)));
    visibility.reason.push_back(Visibility::Visible);
  }
  const FramePoints in_view(visibility, kWidth, kHeight);
  QPolygonF outline;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners, radius = .9 + .1 * std::sin(9 * angle);
    outline += QPointF(kWidth / 2. * (1 + radius * std::cos(angle)), kHeight / 2. * (1 + radius * std::sin(angle)));
  }
  const LabelLayer labels(kNumPoints);
  std::vector<double> times;
  std::size_t num_found = 0;
  for (int i = 0; i < 9; ++i) {
    times.push_back(seconds([&] {
      const OutlineTest test(outline);
      std::vector<std::uint32_t> points;
      const auto toVector = [](QPointF p) {
        return Eigen::Vector2f(static_cast<float>(p.x()), static_cast<float>(p.y()));
      };
      in_view.within(toVector(test.bounds().topLeft()), toVector(test.bounds().bottomRight()), [&](const auto& point) {
        if (test.contains(static_cast<double>(point.pixel.x()), static_cast<double>(point.pixel.y())))
          points.push_back(point.row);
      });
      num_found = points.size();
    }));
  }
  std::printf("{\"what\": \"points in the lasso\", \"n\": %zu}\n", num_found);
  print("lasso of 400 corners among a million points", times);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_labels FOLDER [POINTS] [EDITS]\n");
    return 2;
  }
  fs::create_directories(argv[1]);
  constexpr std::size_t kPoints = 500'000;
  constexpr int kEdits = 10'000;
  benchProject(argv[1],
               argc > 2 ? std::strtoull(argv[2], nullptr, 10) : kPoints,
               argc > 3 ? static_cast<int>(std::strtol(argv[3], nullptr, 10)) : kEdits);
  benchLasso();
  return 0;
}
