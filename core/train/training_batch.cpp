#include "core/cam/cam_torch.h"
#include "core/models/networks_torch.h"
#include "core/train/training_batch_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>

namespace tagscape {
namespace {

constexpr std::size_t kMinSeen = 16;  // Fewer points are not representative of a frame.
constexpr std::size_t kMinBagPoints = 64;
constexpr int kBagsPerCloud = 4;

template <class T>
at::Tensor tensorOf(const std::vector<T>& values, at::ScalarType type) {
  // from_blob needs a non-const pointer even for reading.
  return at::from_blob(const_cast<T*>(values.data()), {static_cast<std::int64_t>(values.size())}, type).clone();
}

void appendNamed(NamedTensors& all, const char* name, const at::Tensor& tensor) {
  if (tensor.defined()) all.emplace_back(name, tensor);
}

}  // namespace

void TrainingBatch::moveTo(const at::Device& device) {
  if (device.is_cpu()) return;
  const auto move = [&](at::Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.to(device, /*non_blocking=*/true);
  };
  for (at::Tensor* tensor : {&images, &image_tags, &image_labels, &scene_tags, &point_labels}) move(*tensor);
  for (at::Tensor* tensor : {&bags.rows, &bags.bags, &bags.weights, &bags.tags}) move(*tensor);
  for (at::Tensor* tensor : {&matches.rows,
                             &matches.crops,
                             &matches.pixels,
                             &matches.image_tags,
                             &matches.scene_tags,
                             &matches.superpoints}) {
    move(*tensor);
  }
  move(clouds.positions);
  move(clouds.features);
  for (auto& level : clouds.levels) {
    move(level.centres);
    for (at::Tensor& neighbours : level.neighbours) move(neighbours);
    move(level.interpolate_from);
    move(level.interpolate_weight);
  }
}

NamedTensors TrainingBatch::named() const {
  NamedTensors all;
  appendNamed(all, "images", images);
  appendNamed(all, "image_tags", image_tags);
  appendNamed(all, "image_labels", image_labels);
  appendNamed(all, "positions", clouds.positions);
  appendNamed(all, "point_features", clouds.features);
  appendNamed(all, "scene_tags", scene_tags);
  appendNamed(all, "point_labels", point_labels);
  appendNamed(all, "match_rows", matches.rows);
  appendNamed(all, "match_crops", matches.crops);
  appendNamed(all, "match_pixels", matches.pixels);
  return all;
}

struct BatchMaker::Crop {
  FrameRef ref;
  std::shared_ptr<const PreparedFrame> frame;
  ImageWarp warp;
  ColorJitter jitter;
};

struct BatchMaker::Clouds {
  std::vector<std::size_t> scenes;
  std::vector<TrainingSource::Cloud> clouds;
  std::vector<CloudWarp> warps;
  std::vector<Random> random;  ///< The continued streams of the draws.
};

BatchMaker::BatchMaker(std::shared_ptr<const TrainingSource> source,
                       const Recipe& options,
                       NetworkInputs inputs,
                       RankShare share)
    : source_(std::move(source)),
      options_(options),
      inputs_(std::move(inputs)),
      planner_(source_->data(), options.general.seed, share) {}

Result<BatchMaker::Crop> BatchMaker::drawCrop(FrameRef ref, Random& random) const {
  Crop crop;
  TAGSCAPE_ASSIGN(crop.frame, source_->frame(ref));
  crop.ref = ref;
  const RgbImage& image = crop.frame->image;
  crop.warp = options_.images.crop_mode == CropMode::Square ? drawWarp(random,
                                                                       image.width,
                                                                       image.height,
                                                                       options_.images.crop_px,
                                                                       options_.images.crop_scale_min,
                                                                       options_.images.flip_images)
                                                            : drawResizeWarp(random,
                                                                             image.width,
                                                                             image.height,
                                                                             options_.images.crop_px,
                                                                             options_.images.resize_min_px,
                                                                             options_.images.resize_max_px,
                                                                             options_.images.flip_images);
  crop.jitter = drawColorJitter(random, options_.images.color_jitter, options_.images.hue_jitter);
  return crop;
}

void BatchMaker::putCrops(const std::vector<Crop>& crops, bool with_labels, TrainingBatch& batch) const {
  const auto count = static_cast<std::int64_t>(crops.size());
  const std::int64_t side = options_.images.crop_px;
  const auto area = static_cast<std::size_t>(side * side);
  batch.images = at::empty({count, 3, side, side}, at::kFloat);
  auto* pixels = batch.images.data_ptr<float>();
  const bool zero_outside = options_.images.crop_mode == CropMode::Resize;
  std::vector<TagSet> tags;
  for (const Crop& crop : crops) {
    renderCrop(crop.frame->image,
               crop.warp,
               crop.jitter,
               inputs_.colors,
               options_.images.crop_px,
               zero_outside,
               {pixels, 3 * area});
    pixels += 3 * area;
    tags.push_back(crop.frame->tags);
  }
  batch.image_tags = tagTensor(tags, at::kCPU);
  if (!with_labels) return;
  batch.image_labels = at::empty({count, side, side}, at::kLong);
  auto* labels = batch.image_labels.data_ptr<std::int64_t>();
  for (const Crop& crop : crops) {
    renderLabelCrop(crop.frame->labels, crop.warp, options_.images.crop_px, {labels, area});
    labels += area;
  }
}

void BatchMaker::putClouds(const Clouds& clouds, TrainingBatch& batch) const {
  std::vector<const PreparedCloud*> prepared;
  std::vector<TagSet> tags;
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < clouds.clouds.size(); ++i) {
    const PreparedCloud& cloud = *clouds.clouds[i].cloud;
    prepared.push_back(&cloud);
    tags.push_back(source_->scene(clouds.scenes[i]).tags);
    labels.insert(labels.end(), cloud.labels.begin(), cloud.labels.end());
    batch.cloud_numbers.emplace_back(clouds.scenes[i], clouds.clouds[i].number);
  }
  batch.clouds = batchClouds(prepared, clouds.warps, inputs_.channels, at::kCPU);
  batch.scene_tags = tagTensor(tags, at::kCPU);
  if (!labels.empty()) batch.point_labels = tensorOf(labels, at::kLong);
}

PointBags BatchMaker::makeBags(Clouds& clouds, const CloudRows& of) const {
  std::vector<std::int64_t> rows, bags;
  std::vector<float> weights;
  std::vector<TagSet> tags;
  for (std::size_t b = 0; b < clouds.clouds.size(); ++b) {
    const PreparedScene& scene = source_->scene(clouds.scenes[b]);
    for (int bag = 0; bag < kBagsPerCloud; ++bag) {
      const FrameRef ref{clouds.scenes[b], static_cast<std::size_t>(clouds.random[b].below(scene.frames.size()))};
      const std::vector<SeenPoint> seen = source_->seen(ref, clouds.clouds[b]);
      if (seen.size() < kMinBagPoints) continue;
      for (const SeenPoint& point : seen) {
        rows.push_back(of.begins[b] + point.row);
        bags.push_back(static_cast<std::int64_t>(tags.size()));
        weights.push_back(1.F / static_cast<float>(seen.size()));
      }
      tags.push_back(source_->tags(ref));
    }
  }
  if (tags.empty()) return {};
  return {
      tensorOf(rows, at::kLong), tensorOf(bags, at::kLong), tensorOf(weights, at::kFloat), tagTensor(tags, at::kCPU)};
}

void BatchMaker::numberSuperpoints(const Clouds& clouds, JointMatches& matches) {
  std::vector<std::int64_t> numbers;
  for (const TrainingSource::Cloud& cloud : clouds.clouds) {
    std::map<std::uint32_t, std::int64_t> number_of;
    for (const std::uint32_t superpoint : cloud.cloud->superpoints) {
      const auto found = number_of.try_emplace(superpoint, matches.num_superpoints);
      if (found.second) ++matches.num_superpoints;
      numbers.push_back(found.first->second);
    }
  }
  matches.superpoints = tensorOf(numbers, at::kLong);
}

/// @param crops  those that were drawn with clouds; they come after all others in the batch.
JointMatches BatchMaker::match(std::span<const Crop> crops,
                               const BatchSpec& spec,
                               Clouds& clouds,
                               const CloudRows& of) const {
  std::vector<std::int64_t> rows, used;  // `used`: crops that show enough points.
  std::vector<TagSet> image_tags, scene_tags;
  std::vector<float> pixels;
  for (std::size_t k = 0; k < crops.size(); ++k) {
    const std::size_t b = k / static_cast<std::size_t>(spec.frames_per_cloud);
    const Crop& crop = crops[k];
    std::vector<std::pair<std::uint32_t, Eigen::Vector2d>> inside;
    for (const SeenPoint& point : source_->seen(crop.ref, *crop.frame, clouds.clouds[b])) {
      const Eigen::Vector2d pixel = crop.warp.cropFromFrame(point.pixel.cast<double>());
      if (pixel.minCoeff() >= -.5 && pixel.maxCoeff() < options_.images.crop_px - .5)
        inside.emplace_back(point.row, pixel);
    }
    if (inside.size() < kMinSeen) continue;
    used.push_back(spec.num_images + static_cast<std::int64_t>(k));
    image_tags.push_back(crop.frame->tags);
    scene_tags.push_back(source_->scene(crop.ref.scene).tags);
    for (int pair = 0; pair < options_.visibility.pairs_per_image; ++pair) {
      const auto& [row, pixel] = inside[clouds.random[b].below(inside.size())];
      rows.push_back(of.begins[b] + row);
      pixels.push_back(static_cast<float>(pixel.x()));
      pixels.push_back(static_cast<float>(pixel.y()));
    }
  }
  if (used.empty()) return {};
  JointMatches matches = {tensorOf(rows, at::kLong),
                          tensorOf(used, at::kLong),
                          tensorOf(pixels, at::kFloat)
                              .view({static_cast<std::int64_t>(used.size()), options_.visibility.pairs_per_image, 2}),
                          tagTensor(image_tags, at::kCPU),
                          tagTensor(scene_tags, at::kCPU),
                          inputs_.cells,
                          {},
                          0};
  if (spec.with_superpoints) numberSuperpoints(clouds, matches);
  return matches;
}

Result<TrainingBatch> BatchMaker::make(const BatchSpec& spec, std::int64_t step) const {
  BatchPlan plan = planner_.plan(spec, step);
  TrainingBatch batch;
  std::vector<Crop> crops;
  for (ImageDraw& draw : plan.images) {
    TAGSCAPE_ASSIGN(Crop crop, drawCrop(draw.frame, draw.random));
    crops.push_back(std::move(crop));
  }
  Clouds clouds;
  for (CloudDraw& draw : plan.clouds) {
    clouds.scenes.push_back(draw.scene);
    clouds.clouds.push_back(source_->cloud(draw.scene, draw.random));
    clouds.warps.push_back(drawCloudWarp(draw.random, options_.points.rotate_max_deg, options_.points.flip_points));
    for (int f = 0; f < spec.frames_per_cloud; ++f) {
      const std::size_t num_frames = source_->scene(draw.scene).frames.size();
      TAGSCAPE_ASSIGN(Crop crop,
                      drawCrop({draw.scene, static_cast<std::size_t>(draw.random.below(num_frames))}, draw.random));
      crops.push_back(std::move(crop));
    }
    clouds.random.push_back(draw.random);
  }
  if (!crops.empty()) putCrops(crops, spec.with_labels, batch);
  if (clouds.clouds.empty()) return batch;
  putClouds(clouds, batch);
  if (spec.frame_bags) batch.bags = makeBags(clouds, batch.clouds.rows);
  if (spec.frames_per_cloud > 0)
    batch.matches = match(std::span(crops).subspan(plan.images.size()), spec, clouds, batch.clouds.rows);
  return batch;
}

}  // namespace tagscape
