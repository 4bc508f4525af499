#include "core/workflows/scene_predictor.h"

#include "core/base/random.h"
#include "core/cam/cam_values.h"
#include "core/geometry/point_operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr float kGridCell_m = 0.1F;

/// Rows of each pass: the shuffled cloud cut into pieces, so that every point is in one; the last piece is filled up
/// with others, whose logits are averaged. The same as often as there are votes, shuffled anew.
std::vector<std::vector<std::uint32_t>> passesOver(std::vector<std::uint32_t> rows,
                                                   std::size_t size,
                                                   const PointPasses& wanted) {
  Random random = Random(wanted.seed).fork("prediction");
  std::vector<std::vector<std::uint32_t>> passes;
  for (int vote = 0; vote < wanted.votes; ++vote) {
    random.shuffle(rows);
    for (std::size_t begin = 0; begin < rows.size(); begin += size) {
      if (wanted.max_passes > 0 && passes.size() == static_cast<std::size_t>(wanted.max_passes)) return passes;
      const std::size_t end = std::min(rows.size(), begin + size);
      auto& pass = passes.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                       rows.begin() + static_cast<std::ptrdiff_t>(end));
      while (pass.size() < size) pass.push_back(rows[random.below(rows.size())]);
    }
  }
  return passes;
}

}  // namespace

FrameCams frameCams(int frame_number,
                    const FrameLogits& logits,
                    const CellGrid& grid,
                    const std::optional<TagSet>& tags) {
  FrameCams cams{frame_number, logits.width, logits.height, camOfFrame(logits.values, tags)};
  cams.grid = grid;
  return cams;
}

FrameCams frameCams(int frame_number, const MultiScaleLogits& logits, const std::optional<TagSet>& tags) {
  FrameCams cams{frame_number, logits.width(), logits.height(), camOfFrame(logits.activations(), tags)};
  cams.grid = logits.grid();
  return cams;
}

Status checkFrameViews(const FrameViews& views) {
  constexpr double kMin = 0.1, kMax = 8;
  const bool fits = !views.scales.empty() && std::all_of(views.scales.begin(), views.scales.end(), [](double scale) {
    return scale >= kMin && scale <= kMax;
  });
  if (fits) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("The scales of frames must be numbers from {} to {}, for example .5,1,1.5,2", kMin, kMax));
}

Result<MultiScaleLogits> predictFrameLogits(Networks& networks, const RgbImage& color, const FrameViews& views) {
  MultiScaleLogits all(networks.inputs().cells);
  for (const double scale : views.scales) {
    const auto side_px = static_cast<int>(std::lround(networks.description().image_long_side_px * scale));
    const RgbImage image = resizedForNetwork(color, side_px, networks.imageStride());
    TAGSCAPE_ASSIGN(FrameLogits logits, networks.frameLogits(image));
    all.add(std::move(logits.values), logits.width, logits.height, false);
    if (!views.flip) continue;
    TAGSCAPE_ASSIGN(FrameLogits flipped, networks.frameLogits(mirrored(image)));
    all.add(std::move(flipped.values), flipped.width, flipped.height, true);
  }
  return all;
}

NearestSpread::NearestSpread(const PointCloud& points, const std::vector<std::uint32_t>& covered)
    : nearest_(points.size(), kNone) {
  std::vector<Eigen::Vector3f> known;
  known.reserve(covered.size());
  for (const std::uint32_t row : covered) known.push_back(points.positions_m[row]);
  const std::vector<std::uint32_t> finite = finiteRows(points);
  std::vector<Eigen::Vector3f> queries;
  queries.reserve(finite.size());
  for (const std::uint32_t row : finite) queries.push_back(points.positions_m[row]);
  const auto found = PointGrid(known, kGridCell_m).nearest(queries, 1);
  for (std::size_t i = 0; i < finite.size(); ++i) nearest_[finite[i]] = found.index[i];
}

std::vector<float> NearestSpread::spread(const std::vector<float>& logits) const {
  std::vector<float> all(nearest_.size() * kNumClasses, 0.F);
  for (std::size_t point = 0; point < nearest_.size(); ++point) {
    if (nearest_[point] == kNone) continue;
    std::copy_n(&logits[std::size_t{nearest_[point]} * kNumClasses], kNumClasses, &all[point * kNumClasses]);
  }
  return all;
}

Result<std::vector<float>> predictPointLogits(Networks& networks,
                                              const Scene& scene,
                                              const PointPasses& wanted,
                                              const Job& job) {
  if (wanted.votes < 1 || wanted.max_passes < 0)
    return fail(ErrorCode::InvalidInput, "Every point needs a vote at least. Give --votes 1 or more");
  const PointCloud& points = scene.points();
  const std::vector<std::uint32_t> usable = finiteRows(points);
  if (usable.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    fmt::format("scene '{}' has no points", scene.name),
                    "Fuse its depth maps first, or name a scan with a mesh.");
  }
  const float floor_z_m = floorHeight(points, usable);
  const auto passes = passesOver(usable, static_cast<std::size_t>(networks.description().points_per_cloud), wanted);
  std::vector<float> sums(points.size() * kNumClasses, 0.F);
  std::vector<float> counts(points.size(), 0.F);
  for (std::size_t pass = 0; pass < passes.size(); ++pass) {
    TAGSCAPE_TRY(job.checkStop("the prediction"));
    job.report("predicting points", static_cast<std::int64_t>(pass), static_cast<std::int64_t>(passes.size()));
    const PreparedCloud cloud = prepareCloud(points, passes[pass], floor_z_m, networks.inputs().hierarchy);
    TAGSCAPE_ASSIGN(const std::vector<float> logits, networks.pointLogits(cloud));
    for (std::size_t i = 0; i < cloud.rows.size(); ++i) {
      counts[cloud.rows[i]] += 1;
      for (std::size_t c = 0; c < kNumClasses; ++c)
        sums[cloud.rows[i] * kNumClasses + c] += logits[i * kNumClasses + c];
    }
  }
  std::vector<std::uint32_t> covered;
  std::vector<float> means;
  for (const std::uint32_t row : usable) {
    if (counts[row] == 0) continue;
    covered.push_back(row);
    for (std::size_t c = 0; c < kNumClasses; ++c) means.push_back(sums[row * kNumClasses + c] / counts[row]);
  }
  return NearestSpread(points, covered).spread(means);
}

LiveSnapshot::LiveSnapshot(const Scene& scene, const PreparedScene& prepared)
    : scene_(scene), prepared_(prepared), spread_(scene.points(), prepared.clouds.front().rows) {}

Result<SceneCams> LiveSnapshot::take(Networks& networks,
                                     std::int64_t step,
                                     bool image_learnt,
                                     bool points_learnt) const {
  SceneCams cams;
  cams.scene_name = scene_.name;
  cams.step = step;
  cams.uses_tags = true;
  if (points_learnt) {
    TAGSCAPE_ASSIGN(const std::vector<float> sampled, networks.pointLogits(prepared_.clouds.front()));
    const std::vector<float> logits = spread_.spread(sampled);
    cams.point_values = camOfPoints(logits, prepared_.tags);
    cams.point_labels = labelsOfPoints(logits, prepared_.tags);
    clearLabelsOfNonFinite(scene_.points(), cams.point_labels);
  } else {
    cams.point_values.assign(scene_.points().size() * kNumClasses, 0.F);
    cams.point_labels.assign(scene_.points().size(), kNoClass);
  }
  if (!image_learnt) return cams;
  for (const PreparedFrame& frame : prepared_.frames) {
    TAGSCAPE_ASSIGN(const FrameLogits logits, networks.frameLogits(frame.image));
    cams.frames.push_back(frameCams(frame.number, logits, networks.inputs().cells, frame.tags));
  }
  return cams;
}

void clearLabelsOfNonFinite(const PointCloud& points, std::vector<std::uint8_t>& labels) {
  for (std::size_t point = 0; point < labels.size(); ++point) {
    if (!points.positions_m[point].allFinite()) labels[point] = kNoClass;
  }
}

}  // namespace tagscape
