#include "core/workflows/superpoint_bound.h"

#include "core/geometry/reference_depth.h"
#include "core/geometry/surface_superpoints.h"
#include "core/geometry/visibility.h"
#include "core/scan_labels/label_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

namespace tagscape {
namespace {

using Votes = std::vector<std::array<std::uint32_t, kNumClasses>>;

std::uint8_t mostVoted(const std::array<std::uint32_t, kNumClasses>& votes) {
  const auto majority = std::ranges::max_element(votes);
  return *majority == 0 ? kNoClass : static_cast<std::uint8_t>(majority - votes.begin());
}

/// Calls visit(vertex, label) for every vertex that an annotated frame sees.
Status visitLabelledPixels(const Scene& scene,
                           const Job& job,
                           const std::function<void(std::size_t vertex, std::uint8_t label)>& visit) {
  ReferenceDepth depth(scene);
  VisibilityResult seen;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("the evaluation"));
    const Frame& frame = scene.frames[i];
    if (!frame.has_labels || !frame.world_from_camera) continue;
    const auto labels = scene.pixels->labels(i);
    const auto view = depth.of(i);
    if (!labels || !view) continue;
    computeVisibility(scene.points().positions_m,
                      {frame.world_from_camera, scene.color_intrinsics, view->camera, &view->image},
                      {},
                      seen);
    for (std::size_t vertex = 0; vertex < seen.reason.size(); ++vertex) {
      if (seen.reason[vertex] != Visibility::Visible) continue;
      const auto u = static_cast<int>(std::lround(seen.pixel[vertex].x()));
      const auto v = static_cast<int>(std::lround(seen.pixel[vertex].y()));
      visit(vertex, labels->at(std::clamp(u, 0, labels->width - 1), std::clamp(v, 0, labels->height - 1)));
    }
  }
  return {};
}

Result<std::vector<std::uint8_t>> truthOfPoints(const Scene& scene, const Job& job) {
  if (!scene.point_labels.empty()) return scene.point_labels;
  Votes votes(scene.points().size());
  for (auto& vote : votes) vote.fill(0);
  TAGSCAPE_TRY(visitLabelledPixels(scene, job, [&](std::size_t vertex, std::uint8_t label) {
    if (label < kNumClasses) ++votes[vertex][label];
  }));
  std::vector<std::uint8_t> truth;
  for (const auto& vote : votes) truth.push_back(mostVoted(vote));
  if (std::ranges::any_of(truth, [](std::uint8_t label) { return label != kNoClass; })) return truth;
  return failFile(ErrorCode::InvalidInput,
                  scene.path,
                  fmt::format("scene '{}' has no labels to compare with", scene.name),
                  "Name a scene with a .labels.ply, segments and aggregation, or label images");
}

/// Every point's class if its superpoint had the one that most of its points have.
std::vector<std::uint8_t> majority(const std::vector<std::uint32_t>& superpoints,
                                   const std::vector<std::uint8_t>& truth,
                                   std::size_t& count) {
  for (const std::uint32_t s : superpoints) count = std::max<std::size_t>(count, s + 1);
  Votes votes(count);
  for (auto& vote : votes) vote.fill(0);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] < kNumClasses) ++votes[superpoints[i]][truth[i]];
  }
  std::vector<std::uint8_t> labels;
  for (const std::uint32_t s : superpoints) labels.push_back(mostVoted(votes[s]));
  return labels;
}

}  // namespace

Result<SuperpointReport> superpointBounds(const SharedScene& scene, const Job& job) {
  TAGSCAPE_ASSIGN(const auto truth, truthOfPoints(*scene, job));
  const std::vector<SuperpointOptions> scales = ScanLabelOptions().scales;
  TAGSCAPE_ASSIGN(const auto normals, vertexNormals(scene->mesh, job));
  std::vector<std::vector<std::uint32_t>> superpoints = surfaceSuperpoints(scene->mesh, scales);
  if (scene->mesh.triangles.empty()) {
    TAGSCAPE_ASSIGN(superpoints, superpointsByNormals(scene->points(), normals, scales, job));
  }
  SuperpointReport report;
  report.num_scenes = 1;
  std::vector<SuperpointBound>& bounds = report.bounds;
  bounds.resize(scales.size());
  std::vector<std::vector<std::uint8_t>> labels;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    bounds[i].name = fmt::format("threshold {:g}, {} points at least", scales[i].threshold, scales[i].min_size);
    labels.push_back(majority(superpoints[i], truth, bounds[i].num_superpoints));
    bounds[i].points.add(truth, labels[i]);
  }
  TAGSCAPE_TRY(visitLabelledPixels(*scene, job, [&](std::size_t vertex, std::uint8_t label) {
    for (std::size_t i = 0; i < scales.size(); ++i) bounds[i].pixels.add(label, labels[i][vertex]);
  }));
  return report;
}

SuperpointReport& SuperpointReport::operator+=(const SuperpointReport& other) {
  if (bounds.empty()) bounds.resize(other.bounds.size());
  for (std::size_t i = 0; i < other.bounds.size(); ++i) {
    bounds[i].name = other.bounds[i].name;
    bounds[i].num_superpoints += other.bounds[i].num_superpoints;
    bounds[i].points += other.bounds[i].points;
    bounds[i].pixels += other.bounds[i].pixels;
  }
  num_scenes += other.num_scenes;
  skipped.insert(skipped.end(), other.skipped.begin(), other.skipped.end());
  return *this;
}

std::vector<ResultRow> SuperpointReport::rows(const std::string& split) const {
  std::vector<ResultRow> rows;
  for (const SuperpointBound& bound : bounds) {
    for (const bool in_3d : {true, false}) {
      const Confusion& confusion = in_3d ? bound.points : bound.pixels;
      if (confusion.total() == 0) continue;
      ResultRow row = rowOf(confusion);
      row.name = fmt::format("{} superpoints, {}", bound.num_superpoints, bound.name);
      row.domain = in_3d ? "3D" : "2D";
      row.split = split;
      row.protocol = "majority by truth";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace tagscape
