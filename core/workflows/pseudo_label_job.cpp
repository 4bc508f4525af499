#include "core/workflows/pseudo_label_job.h"

#include "core/base/random.h"
#include "core/cam/cam_torch.h"
#include "core/dataset/training_source.h"
#include "core/distributed/torch_failure.h"
#include "core/geometry/reference_depth.h"
#include "core/recipe/recipe.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_directory.h"
#include "core/scene/scene_tags.h"
#include "core/train/data_options.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/networks_torch.h"
#include "core/train/similarity_torch.h"
#include "core/workflows/evaluation_metrics.h"
#include "core/workflows/lifted_label_evaluator_torch.h"
#include "core/workflows/trained_networks.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace tagscape {
namespace {

// Similarities are of every point with every other; training draws fewer.
constexpr std::size_t kMostSimilarPoints = 1024;

/// Points of a cloud in a frame's view.
struct PointsInView {
  std::vector<std::uint32_t> rows;  ///< Of the cloud.
  std::vector<Eigen::Vector2f> pixels;
  std::vector<char> is_seen;  ///< By the depth; the others are hidden.
};

/// Values of maps [C, high, wide] at places on their cells, [P, C].
at::Tensor sampledAt(const at::Tensor& maps, const std::vector<CellBlend>& places) {
  const at::Tensor plain = maps.contiguous();
  const float* values = plain.data_ptr<float>();
  const std::int64_t num_cells = maps.size(1) * maps.size(2);
  at::Tensor sampled = at::empty({static_cast<std::int64_t>(places.size()), maps.size(0)}, at::kFloat);
  float* target = sampled.data_ptr<float>();
  for (const CellBlend& place : places) {
    for (std::int64_t c = 0; c < maps.size(0); ++c) *target++ = place.of(values + c * num_cells);
  }
  return sampled;
}

/// The cell of a pair that is nearest.
std::size_t nearest(const CellPair& pair) { return pair.part < .5F ? pair.low : pair.high; }

at::Tensor rowsOf(const at::Tensor& values, const std::vector<std::int64_t>& rows) {
  return values.index_select(0, at::tensor(rows, at::kLong));
}

}  // namespace

PseudoLabelReport& PseudoLabelReport::operator+=(const PseudoLabelReport& other) {
  image_to_points += other.image_to_points;
  image_to_points_unfiltered += other.image_to_points_unfiltered;
  points_to_image += other.points_to_image;
  all_frames += other.all_frames;
  oracle_segments += other.oracle_segments;
  num_scenes += other.num_scenes;
  num_frames += other.num_frames;
  skipped.insert(skipped.end(), other.skipped.begin(), other.skipped.end());
  return *this;
}

struct PseudoLabelEvaluator::Impl {
  Impl(Networks its_networks, Recipe its_training, const PseudoLabelOptions& asked, std::int64_t at_step)
      : networks(std::move(its_networks)), trained(std::move(its_training)), options(asked), step(at_step) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Networks networks;
  Recipe trained;
  PseudoLabelOptions options;
  std::int64_t step;
  LiftedLabelEvaluator lifted{networks, trained};

  /// A scene under way.
  struct Looked {
    const Scene& scene;
    const PreparedCloud& cloud;
    at::Tensor features;  ///< [N, D] of the cloud's points.
    std::vector<char> is_reached{};
  };

  PreparedCloud cloudOf(const Scene& scene, std::vector<std::uint32_t> rows) const {
    const float floor_z_m = floorHeight(scene.points(), rows);
    Random(options.seed).fork("pseudo-labels").shuffle(rows);
    const auto size = static_cast<std::size_t>(networks.description().points_per_cloud);
    const std::size_t num_rows = rows.size();
    for (std::size_t i = 0; rows.size() < size; ++i) rows.push_back(rows[i % num_rows]);
    rows.resize(size);
    return prepareCloud(scene.points(), std::move(rows), floor_z_m, networks.inputs().hierarchy);
  }

  Result<at::Tensor> featuresOf(const PreparedCloud& cloud) {
    try {
      const at::NoGradGuard no_grad;
      auto& impl = networks.impl();
      impl.points->setTraining(false);
      return impl.points->forward(batchClouds({&cloud}, {CloudWarp{}}, impl.inputs.channels, impl.device))
          .features[0]
          .to(at::kCPU);
    } catch (const std::exception& failure) {
      return fail(torchFailure("computing the features of points", failure, "points_per_cloud"));
    }
  }

  Result<PointsInView> pointsInView(const Looked& looked,
                                    std::size_t index,
                                    const Intrinsics& color,
                                    ReferenceDepth& reference) {
    TAGSCAPE_ASSIGN(const DepthView depth, reference.of(index));
    const FrameView view{looked.scene.frames[index].world_from_camera, color, depth.camera, &depth.image};
    const auto visibility = computeVisibility(
        looked.cloud.positions_m, view, {trained.visibility.tolerance_m, trained.visibility.tolerance_relative});
    PointsInView points;
    for (std::uint32_t row = 0; row < visibility.reason.size(); ++row) {
      const Visibility reason = visibility.reason[row];
      if (reason != Visibility::Visible && reason != Visibility::Occluded && reason != Visibility::InFront) continue;
      points.rows.push_back(row);
      points.pixels.push_back(visibility.pixel[row]);
      points.is_seen.push_back(reason == Visibility::Visible ? 1 : 0);
    }
    return points;
  }

  /// What the image network says at places [P, C]: as training takes it.
  [[nodiscard]] PseudoLabels labelsFrom(const at::Tensor& at_points,
                                        const at::Tensor& tags,
                                        const at::Tensor& cams) const {
    if (trained.labels.pseudo_labels == PseudoLabelBasis::Cam) return pseudoLabelsOfCam(cams.t().unsqueeze(0));
    return pseudoLabels(at_points.t().unsqueeze(0), tags);
  }

  void visibilityOfPoints(Looked& looked,
                          const PointsInView& points,
                          const at::Tensor& at_points,
                          const at::Tensor& cams_at_points,
                          const at::Tensor& tags,
                          PseudoLabelReport& report) const {
    std::vector<std::uint8_t> truth_of_all, truth_of_seen;
    std::vector<std::int64_t> seen;
    for (std::size_t i = 0; i < points.rows.size(); ++i) {
      truth_of_all.push_back(looked.scene.point_labels[looked.cloud.rows[points.rows[i]]]);
      if (points.is_seen[i] == 0) continue;
      seen.push_back(static_cast<std::int64_t>(i));
      truth_of_seen.push_back(truth_of_all.back());
      looked.is_reached[points.rows[i]] = 1;
    }
    if (points.rows.empty()) return;
    addLabels(report.image_to_points_unfiltered, labelsFrom(at_points, tags, cams_at_points), truth_of_all);
    if (seen.empty()) return;
    addLabels(
        report.image_to_points, labelsFrom(rowsOf(at_points, seen), tags, rowsOf(cams_at_points, seen)), truth_of_seen);
  }

  /// Labels that points with alike features vote for, at their pixels.
  void evaluatePixelsOfFrame(const Looked& looked,
                             const PointsInView& points,
                             const at::Tensor& at_points,
                             const at::Tensor& tags,
                             const Image<std::uint8_t>& labels,
                             PseudoLabelReport& report) const {
    std::vector<std::int64_t> seen, rows;
    std::vector<std::uint8_t> truth;
    for (std::size_t i = 0; i < points.rows.size() && seen.size() < kMostSimilarPoints; ++i) {
      if (points.is_seen[i] == 0) continue;
      seen.push_back(static_cast<std::int64_t>(i));
      rows.push_back(points.rows[i]);
      const auto pixel = points.pixels[i];
      truth.push_back(labels.at(std::clamp(static_cast<int>(std::lround(pixel.x())), 0, labels.width - 1),
                                std::clamp(static_cast<int>(std::lround(pixel.y())), 0, labels.height - 1)));
    }
    if (seen.empty()) return;
    constexpr double kMasked = -1e4;
    const at::Tensor shares = at::softmax(rowsOf(at_points, seen) + kMasked * (1 - tags), 1).unsqueeze(0);
    const at::Tensor similarity =
        pointSimilarity(rowsOf(looked.features, rows).unsqueeze(0),
                        {trained.points_teach_images.similarity_power, trained.points_teach_images.similarity_centred});
    auto [confidence, voted] = mixedBySimilarity(similarity, {}, shares).max(2);
    addLabels(report.points_to_image, {voted, confidence}, truth);
  }

  /// Which cells of the maps have a seen point, by the truth at their centres.
  static void addCells(const PointsInView& points,
                       const std::vector<CellBlend>& places,
                       const FrameMaps& maps,
                       const Image<std::uint8_t>& labels,
                       PseudoLabelReport& report) {
    std::vector<char> is_reached(static_cast<std::size_t>(maps.width) * static_cast<std::size_t>(maps.height), 0);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const CellBlend& place = places[i];
      if (points.is_seen[i] != 0) is_reached[nearest(place.y) * place.row_length + nearest(place.x)] = 1;
    }
    const auto truth = resizedNearest(labels, maps.width, maps.height);
    for (std::size_t cell = 0; cell < is_reached.size(); ++cell)
      report.points_to_image.addPlace(truth.pixels[cell], is_reached[cell] != 0);
  }

  Status evaluateFrame(Looked& looked,
                       std::size_t index,
                       const TagSet& frame_tags,
                       ReferenceDepth& reference,
                       PseudoLabelReport& report) {
    const Scene& scene = looked.scene;
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
    Intrinsics camera = scene.color_intrinsics;
    if (camera.width != color.width || camera.height != color.height)
      camera = camera.resizedTo(color.width, color.height);
    TAGSCAPE_ASSIGN(const PointsInView points, pointsInView(looked, index, camera, reference));
    const RgbImage image = resizedForNetwork(color, networks.description().image_long_side_px, networks.imageStride());
    TAGSCAPE_ASSIGN(const FrameMaps maps, networks.frameMaps(image));
    const CellSampler cells(networks.inputs().cells, maps.width, maps.height, camera.width, camera.height);
    std::vector<CellBlend> places;
    for (const auto& pixel : points.pixels) places.push_back(cells.at(pixel.x(), pixel.y()));
    const at::Tensor tags = tagTensor({frame_tags}, at::kCPU);
    const at::Tensor raw =
        at::from_blob(const_cast<float*>(maps.logits.data()), {1, kNumClasses, maps.height, maps.width});
    const at::Tensor at_points = sampledAt(raw[0], places);
    visibilityOfPoints(looked, points, at_points, sampledAt(normalisedCam(raw, tags)[0], places), tags, report);
    evaluatePixelsOfFrame(looked, points, at_points, tags, labels, report);
    addCells(points, places, maps, labels, report);
    ++report.num_frames;
    return {};
  }
};

PseudoLabelEvaluator::PseudoLabelEvaluator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PseudoLabelEvaluator::PseudoLabelEvaluator(PseudoLabelEvaluator&&) noexcept = default;
PseudoLabelEvaluator& PseudoLabelEvaluator::operator=(PseudoLabelEvaluator&&) noexcept = default;
PseudoLabelEvaluator::~PseudoLabelEvaluator() = default;

std::int64_t PseudoLabelEvaluator::step() const { return impl_->step; }

Result<PseudoLabelEvaluator> PseudoLabelEvaluator::open(const std::filesystem::path& run_folder,
                                                        const PseudoLabelOptions& options) {
  if (options.every_frame < 1)
    return fail(ErrorCode::InvalidInput, "Labels between images and points need frames. Give --every-frame 1 or more");
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(Recipe trained, readRecipe(run.configFile()));
  TAGSCAPE_ASSIGN(auto opened, openTrainedNetworks(run_folder, options.device, options.num_threads, options.seed));
  return PseudoLabelEvaluator(
      std::make_unique<Impl>(std::move(opened.networks), std::move(trained), options, opened.checkpoint.step));
}

Result<PseudoLabelReport> PseudoLabelEvaluator::evaluate(const SharedScene& scene, const Job& job) {
  const auto refuse = [&](std::string_view problem, std::string_view remedy) {
    return failFile(ErrorCode::InvalidInput, scene->path, fmt::format("scene '{}' {}", scene->name, problem), remedy);
  };
  Evaluation asked;
  const auto scene_tags = tagsForEvaluation(*scene, asked);
  if (!scene_tags) return refuse("has no tags", "Give it some in tags.json: labels are made from tags alone");
  if (scene->point_labels.empty()) return refuse("has no labels of points", "Name a scene with a .labels.ply");
  auto rows = finiteRows(scene->points());
  if (rows.empty()) return refuse("has no points", "Fuse its depth maps first, or name a scan with a mesh");
  const PreparedCloud cloud = impl_->cloudOf(*scene, std::move(rows));
  TAGSCAPE_ASSIGN(const at::Tensor features, impl_->featuresOf(cloud));
  Impl::Looked looked{*scene, cloud, features};
  looked.is_reached.resize(cloud.rows.size(), 0);
  ReferenceDepth reference(*scene, impl_->trained.visibility.depth_source);
  PseudoLabelReport report;
  for (const std::size_t index : framesToEvaluate(*scene, impl_->options.every_frame)) {
    TAGSCAPE_TRY(job.checkStop("evaluating pseudo-labels"));
    const Frame& frame = scene->frames[index];
    if (!frame.world_from_camera) continue;
    const Status evaluated = impl_->evaluateFrame(looked, index, *tagsOfFrame(frame, scene_tags), reference, report);
    if (evaluated) continue;
    if (evaluated.error().code == ErrorCode::Internal) return fail(evaluated.error());
    report.skipped.push_back(
        fmt::format("scene '{}', frame {}: {}", scene->name, frame.number, evaluated.error().message));
  }
  for (std::size_t row = 0; row < cloud.rows.size(); ++row) {
    report.image_to_points.addPlace(scene->point_labels[cloud.rows[row]], looked.is_reached[row] != 0);
  }
  TAGSCAPE_TRY(impl_->lifted.add(scene, job, report));
  report.num_scenes = 1;
  return report;
}

bool PseudoLabelEvaluator::comparesScenes() const { return impl_->lifted.comparesScenes(); }

Result<PseudoLabelReport> PseudoLabelEvaluator::evaluateAllFrames() {
  PseudoLabelReport report;
  TAGSCAPE_TRY(impl_->lifted.evaluateGathered(report));
  return report;
}

}  // namespace tagscape
