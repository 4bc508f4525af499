#include "core/scan_labels/label_scan.h"

#include "core/base/log.h"
#include "core/geometry/reference_depth.h"
#include "core/scan_labels/room_prior.h"
#include "core/scan_labels/superpoint_graph.h"
#include "core/scan_labels/superpoint_views.h"
#include "core/scene/class_catalog.h"
#include "core/scene/scene_tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace tagscape {
namespace {

constexpr float kMinProbability = 1e-3F;
/// Added to the logits of walls where no frame has tags: nothing else says then that most of what is upright is wall
/// rather than any other class that the scene is tagged with.
constexpr float kWallsByThemselves = .8F;

/// Means of vertices' values over the superpoints.
ClassValues meansOf(const SuperpointGraph& graph, const ClassValues& of_vertices) {
  ClassValues means = ClassValues::Zero(static_cast<Eigen::Index>(graph.count), kNumClasses);
  for (std::size_t i = 0; i < graph.of_vertex.size(); ++i)
    means.row(graph.of_vertex[i]) += of_vertices.row(static_cast<Eigen::Index>(i));
  means.colwise() /= Eigen::Map<const Eigen::ArrayXf>(graph.sizes.data(), means.rows());
  return means;
}

/// The views of a scan's superpoints at one scale.
struct ScaleViews {
  ClassValues probabilities;        ///< [S, kNumClasses] sum over frames of visible vertices times probabilities.
  std::vector<float> num_visible;   ///< [S] over all frames.
  std::vector<TaggedFrame> frames;  ///< By frame of the scene.
};

/// The logits that a frame adds by class: 0 for its tags, far below for others, but for those that may be forgotten.
/// Without tags: all classes of the scene.
ClassValues allowance(const TaggedFrame& frame, const TagSet& classes) {
  constexpr float kForbidden = -1e9F, kLeast = 1e-4F;
  ClassValues allowed = ClassValues::Constant(1, kNumClasses, kForbidden);
  for (int c = 0; c < kNumClasses; ++c) {
    const auto index = static_cast<std::size_t>(c);
    if (!classes[index] && !(frame.tags && (*frame.tags)[index])) continue;
    if (!frame.tags || (*frame.tags)[index]) allowed(0, c) = 0;
    if (frame.tags && !(*frame.tags)[index] && frame.forgotten.size() > 0)
      allowed(0, c) = std::log(std::max(kLeast, frame.forgotten(0, c)));
  }
  return allowed;
}

void addView(const SuperpointView& view, const TagSet& classes, bool has_logits, TaggedFrame& frame, ScaleViews& sums) {
  ClassValues logits = view.logits;
  if (!has_logits) logits.setZero();
  logits.rowwise() += allowance(frame, classes).row(0);
  const ClassValues probabilities = softmaxOfRows(std::move(logits));
  const float all = std::accumulate(view.num_visible.begin(), view.num_visible.end(), 0.F);
  for (std::size_t i = 0; i < view.superpoints.size(); ++i) {
    const std::uint32_t s = view.superpoints[i];
    sums.probabilities.row(s) += view.num_visible[i] * probabilities.row(static_cast<Eigen::Index>(i));
    sums.num_visible[s] += view.num_visible[i];
    frame.shown.push_back({s, view.num_visible[i] / all, view.num_visible[i]});
  }
}

/// The scene as one frame that shows every superpoint in proportion to its size.
TaggedFrame wholeScene(const SuperpointGraph& graph, const TagSet& tags) {
  TaggedFrame whole;
  whole.tags = tags;
  const float all = std::accumulate(graph.sizes.begin(), graph.sizes.end(), 0.F);
  for (std::uint32_t s = 0; s < graph.count; ++s) whole.shown.push_back({s, graph.sizes[s] / all, graph.sizes[s]});
  return whole;
}

}  // namespace

struct ScanLabeller::Impl {
  SharedScene scene;
  ScanLabelOptions options;
  TagSet classes;
  bool has_frame_tags = false;
  std::vector<std::vector<std::uint32_t>> of_vertex;  ///< By scale.
  std::vector<SuperpointGraph> graphs;
  std::vector<ClassValues> room;  ///< By scale: [S, kNumClasses]; empty if it is not used.
  std::unique_ptr<ReferenceDepth> depth;

  [[nodiscard]] std::optional<TagSet> tagsOf(std::size_t frame) const {
    const auto& tags = scene->frames[frame].tags;
    return tags && tags->any() ? tags : std::nullopt;
  }

  Status prepare(const Job& job) {
    const Mesh& mesh = scene->mesh;
    TAGSCAPE_ASSIGN(const auto normals, vertexNormals(mesh, job));
    TAGSCAPE_ASSIGN(of_vertex, superpointsAtScales(mesh, normals, options.scales, job));
    ClassValues of_vertices;
    if (options.room_prior > 0) {
      const auto& points = mesh.vertices.positions_m;
      of_vertices = options.room_prior * roomPrior(points, normals, floorHeightOf(points, normals));
    }
    for (const auto& scale : of_vertex) {
      TAGSCAPE_TRY(job.checkStop("labelling the scan"));
      graphs.push_back(superpointGraph(mesh, scale, normals));
      if (options.room_prior <= 0) continue;
      const SuperpointGraph& graph = graphs.back();
      room.push_back(meansOf(graph, of_vertices) + sizePrior(graph.areas_m2, graph.normals));
      if (const auto wall = classByName("wall"); wall && !has_frame_tags) room.back().col(*wall) += kWallsByThemselves;
    }
    return {};
  }

  /// The views of all frames, by scale.
  Result<std::vector<ScaleViews>> look(const FrameLogitsSource& logits,
                                       const TagReliability* reliability,
                                       const ScanLabeller& self,
                                       const Job& job) const {
    std::vector<ScaleViews> scales;
    for (const SuperpointGraph& graph : graphs) {
      const auto count = static_cast<Eigen::Index>(graph.count);
      scales.push_back({ClassValues::Zero(count, kNumClasses),
                        std::vector<float>(graph.count, 0.F),
                        std::vector<TaggedFrame>(scene->frames.size())});
    }
    const auto add = [&](const FrameSight& sight) -> Status {
      static const std::vector<float> kNothing(kNumClasses, 0.F);
      TAGSCAPE_ASSIGN(CellMaps frame_logits, logits(sight.index));
      const bool has_logits = !frame_logits.values.empty();
      if (!has_logits) frame_logits = {kNothing, 1, 1, {}};
      const auto views = viewSuperpoints(sight.visibility, scene->color_intrinsics, frame_logits, of_vertex);
      const auto tags = tagsOf(sight.index);
      for (std::size_t k = 0; k < scales.size(); ++k) {
        TaggedFrame& frame = scales[k].frames[sight.index];
        frame.tags = tags;
        frame.hole_fraction = sight.hole_fraction;
        if (reliability != nullptr) {
          frame.false_tags = reliability->false_tags.row(static_cast<Eigen::Index>(sight.index));
          frame.forgotten = reliability->forgotten.row(static_cast<Eigen::Index>(sight.index));
        }
        addView(views[k], classes, has_logits, frame, scales[k]);
      }
      return {};
    };
    TAGSCAPE_TRY(self.visitFrames(add, job));
    return scales;
  }

  /// The logits of superpoints before the tag model is applied.
  [[nodiscard]] ClassValues evidenceAt(std::size_t scale, const ScaleViews& views) const {
    constexpr float kImpossible = -1e9F;
    const auto visible = Eigen::Map<const Eigen::ArrayXf>(views.num_visible.data(), views.probabilities.rows());
    ClassValues q = views.probabilities;
    q.colwise() /= visible.max(1.F);
    if (!room.empty()) q = softmaxOfRows((q + kMinProbability).log() + room[scale]);
    ClassValues evidence = smoothedLogits(graphs[scale], q, options.smoothing);
    for (int c = 0; c < kNumClasses; ++c) {
      if (!classes[static_cast<std::size_t>(c)]) evidence.col(c).setConstant(kImpossible);
    }
    return evidence;
  }

  void addSolution(std::size_t scale, ScaleViews views, ScanLabels& sums) const {
    const SuperpointGraph& graph = graphs[scale];
    const std::size_t num_frames = views.frames.size();
    if (!has_frame_tags) views.frames.push_back(wholeScene(graph, classes));
    const TagSolution solution = solveTags(evidenceAt(scale, views), views.frames, classes, options.tag_model);
    std::vector<bool> is_seen(graph.count);
    for (std::size_t s = 0; s < graph.count; ++s) is_seen[s] = views.num_visible[s] > 0;
    const std::vector<std::uint32_t> takes = nearestSeen(graph, is_seen);
    for (std::size_t i = 0; i < graph.of_vertex.size(); ++i)
      sums.vertices.row(static_cast<Eigen::Index>(i)) += solution.posterior.row(takes[graph.of_vertex[i]]);
    sums.frame_areas += solution.frame_areas.topRows(static_cast<Eigen::Index>(num_frames));
  }
};

ScanLabeller::ScanLabeller(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ScanLabeller::ScanLabeller(ScanLabeller&&) noexcept = default;
ScanLabeller& ScanLabeller::operator=(ScanLabeller&&) noexcept = default;
ScanLabeller::~ScanLabeller() = default;

const Scene& ScanLabeller::scene() const { return *impl_->scene; }
const TagSet& ScanLabeller::classes() const { return impl_->classes; }

std::vector<std::optional<TagSet>> ScanLabeller::frameTags() const {
  std::vector<std::optional<TagSet>> tags;
  for (std::size_t i = 0; i < impl_->scene->frames.size(); ++i) tags.push_back(impl_->tagsOf(i));
  return tags;
}

Result<ScanLabeller> ScanLabeller::create(SharedScene scene, ScanLabelOptions options, const Job& job) {
  if (scene->points().positions_m.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene->path,
                    "the scan has no points",
                    "Fuse its depth maps first, or name a scan with a mesh.");
  }
  TAGSCAPE_ASSIGN(const SceneTags tags, resolveTags(*scene));
  auto impl = std::make_unique<Impl>();
  impl->scene = std::move(scene);
  impl->options = std::move(options);
  impl->classes = tags.scene;
  impl->has_frame_tags = tags.num_tagged_frames > 0;
  impl->depth = std::make_unique<ReferenceDepth>(*impl->scene);
  job.report("dividing the scan into superpoints", 0, 1);
  TAGSCAPE_TRY(impl->prepare(job));
  return ScanLabeller(std::move(impl));
}

Status ScanLabeller::visitFrames(const FrameVisitor& visit, const Job& job) const {
  const Scene& scene = *impl_->scene;
  VisibilityResult visibility;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("labelling the scan"));
    const auto& pose = scene.frames[i].world_from_camera;
    if (!pose) continue;
    const auto view = impl_->depth->of(i);
    if (!view) {
      log::warn(fmt::format("frame {} is left out: {}", scene.frames[i].number, view.error().message));
      continue;
    }
    computeVisibility(scene.points().positions_m,
                      {pose, scene.color_intrinsics, view->camera, &view->image},
                      impl_->options.tolerance,
                      visibility);
    const auto& depth = view->image.pixels;
    const auto num_holes = static_cast<float>(std::ranges::count(depth, 0.F));
    TAGSCAPE_TRY(visit({i, visibility, num_holes / static_cast<float>(std::max<std::size_t>(1, depth.size()))}));
  }
  return {};
}

Result<ScanLabels> ScanLabeller::label(const FrameLogitsSource& logits,
                                       const TagReliability* reliability,
                                       const Job& job) const {
  const Scene& scene = *impl_->scene;
  TAGSCAPE_ASSIGN(std::vector<ScaleViews> views, impl_->look(logits, reliability, *this, job));
  ScanLabels labels;
  labels.vertices = ClassValues::Zero(static_cast<Eigen::Index>(scene.points().size()), kNumClasses);
  labels.frame_areas = ClassValues::Zero(static_cast<Eigen::Index>(scene.frames.size()), kNumClasses);
  for (std::size_t scale = 0; scale < views.size(); ++scale) {
    TAGSCAPE_TRY(job.checkStop("labelling the scan"));
    impl_->addSolution(scale, std::move(views[scale]), labels);
  }
  const auto num_scales = static_cast<float>(views.size());
  labels.vertices /= num_scales;
  labels.frame_areas /= num_scales;
  return labels;
}

}  // namespace tagscape
