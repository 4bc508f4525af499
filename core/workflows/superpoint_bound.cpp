#include "core/workflows/superpoint_bound.h"

#include "core/pipeline/point_truth.h"
#include "core/pipeline/scene_superpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tagscape {
namespace {

using Votes = std::vector<std::array<std::uint32_t, kNumClasses>>;

std::uint8_t mostVoted(const std::array<std::uint32_t, kNumClasses>& votes) {
  const auto majority = std::ranges::max_element(votes);
  return *majority == 0 ? kNoClass : static_cast<std::uint8_t>(majority - votes.begin());
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

/// One way to divide a scene.
struct Candidate {
  std::string name;
  std::vector<std::uint32_t> of_point;
};

/// Those of the preset scan at every scale, and those of trainings on sets of rooms.
Result<std::vector<Candidate>> candidatesOf(const Scene& scene, const Job& job) {
  const std::vector<SuperpointOptions> scales = superpointScales();
  TAGSCAPE_ASSIGN(const auto normals, vertexNormals(scene.mesh, job));
  TAGSCAPE_ASSIGN(auto by_shape, superpointsAtScales(scene.mesh, normals, scales, job));
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    candidates.push_back({fmt::format("threshold {:g}, {} points at least", scales[i].threshold, scales[i].min_size),
                          std::move(by_shape[i])});
  }
  TAGSCAPE_ASSIGN(SceneSuperpoints of_rooms, sceneSuperpoints(scene, SuperpointSource::ShapeAndColor, job));
  candidates.push_back({"by shape and colour, for sets of rooms", std::move(of_rooms.of_point)});
  return candidates;
}

}  // namespace

Result<SuperpointReport> superpointBounds(const SharedScene& scene, const Job& job) {
  TAGSCAPE_ASSIGN(const auto truth, truthOfPoints(*scene, job));
  if (truth.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene->path,
                    fmt::format("scene '{}' has no labels to compare with", scene->name),
                    "Name a scene with a .labels.ply, segments and aggregation, or label images");
  }
  TAGSCAPE_ASSIGN(const auto candidates, candidatesOf(*scene, job));
  SuperpointReport report;
  report.num_scenes = 1;
  std::vector<SuperpointBound>& bounds = report.bounds;
  bounds.resize(candidates.size());
  std::vector<std::vector<std::uint8_t>> labels;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    bounds[i].name = candidates[i].name;
    labels.push_back(majority(candidates[i].of_point, truth, bounds[i].num_superpoints));
    bounds[i].points.add(truth, labels[i]);
  }
  TAGSCAPE_TRY(visitLabelledPixels(*scene, job, [&](std::size_t vertex, std::uint8_t label) {
    for (std::size_t i = 0; i < labels.size(); ++i) bounds[i].pixels.add(label, labels[i][vertex]);
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
