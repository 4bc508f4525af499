#include "core/train/trainer.h"

#include "core/base/parallel.h"
#include "core/cam/cam_torch.h"
#include "core/nn/torch_failure.h"
#include "core/train/augmentation.h"
#include "core/train/joint_losses_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/networks_torch.h"

#include <fmt/format.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>

#include <cmath>
#include <optional>

namespace tagscape {
namespace {

constexpr double kPolyPower = 0.9;
constexpr std::size_t kMinSeen = 16;  // Fewer points say nothing about a frame.
constexpr std::size_t kMinBagPoints = 64;
constexpr int kBagsPerCloud = 4;

using Losses = std::map<std::string, at::Tensor>;

struct FrameRef {
  std::size_t scene = 0;
  std::size_t frame = 0;
};

/// A cloud of the batch and the frames that go with it.
struct CloudRef {
  std::size_t scene = 0;
  std::size_t cloud = 0;
  std::vector<FrameRef> frames;
};

/// Crops as a tensor, and how each was cut.
struct Crops {
  at::Tensor images;
  std::vector<ImageWarp> warps;
  std::vector<TagSet> tags;
};

void setRate(torch::optim::Optimizer& optimizer, double rate) {
  for (auto& group : optimizer.param_groups()) group.options().set_lr(rate);
}

double gradientNorm(const std::vector<at::Tensor>& parameters) {
  double squared = 0;
  for (const at::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) squared += std::pow(parameter.grad().norm().item<double>(), 2);
  }
  return std::sqrt(squared);
}

at::Tensor toTensor(const std::vector<std::int64_t>& values, const at::Device& device) {
  return torch::tensor(values, torch::kInt64).to(device);
}

}  // namespace

std::string_view nameOf(Phase phase) {
  switch (phase) {
    case Phase::Image:
      return "image";
    case Phase::Points:
      return "points";
    case Phase::Joint:
      return "joint";
  }
  return "";
}

struct Trainer::Impl {
  Impl(std::shared_ptr<const TrainingData> training_data, Networks start, const TrainOptions& chosen)
      : data(std::move(training_data)), networks(std::move(start)), options(chosen) {
    for (std::size_t s = 0; s < data->scenes.size(); ++s) {
      for (std::size_t f = 0; f < scene(s).frames.size(); ++f) all_frames.push_back({s, f});
    }
  }

  std::shared_ptr<const TrainingData> data;
  Networks networks;
  TrainOptions options;
  std::vector<FrameRef> all_frames;

  Phase phase = Phase::Image;
  int step_in_phase = 0;
  int phase_steps = 1;
  Random random{0};
  std::unique_ptr<torch::optim::Optimizer> image_optimizer;  ///< Null where the phase has no use for it.
  std::unique_ptr<torch::optim::Optimizer> points_optimizer;

  [[nodiscard]] const at::Device& device() { return networks.impl().device; }
  [[nodiscard]] const PreparedScene& scene(std::size_t i) const { return data->scenes[i]; }
  [[nodiscard]] const PreparedFrame& frame(const FrameRef& ref) const {
    return data->scenes[ref.scene].frames[ref.frame];
  }

  [[nodiscard]] std::size_t draw(std::size_t count) { return static_cast<std::size_t>(random.below(count)); }

  [[nodiscard]] double rate(double initial) const {
    return initial * std::pow(1 - static_cast<double>(step_in_phase) / phase_steps, kPolyPower);
  }

  Crops drawCrops(const std::vector<FrameRef>& frames);
  std::vector<CloudRef> drawClouds(int num_clouds, int frames_per_cloud);
  NetworkOutput forwardClouds(const std::vector<CloudRef>& clouds);
  at::Tensor cloudLoss(const NetworkOutput& output, const std::vector<CloudRef>& clouds);
  /// Points of the clouds that their frames' crops show.
  JointMatches matchPoints(const Crops& crops, const std::vector<CloudRef>& clouds);
  /// Whether the points teach the image network yet: they must have learnt something themselves.
  [[nodiscard]] bool pointsTeach() const { return step_in_phase >= options.reverse_after * phase_steps; }
  Losses imageLosses();
  Losses pointsLosses();
  Losses jointLosses();
  Result<std::map<std::string, double>> step();
};

Crops Trainer::Impl::drawCrops(const std::vector<FrameRef>& frames) {
  const int side = options.crop_px;
  Crops crops;
  std::vector<ColorJitter> jitters;
  for (const FrameRef& ref : frames) {
    const RgbImage& image = frame(ref).image;
    crops.warps.push_back(
        drawWarp(random, image.width, image.height, side, options.crop_scale_min, options.flip_images));
    jitters.push_back(drawColorJitter(random, options.color_jitter));
    crops.tags.push_back(frame(ref).tags);
  }
  crops.images = torch::empty({static_cast<std::int64_t>(frames.size()), 3, side, side}, torch::kFloat);
  const std::size_t crop_size = 3 * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  float* const pixels = crops.images.data_ptr<float>();
  parallelFor(frames.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      renderCrop(frame(frames[i]).image, crops.warps[i], jitters[i], side, {pixels + i * crop_size, crop_size});
    }
  });
  crops.images = crops.images.to(device());
  return crops;
}

std::vector<CloudRef> Trainer::Impl::drawClouds(int num_clouds, int frames_per_cloud) {
  std::vector<CloudRef> clouds;
  for (int i = 0; i < num_clouds; ++i) {
    CloudRef ref{draw(data->scenes.size()), 0, {}};
    ref.cloud = draw(scene(ref.scene).clouds.size());
    for (int f = 0; f < frames_per_cloud; ++f) ref.frames.push_back({ref.scene, draw(scene(ref.scene).frames.size())});
    clouds.push_back(std::move(ref));
  }
  return clouds;
}

NetworkOutput Trainer::Impl::forwardClouds(const std::vector<CloudRef>& clouds) {
  std::vector<const PreparedCloud*> prepared;
  std::vector<CloudWarp> warps;
  for (const CloudRef& ref : clouds) {
    prepared.push_back(&scene(ref.scene).clouds[ref.cloud]);
    warps.push_back(drawCloudWarp(random, options.rotate_max_deg, options.flip_points));
  }
  return networks.impl().points->forward(batchClouds(prepared, warps, device()));
}

/// Scene tags for whole clouds and, with frame bags, frame tags for the points that the frame sees.
at::Tensor Trainer::Impl::cloudLoss(const NetworkOutput& output, const std::vector<CloudRef>& clouds) {
  std::vector<TagSet> tags;
  for (const CloudRef& ref : clouds) tags.push_back(scene(ref.scene).tags);
  at::Tensor pooled = output.maps.mean(1);
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> bags;
  std::vector<float> shares;  // One over the size of the bag of each row.
  std::int64_t num_bags = 0;
  for (std::size_t b = 0; options.frame_bags && b < clouds.size(); ++b) {
    for (int bag = 0; bag < kBagsPerCloud; ++bag) {
      const PreparedFrame& seeing = scene(clouds[b].scene).frames[draw(scene(clouds[b].scene).frames.size())];
      const auto& seen = seeing.seen[clouds[b].cloud];
      if (seen.size() < kMinBagPoints) continue;
      for (const SeenPoint& point : seen) {
        rows.push_back(static_cast<std::int64_t>(b) * output.maps.size(1) + point.row);
        bags.push_back(num_bags);
        shares.push_back(1.F / static_cast<float>(seen.size()));
      }
      tags.push_back(seeing.tags);
      ++num_bags;
    }
  }
  if (num_bags > 0) {
    const at::Tensor chosen = output.maps.flatten(0, 1).index_select(0, toTensor(rows, device())) *
                              torch::tensor(shares).to(device()).unsqueeze(1);
    const at::Tensor means =
        torch::zeros({num_bags, kNumClasses}, chosen.options()).index_add(0, toTensor(bags, device()), chosen);
    pooled = torch::cat({pooled, means});
  }
  return multiLabelLoss(pooled, tagTensor(tags, device()));
}

JointMatches Trainer::Impl::matchPoints(const Crops& crops, const std::vector<CloudRef>& clouds) {
  const std::size_t points_per_cloud = scene(clouds.front().scene).clouds[clouds.front().cloud].rows.size();
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> used;  // Crops that show enough points.
  std::vector<TagSet> image_tags, scene_tags;
  std::vector<float> pixels;
  std::size_t crop = 0;
  for (std::size_t b = 0; b < clouds.size(); ++b) {
    for (const FrameRef& ref : clouds[b].frames) {
      const ImageWarp& warp = crops.warps[crop++];
      std::vector<std::pair<std::uint32_t, Eigen::Vector2d>> inside;
      for (const SeenPoint& point : frame(ref).seen[clouds[b].cloud]) {
        const Eigen::Vector2d place = warp.cropFromFrame(point.pixel.cast<double>());
        if (place.minCoeff() >= -.5 && place.maxCoeff() < options.crop_px - .5) inside.emplace_back(point.row, place);
      }
      if (inside.size() < kMinSeen) continue;
      used.push_back(static_cast<std::int64_t>(crop - 1));
      image_tags.push_back(crops.tags[crop - 1]);
      scene_tags.push_back(scene(ref.scene).tags);
      for (int pair = 0; pair < options.pairs_per_image; ++pair) {
        const auto& [row, place] = inside[draw(inside.size())];
        rows.push_back(static_cast<std::int64_t>(b * points_per_cloud + row));
        pixels.push_back(static_cast<float>(place.x()));
        pixels.push_back(static_cast<float>(place.y()));
      }
    }
  }
  if (used.empty()) return {};
  const auto num_used = static_cast<std::int64_t>(used.size());
  return {toTensor(rows, device()),
          toTensor(used, device()),
          torch::tensor(pixels).view({num_used, options.pairs_per_image, 2}).to(device()),
          tagTensor(image_tags, device()),
          tagTensor(scene_tags, device()),
          options.crop_px};
}

Losses Trainer::Impl::imageLosses() {
  std::vector<FrameRef> frames;
  for (int i = 0; i < options.image_batch; ++i) frames.push_back(all_frames[draw(all_frames.size())]);
  const Crops crops = drawCrops(frames);
  const at::Tensor maps = networks.impl().image->forward(crops.images).maps;
  const at::Tensor loss = multiLabelLoss(maps.mean({2, 3}), tagTensor(crops.tags, device()));
  return {{"loss_2d_cls", loss}, {"loss_total", loss}};
}

Losses Trainer::Impl::pointsLosses() {
  const std::vector<CloudRef> clouds = drawClouds(options.points_batch, 0);
  const at::Tensor loss = cloudLoss(forwardClouds(clouds), clouds);
  return {{"loss_3d_cls", loss}, {"loss_total", loss}};
}

Losses Trainer::Impl::jointLosses() {
  const std::vector<CloudRef> clouds = drawClouds(options.joint_batch, options.frames_per_cloud);
  std::vector<FrameRef> frames;
  for (const CloudRef& cloud : clouds) frames.insert(frames.end(), cloud.frames.begin(), cloud.frames.end());
  const Crops crops = drawCrops(frames);
  const NetworkOutput image = networks.impl().image->forward(crops.images);
  const NetworkOutput points = forwardClouds(clouds);
  Losses losses;
  losses["loss_2d_cls"] = multiLabelLoss(image.maps.mean({2, 3}), tagTensor(crops.tags, device()));
  losses["loss_3d_cls"] = cloudLoss(points, clouds);
  at::Tensor total = losses["loss_2d_cls"] + losses["loss_3d_cls"];
  const JointMatches matches = matchPoints(crops, clouds);
  if (options.weight_2d_to_3d > 0) {
    losses["loss_2d_to_3d"] = imageToPointsLoss(image, points, matches, options);
    total = total + options.weight_2d_to_3d * losses["loss_2d_to_3d"];
  }
  if (options.weight_3d_to_2d > 0 && pointsTeach()) {
    losses["loss_3d_to_2d"] = pointsToImageLoss(image, points, matches, options);
    total = total + options.weight_3d_to_2d * losses["loss_3d_to_2d"];
  }
  losses["loss_total"] = total;
  return losses;
}

Result<std::map<std::string, double>> Trainer::Impl::step() {
  networks.impl().image->setTraining(true);
  networks.impl().points->setTraining(true);
  std::map<std::string, double> values;
  if (image_optimizer) {
    values["lr_2d"] = rate(phase == Phase::Image ? options.image_lr : options.joint_image_lr);
    setRate(*image_optimizer, values["lr_2d"]);
    image_optimizer->zero_grad();
  }
  if (points_optimizer) {
    values["lr_3d"] = rate(phase == Phase::Points ? options.points_lr : options.joint_points_lr);
    setRate(*points_optimizer, values["lr_3d"]);
    points_optimizer->zero_grad();
  }
  const Losses losses = phase == Phase::Image ? imageLosses() : phase == Phase::Points ? pointsLosses() : jointLosses();
  std::string listing;
  for (const auto& [name, loss] : losses) {
    values[name] = loss.item<double>();
    listing += fmt::format(" {} = {}", name, values[name]);
  }
  if (!std::isfinite(values["loss_total"])) {
    return fail(ErrorCode::Internal,
                fmt::format("the loss is not finite at step {} of phase {}:{}. Lower the learning rates ({}).",
                            step_in_phase,
                            nameOf(phase),
                            listing,
                            "image_lr, points_lr, joint_image_lr, joint_points_lr"));
  }
  losses.at("loss_total").backward();
  if (image_optimizer) {
    values["grad_norm_2d"] = gradientNorm(networks.impl().image->parameters());
    image_optimizer->step();
  }
  if (points_optimizer) {
    values["grad_norm_3d"] = gradientNorm(networks.impl().points->parameters());
    points_optimizer->step();
  }
  ++step_in_phase;
  return values;
}

Trainer::Trainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

Result<Trainer> Trainer::create(std::shared_ptr<const TrainingData> data,
                                Networks networks,
                                const TrainOptions& options) {
  TAGSCAPE_TRY(checkTrainOptions(options));
  auto impl = std::make_unique<Impl>(std::move(data), std::move(networks), options);
  if (impl->all_frames.empty()) return fail(ErrorCode::InvalidInput, "there is no frame to train on");
  return Trainer(std::move(impl));
}

void Trainer::beginPhase(Phase phase, int num_steps) {
  Impl& impl = *impl_;
  impl.phase = phase;
  impl.step_in_phase = 0;
  impl.phase_steps = std::max(1, num_steps);
  // A stream a phase: leaving one phase out does not change the others' numbers.
  impl.random = Random(impl.options.seed).fork(nameOf(phase));
  impl.image_optimizer.reset();
  impl.points_optimizer.reset();
  if (phase != Phase::Points) {
    impl.image_optimizer = std::make_unique<torch::optim::AdamW>(
        impl.networks.impl().image->parameters(),
        torch::optim::AdamWOptions(impl.options.image_lr).weight_decay(impl.options.image_weight_decay));
  }
  if (phase != Phase::Image) {
    impl.points_optimizer = std::make_unique<torch::optim::Adam>(impl.networks.impl().points->parameters(),
                                                                 torch::optim::AdamOptions(impl.options.points_lr));
  }
}

void Trainer::setPhaseSteps(int num_steps) { impl_->phase_steps = std::max(num_steps, impl_->step_in_phase + 1); }

Result<std::map<std::string, double>> Trainer::step() {
  try {
    return impl_->step();
  } catch (const std::exception& failure) {
    return fail(torchFailure(fmt::format("computing step {} of phase {}", impl_->step_in_phase, nameOf(impl_->phase)),
                             failure,
                             "image_batch, points_batch, joint_batch, crop_px or points_per_cloud"));
  }
}

Networks& Trainer::networks() { return impl_->networks; }

}  // namespace tagscape
