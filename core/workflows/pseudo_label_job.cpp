#include "core/workflows/pseudo_label_job.h"

#include "core/base/random.h"
#include "core/cam/cam_torch.h"
#include "core/dataset/training_source.h"
#include "core/distributed/torch_failure.h"
#include "core/geometry/reference_depth.h"
#include "core/models/networks_torch.h"
#include "core/pseudo_labels/single_view_labels_torch.h"
#include "core/recipe/recipe.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_directory.h"
#include "core/scene/scene_tags.h"
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

/// Points of a cloud in a frame's view.
struct PointsInView {
  std::vector<std::int64_t> rows;       ///< Of the cloud.
  std::vector<Eigen::Vector2f> pixels;  ///< Of the frame.
  std::vector<char> is_seen;            ///< By the depth; the others are hidden.
};

/// The pixels of an image that the whole frame was resized to.
std::vector<Eigen::Vector2f> resizedPixels(const std::vector<Eigen::Vector2f>& pixels,
                                           const Intrinsics& frame,
                                           const RgbImage& image) {
  const Eigen::Array2f scale(static_cast<float>(image.width) / static_cast<float>(frame.width),
                             static_cast<float>(image.height) / static_cast<float>(frame.height));
  std::vector<Eigen::Vector2f> resized;
  for (const Eigen::Vector2f& pixel : pixels) resized.emplace_back(((pixel.array() + .5F) * scale - .5F).matrix());
  return resized;
}

at::Tensor rowsOf(const at::Tensor& values, const std::vector<std::int64_t>& rows) {
  return values.index_select(0, at::tensor(rows, at::kLong));
}

/// What training would know of some of a frame's points.
/// @param which  places in `points`.  @param pixels  of all points, in the image that the network saw.
JointMatches matchesOf(const PointsInView& points,
                       const std::vector<std::size_t>& which,
                       const std::vector<Eigen::Vector2f>& pixels,
                       const at::Tensor& tags,
                       const CellGrid& cells) {
  std::vector<std::int64_t> rows;
  std::vector<float> places;
  for (const std::size_t i : which) {
    rows.push_back(points.rows[i]);
    places.insert(places.end(), {pixels[i].x(), pixels[i].y()});
  }
  JointMatches matches;
  matches.rows = at::tensor(rows, at::kLong);
  matches.crops = at::zeros({1}, at::kLong);
  matches.pixels = at::tensor(places).view({1, -1, 2});
  matches.image_tags = matches.scene_tags = tags;
  matches.cells = cells;
  return matches;
}

}  // namespace

PseudoLabelReport& PseudoLabelReport::operator+=(const PseudoLabelReport& other) {
  image_to_points += other.image_to_points;
  image_to_points_unfiltered += other.image_to_points_unfiltered;
  points_to_image += other.points_to_image;
  all_frames += other.all_frames;
  oracle_superpoints += other.oracle_superpoints;
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
  LiftedLabelEvaluator lifted{networks, trained, options.every_frame};
  SingleViewCamLabels single_view{trained};

  /// A scene under way.
  struct SceneUnderWay {
    const Scene& scene;
    const PreparedCloud& cloud;
    NetworkOutput points;  ///< Of the cloud.
    std::vector<char> is_reached{};
  };
  /// A frame under way.
  struct FrameUnderWay {
    PointsInView points;
    std::vector<Eigen::Vector2f> pixels;  ///< In the image that the network saw.
    NetworkOutput output;                 ///< Of the image network.
    at::Tensor tags;                      ///< [1, C].
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

  Result<NetworkOutput> outputOf(const PreparedCloud& cloud) {
    try {
      const at::NoGradGuard no_grad;
      auto& impl = networks.impl();
      impl.points->setTraining(false);
      const NetworkOutput output =
          impl.points->forward(batchClouds({&cloud}, {CloudWarp{}}, impl.inputs.channels, impl.device));
      return NetworkOutput({{"features", output.features().to(at::kCPU)}, {"logits", output.logits().to(at::kCPU)}});
    } catch (const std::exception& failure) {
      return fail(torchFailure("computing the features of points", failure, "points_per_cloud"));
    }
  }

  Result<PointsInView> pointsInView(const SceneUnderWay& under_way,
                                    std::size_t index,
                                    const Intrinsics& color,
                                    ReferenceDepth& reference) {
    TAGSCAPE_ASSIGN(const DepthView depth, reference.of(index));
    const FrameView view{under_way.scene.frames[index].world_from_camera, color, depth.camera, &depth.image};
    const auto visibility = computeVisibility(
        under_way.cloud.positions_m, view, {trained.visibility.tolerance_m, trained.visibility.tolerance_relative});
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

  [[nodiscard]] JointOutput jointOutput(const SceneUnderWay& scene,
                                        const FrameUnderWay& frame,
                                        const JointMatches& matches) const {
    static const CloudNumbers kNone;
    return {frame.output, scene.points, matches, kNone};
  }

  /// Labels of points: of those that the frame sees, and also of those that are hidden.
  void evaluatePoints(SceneUnderWay& scene, const FrameUnderWay& frame, PseudoLabelReport& report) const {
    const PointsInView& points = frame.points;
    std::vector<std::size_t> all(points.rows.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (all.empty()) return;
    const JointMatches matches = matchesOf(points, all, frame.pixels, frame.tags, cells());
    const PseudoLabels labels = single_view.pointLabels(jointOutput(scene, frame, matches)).pseudo;
    std::vector<std::uint8_t> truth_of_all, truth_of_seen;
    std::vector<std::int64_t> seen;
    for (const std::size_t i : all) {
      const auto row = static_cast<std::size_t>(points.rows[i]);
      truth_of_all.push_back(scene.scene.point_labels[scene.cloud.rows[row]]);
      if (points.is_seen[i] == 0) continue;
      seen.push_back(static_cast<std::int64_t>(i));
      truth_of_seen.push_back(truth_of_all.back());
      scene.is_reached[row] = 1;
    }
    addLabels(report.image_to_points_unfiltered, labels, truth_of_all);
    addLabels(report.image_to_points, {rowsOf(labels.labels, seen), rowsOf(labels.confidence, seen)}, truth_of_seen);
  }

  /// Labels of the pixels of points that the frame sees.
  void evaluatePixels(const SceneUnderWay& scene,
                      const FrameUnderWay& frame,
                      const Image<std::uint8_t>& labels,
                      PseudoLabelReport& report) const {
    const PointsInView& points = frame.points;
    std::vector<std::size_t> seen;
    std::vector<std::uint8_t> truth;
    for (std::size_t i = 0; i < points.rows.size() && seen.size() < kMaxSimilarPoints; ++i) {
      if (points.is_seen[i] == 0) continue;
      seen.push_back(i);
      const auto pixel = points.pixels[i];
      truth.push_back(labels.at(std::clamp(static_cast<int>(std::lround(pixel.x())), 0, labels.width - 1),
                                std::clamp(static_cast<int>(std::lround(pixel.y())), 0, labels.height - 1)));
    }
    if (seen.empty()) return;
    const JointMatches matches = matchesOf(points, seen, frame.pixels, frame.tags, cells());
    addLabels(report.points_to_image, single_view.pixelLabels(jointOutput(scene, frame, matches)), truth);
  }

  [[nodiscard]] const CellGrid& cells() const { return networks.inputs().cells; }

  /// Which cells of the output grid contain a visible point, by the true label at their centres.
  void addCells(const FrameUnderWay& frame, const Image<std::uint8_t>& labels, PseudoLabelReport& report) const {
    const at::Tensor& logits = frame.output.logits();
    const int width = static_cast<int>(logits.size(3)), height = static_cast<int>(logits.size(2));
    std::vector<char> is_reached(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
    const auto cellAt = [&](float pixel, int num_cells) {
      const double cell = (static_cast<double>(pixel) - cells().first_px) / cells().stride_px;
      return static_cast<std::size_t>(std::clamp(static_cast<int>(std::lround(cell)), 0, num_cells - 1));
    };
    for (std::size_t i = 0; i < frame.pixels.size(); ++i) {
      const std::size_t x = cellAt(frame.pixels[i].x(), width), y = cellAt(frame.pixels[i].y(), height);
      if (frame.points.is_seen[i] != 0) is_reached[y * static_cast<std::size_t>(width) + x] = 1;
    }
    const auto truth = resizedNearest(labels, width, height);
    for (std::size_t cell = 0; cell < is_reached.size(); ++cell)
      report.points_to_image.addPlace(truth.pixels[cell], is_reached[cell] != 0);
  }

  Status evaluateFrame(SceneUnderWay& under_way,
                       std::size_t index,
                       const TagSet& frame_tags,
                       ReferenceDepth& reference,
                       PseudoLabelReport& report) {
    const Scene& scene = under_way.scene;
    TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
    TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
    Intrinsics camera = scene.color_intrinsics;
    if (camera.width != color.width || camera.height != color.height)
      camera = camera.resizedTo(color.width, color.height);
    FrameUnderWay frame;
    TAGSCAPE_ASSIGN(frame.points, pointsInView(under_way, index, camera, reference));
    const RgbImage image = resizedForNetwork(color, networks.description().image_long_side_px, networks.imageStride());
    TAGSCAPE_ASSIGN(const FrameLogits logits, networks.frameLogits(image));
    frame.output =
        NetworkOutput({{"logits", at::tensor(logits.values).view({1, kNumClasses, logits.height, logits.width})}});
    frame.pixels = resizedPixels(frame.points.pixels, camera, image);
    frame.tags = tagTensor({frame_tags}, at::kCPU);
    evaluatePoints(under_way, frame, report);
    if (trained.labels.views == LabelViews::Single) evaluatePixels(under_way, frame, labels, report);
    addCells(frame, labels, report);
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
  TAGSCAPE_ASSIGN(NetworkOutput points, impl_->outputOf(cloud));
  Impl::SceneUnderWay under_way{*scene, cloud, std::move(points)};
  under_way.is_reached.resize(cloud.rows.size(), 0);
  ReferenceDepth reference(*scene, impl_->trained.visibility.depth_source);
  PseudoLabelReport report;
  for (const std::size_t index : framesToEvaluate(*scene, impl_->options.every_frame)) {
    TAGSCAPE_TRY(job.checkStop("evaluating pseudo-labels"));
    const Frame& frame = scene->frames[index];
    if (!frame.world_from_camera) continue;
    const Status evaluated = impl_->evaluateFrame(under_way, index, *tagsOfFrame(frame, scene_tags), reference, report);
    if (evaluated) continue;
    if (evaluated.error().code == ErrorCode::Internal) return fail(evaluated.error());
    report.skipped.push_back(
        fmt::format("scene '{}', frame {}: {}", scene->name, frame.number, evaluated.error().message));
  }
  for (std::size_t row = 0; row < cloud.rows.size(); ++row) {
    report.image_to_points.addPlace(scene->point_labels[cloud.rows[row]], under_way.is_reached[row] != 0);
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
