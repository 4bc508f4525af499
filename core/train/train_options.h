#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tagscape {

/// Everything that decides a training run, complete: config.toml holds exactly these names. Phases run in the order
/// image (2D alone), points (3D alone), joint; one with 0 steps is left out.
/// Source of the recipe: METHOD 1.3, the variant for small data (D); the defaults are the preset "small".
struct TrainOptions {
  std::string preset = "small";  ///< Where the values came from; for the record.
  std::uint64_t seed = 1;
  std::string device = "auto";  ///< "auto" (CUDA if there is one), "cpu", "cuda", "cuda:1".
  int num_threads = 0;          ///< 0: see setLearningThreads; the choice is printed to the log.

  int image_steps = 300;
  int points_steps = 80;
  int joint_steps = 160;
  int image_batch = 12;      ///< Crops a step of the image phase.
  int points_batch = 6;      ///< Clouds a step of the points phase.
  int joint_batch = 3;       ///< Clouds a step of the joint phase.
  int frames_per_cloud = 2;  ///< Frames of its scene that go with each cloud of the joint phase.

  int image_long_side_px = 192;  ///< Frames are resized to this, sides rounded to the network's stride.
  int crop_px = 104;             ///< Square crops, a multiple of the network's stride.
  double crop_scale_min = 0.65;  ///< A crop covers this … 1 of the frame's shorter side before it is resized.
  bool flip_images = true;
  double color_jitter = 0.3;  ///< Brightness, contrast and saturation change by up to this share.

  int points_per_cloud = 4096;  ///< Points of a training subsample; drawn with repetition if a scene has fewer.
  int clouds_per_scene = 4;     ///< Subsamples whose neighbourhoods are found once and kept.
  double rotate_max_deg = 5;    ///< About the up axis; flips along both horizontal axes with it.
  bool flip_points = true;
  bool frame_bags = true;  ///< Points phase: classify the points that a frame sees by the frame's tags, beside
                           ///< the whole cloud by the scene's. Without it a single scene teaches 3D nothing.

  double image_lr = 4e-3;  ///< AdamW, weight decay image_weight_decay. Poly decay, power 0.9, in every phase.
  double image_weight_decay = 1e-2;
  double points_lr = 3e-3;  ///< Adam.
  double joint_image_lr = 8e-4;
  double joint_points_lr = 3e-3;

  double weight_2d_to_3d = 1;     ///< Of the loss by which images teach points; 0 leaves it out.
  double balance_exponent = 0.5;  ///< beta of the 2D-to-3D loss: 0 counts every point alike.
  bool use_confidence = true;     ///< Score pseudo-labels by their confidence.
  std::string pseudo_labels =
      "cam";                   ///< What of the image network labels points: "cam" (largest normalised CAM) or
                               ///< "logits" (softmax over the tags). With few scenes a class that is in nearly every
                               ///< frame is hardly told where it is not; its logits are high everywhere and would label
                               ///< everything, while its CAM is still lower beside it than on it.
  double weight_3d_to_2d = 1;  ///< Of the loss by which points teach images; 0 leaves it out.
  double reverse_after = 0.4;  ///< Share of the joint phase after which points teach images.
  std::string refinement = "labels";    ///< How: "labels" (the class that alike points vote for), "cam" (CAMs smoothed
                                        ///< over alike points), "affinity" (alike points agree), "features".
  double similarity_power = 4;          ///< Of the cosine between points' features.
  bool similarity_centred = true;       ///< Features minus their mean over the image.
  double reverse_balance_exponent = 1;  ///< beta of the 3D-to-2D loss with refinement "labels".
  int pairs_per_image = 512;  ///< Visible points drawn (with replacement) for both losses between the networks.
  float tolerance_m = 0.05F;  ///< Visibility: |depth difference| <= max(tolerance_m, tolerance_relative * depth).
  float tolerance_relative = 0.02F;
  std::string depth_source = "auto";  ///< Whose depth that is: "sensor" (frames without a depth map teach no points),
                                      ///< "surface" (rendered from the mesh), "auto" (the sensor's where there is one).

  int image_width = 16;   ///< Channels of the image network's first layer; the others are multiples of it.
  int points_width = 24;  ///< The same for the point network.

  int log_every_steps = 5;  ///< Lines of metrics.jsonl.
  double live_every_s = 8;  ///< CAM snapshots of the first `live_scenes` scenes; 0: only at the end of a phase.
  int live_scenes = 1;
  double checkpoint_every_s = 60;  ///< And at the end of every phase.
  double min_seconds = 0;          ///< Steps of all phases are repeated in proportion until about this long has passed
                                   ///< (judged from the speed of the first steps of a phase). 0: the steps as given.
  bool overwrite = false;          ///< Whether a run that is already in the folder may be replaced.
};

/// "quick": 20 to 25 s on two cores, for tests and demonstrations on a tiny scene. "small": one to two minutes.
/// Errors: InvalidInput naming the presets there are.
[[nodiscard]] Result<TrainOptions> trainPreset(std::string_view name);

/// Errors: InvalidInput naming the field, its value and what it may be.
[[nodiscard]] Status checkTrainOptions(const TrainOptions& options);

/// Sets one field from text, as the command line has it ("joint_steps", "200").
/// Errors: InvalidInput for a name that is no field (naming those there are) or text that is no value of its type.
[[nodiscard]] Status setTrainOption(TrainOptions& options, std::string_view name, std::string_view value);

/// The options as the [train] table of a config.toml.
[[nodiscard]] std::string formatTrainConfig(const TrainOptions& options);

/// Reads the [train] table back; fields that are not there keep the preset's value.
/// Errors: NotFound; InvalidInput with line and remedy for text that is no TOML, an unknown field, a value of a wrong
/// type.
[[nodiscard]] Result<TrainOptions> readTrainConfig(const std::filesystem::path& path);

/// Calls visit(name, field) for every field, in the order of the struct. What is not listed here is not in config.toml.
template <class Options, class Visit>
void visitTrainOptions(Options& options, Visit&& visit) {
  visit("preset", options.preset);
  visit("seed", options.seed);
  visit("device", options.device);
  visit("num_threads", options.num_threads);
  visit("image_steps", options.image_steps);
  visit("points_steps", options.points_steps);
  visit("joint_steps", options.joint_steps);
  visit("image_batch", options.image_batch);
  visit("points_batch", options.points_batch);
  visit("joint_batch", options.joint_batch);
  visit("frames_per_cloud", options.frames_per_cloud);
  visit("image_long_side_px", options.image_long_side_px);
  visit("crop_px", options.crop_px);
  visit("crop_scale_min", options.crop_scale_min);
  visit("flip_images", options.flip_images);
  visit("color_jitter", options.color_jitter);
  visit("points_per_cloud", options.points_per_cloud);
  visit("clouds_per_scene", options.clouds_per_scene);
  visit("rotate_max_deg", options.rotate_max_deg);
  visit("flip_points", options.flip_points);
  visit("frame_bags", options.frame_bags);
  visit("image_lr", options.image_lr);
  visit("image_weight_decay", options.image_weight_decay);
  visit("points_lr", options.points_lr);
  visit("joint_image_lr", options.joint_image_lr);
  visit("joint_points_lr", options.joint_points_lr);
  visit("weight_2d_to_3d", options.weight_2d_to_3d);
  visit("balance_exponent", options.balance_exponent);
  visit("use_confidence", options.use_confidence);
  visit("pseudo_labels", options.pseudo_labels);
  visit("weight_3d_to_2d", options.weight_3d_to_2d);
  visit("reverse_after", options.reverse_after);
  visit("refinement", options.refinement);
  visit("similarity_power", options.similarity_power);
  visit("similarity_centred", options.similarity_centred);
  visit("reverse_balance_exponent", options.reverse_balance_exponent);
  visit("pairs_per_image", options.pairs_per_image);
  visit("tolerance_m", options.tolerance_m);
  visit("tolerance_relative", options.tolerance_relative);
  visit("depth_source", options.depth_source);
  visit("image_width", options.image_width);
  visit("points_width", options.points_width);
  visit("log_every_steps", options.log_every_steps);
  visit("live_every_s", options.live_every_s);
  visit("live_scenes", options.live_scenes);
  visit("checkpoint_every_s", options.checkpoint_every_s);
  visit("min_seconds", options.min_seconds);
  visit("overwrite", options.overwrite);
}

}  // namespace tagscape
