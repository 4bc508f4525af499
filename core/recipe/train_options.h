#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// Everything that decides a training run, complete: config.toml holds exactly these names. Phases run in the order
/// image (2D alone), points (3D alone), joint; one with 0 steps is left out.
/// Source of the recipe: METHOD 1.3, the variant for small data (D); the defaults are the preset "small".
struct TrainOptions {
  std::string preset = "small";  ///< Where the values came from; for the record.
  std::uint64_t seed = 1;
  std::string device = "auto";  ///< "auto" (CUDA if there is one), "cpu", "cuda", "cuda:1".
  int num_threads = 0;          ///< 0: chosen by the networks' size; the choice is printed to the log.

  // ---- Networks
  std::string image_network = "small-residual";   ///< Or "resnet38".
  std::string point_network = "small-pointnet2";  ///< Or "pointnet2-votenet", "pointnet2-ssg", "pointnet2-msg".
  int image_width = 16;        ///< Channels of the image network's first layer, 64 for the published ResNet38.
  int points_width = 24;       ///< The same for the point network; 64 for VoteNet's backbone, 32 for ssg, 16 for msg.
  std::string image_weights;   ///< A file of pretrained weights; empty: random ones.
  std::string points_weights;  ///< The same for the point network.

  // ---- What is learnt from, and how long
  std::string supervision = "tags";  ///< "labels": from the truth of pixels and points, as a ceiling to compare with.
  std::string class_reweighting = "none";  ///< "frequency": the 3D classification loss weighs a class by one over the
                                           ///< share of clouds that are tagged with it. Source: PAPER Table 3.
  int image_steps = 300;
  int points_steps = 80;
  int joint_steps = 160;
  int image_batch = 12;      ///< Crops a step of the image phase, of each process.
  int points_batch = 6;      ///< Clouds a step of the points phase, of each process.
  int joint_batch = 3;       ///< Clouds a step of the joint phase, of each process.
  int frames_per_cloud = 2;  ///< Frames of its scene that go with each cloud of the joint phase. PAPER: 1.

  // ---- Images
  int image_long_side_px = 192;      ///< Frames are kept at this, sides rounded to the network's stride.
  int crop_px = 104;                 ///< Square crops, a multiple of the network's stride.
  std::string crop_mode = "square";  ///< "square": a square of crop_scale_min … 1 of the shorter side, resized.
                                     ///< "resize": the longer side resized to resize_min_px … resize_max_px, then a
                                     ///< crop, black where the image ends. Source: PAPER; order of OC-CSE.
  double crop_scale_min = 0.65;
  int resize_min_px = 256;
  int resize_max_px = 512;
  bool flip_images = true;
  double color_jitter = 0.3;  ///< Brightness, contrast and saturation change by up to this share.
  double hue_jitter = 0;      ///< Hue turns by up to this share of the circle. PAPER: 0.1.

  // ---- Points
  int points_per_cloud = 4096;  ///< Points of a training subsample; drawn with repetition if a scene has fewer.
  int clouds_per_scene = 4;     ///< Subsamples whose neighbourhoods are found once and kept.
  double rotate_max_deg = 5;    ///< About the up axis; flips along both horizontal axes with it.
  bool flip_points = true;
  bool frame_bags = true;  ///< Points phase: classify the points that a frame sees by the frame's tags, beside
                           ///< the whole cloud by the scene's. Without it a single scene teaches 3D nothing.

  // ---- Optimisers
  std::string image_optimizer = "adamw";  ///< "sgd", "adam", "adamw".
  double image_lr = 4e-3;
  double image_weight_decay = 1e-2;
  double image_momentum = 0;              ///< Of SGD. Published code: 5e-4 by an accident that works.
  std::string image_schedule = "poly";    ///< "poly" (power .9), "step" (a tenth after .6, .8 and .9), "constant".
  double classifier_lr_factor = 1;        ///< Of the image network's last layer. PSA: 10, OC-CSE: 1.
  std::string points_optimizer = "adam";  ///< As image_optimizer.
  double points_lr = 3e-3;
  double points_weight_decay = 0;
  double points_momentum = 0;
  std::string points_schedule = "poly";
  bool batch_norm_schedule = false;  ///< Momentum of the point network's batch norm: .5, halved every tenth of a phase,
                                     ///< .001 at least (VoteNet's, over a training of ten halvings).
  double joint_image_lr = 8e-4;
  double joint_points_lr = 3e-3;
  double clip_gradient_norm = 0;  ///< Of each network; 0: not clipped.

  // ---- Images teach points
  double weight_2d_to_3d = 1;     ///< Of the loss by which images teach points; 0 leaves it out.
  double balance_exponent = 0.5;  ///< beta of the 2D-to-3D loss: 0 counts every point alike (the paper's plain form).
  bool use_confidence = true;     ///< Score pseudo-labels by their confidence.
  std::string pseudo_labels =
      "cam";  ///< What of the image network labels points: "cam" (largest normalised CAM) or
              ///< "logits" (softmax over the tags). With few scenes a class that is in nearly every
              ///< frame is hardly told where it is not; its logits are high everywhere and would label
              ///< everything, while its CAM is still lower beside it than on it.
  std::string score = "share";   ///< The confidence of labels of single frames: "share" (the label's probability among
                                 ///< the tags), "tagged" (that times the probability of its tag).
  std::string lift = "frame";    ///< What labels points: "frame" (the frame of the step, each point by itself, as the
                                 ///< paper), "scene" (all frames together, each superpoint of segment_points.h as one,
                                 ///< four times in the joint phase).
  double lift_doubt = 0.05;      ///< What "scene" leaves to a class that a frame which sees the point lacks.
  double lift_least_share = 0;   ///< "scene": a frame's tag has at least this share of what the frame shows; 0: any.
  bool lift_appearance = false;  ///< "scene": classes are told apart by what superpoints of all scenes look like
                                 ///< (segment_appearance.h) to the image network (with lift_network to the point
                                 ///< network, too) and in colour and shape, beginning with what frames say.
  bool lift_network = false;     ///< The same by a small network (segment_network.h), which begins with what
                                 ///< the options above say and knows what is near a segment and what the point
                                 ///< network says of it, too.

  // ---- Points teach images
  double weight_3d_to_2d = 1;           ///< Of the loss by which points teach images; 0 leaves it out.
  double reverse_after = 0.4;           ///< Share of the joint phase after which points teach images.
  std::string refinement = "labels";    ///< How: "labels" (cross entropy with the class that alike points vote for,
                                        ///< with lift "scene" times the labels of all frames), "cam" (the paper's:
                                        ///< CAMs are to equal CAMs averaged over alike points).
  double similarity_power = 4;          ///< Of the cosine between points' features.
  bool similarity_centred = true;       ///< Features minus their mean over the image.
  double reverse_balance_exponent = 1;  ///< beta of the 3D-to-2D loss with refinement "labels".

  // ---- Which points a frame sees
  int pairs_per_image = 512;     ///< Visible points drawn (with replacement) for both losses between the networks.
  bool occlusion_filter = true;  ///< Without it a point counts wherever it projects into the image.
  float tolerance_m = 0.05F;     ///< Visibility: |depth difference| <= max(tolerance_m, tolerance_relative * depth).
  float tolerance_relative = 0.02F;
  std::string depth_source = "auto";  ///< Whose depth that is: "sensor" (frames without a depth map teach no points),
                                      ///< "surface" (rendered from the mesh), "auto" (the sensor's where there is one).

  // ---- Housekeeping
  bool data_in_memory = true;  ///< Frames and clouds are prepared once. Otherwise each is read when its turn comes.
  int loader_threads = 1;      ///< That prepare the next steps' batches.
  int log_every_steps = 5;     ///< Lines of metrics.jsonl.
  double live_every_s = 8;     ///< CAM snapshots of the first `live_scenes` scenes; 0: only at the end of a phase.
  int live_scenes = 1;
  double checkpoint_every_s = 60;  ///< And at the end of every phase.
  int checkpoint_every_steps = 0;  ///< Besides; 0: not by steps.
  double min_seconds = 0;          ///< Steps of all phases are repeated in proportion until about this long has passed
                                   ///< (evaluated from the speed of the first steps of a phase). 0: the steps as given.
  std::string start_from;          ///< A run whose newest checkpoint gives the weights to begin with.
  bool overwrite = false;          ///< Whether a run that is already in the folder may be replaced.
};

/// The presets by name: see presetTable() in train_presets.cpp for what each is for.
/// Errors: InvalidInput naming the presets there are.
[[nodiscard]] Result<TrainOptions> trainPreset(std::string_view name);
[[nodiscard]] std::vector<std::string> trainPresetNames();

/// Errors: InvalidInput naming the field, its value and what it may be.
[[nodiscard]] Status checkTrainOptions(const TrainOptions& options);

/// Sets one field from text, as the command line has it ("joint_steps", "200").
/// Errors: InvalidInput for a name that is no field (naming those there are) or text that is no value of its type.
[[nodiscard]] Status setTrainOption(TrainOptions& options, std::string_view name, std::string_view value);

/// The options as the [train] table of a config.toml.
[[nodiscard]] std::string formatTrainConfig(const TrainOptions& options);

/// Reads the [train] table back; fields that are not there keep the default of the struct, not the preset's value of
/// today: the run did not have them. Options and choices that earlier versions had are ignored, with a warning in the
/// log that names them.
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
  visit("image_network", options.image_network);
  visit("point_network", options.point_network);
  visit("image_width", options.image_width);
  visit("points_width", options.points_width);
  visit("image_weights", options.image_weights);
  visit("points_weights", options.points_weights);
  visit("supervision", options.supervision);
  visit("class_reweighting", options.class_reweighting);
  visit("image_steps", options.image_steps);
  visit("points_steps", options.points_steps);
  visit("joint_steps", options.joint_steps);
  visit("image_batch", options.image_batch);
  visit("points_batch", options.points_batch);
  visit("joint_batch", options.joint_batch);
  visit("frames_per_cloud", options.frames_per_cloud);
  visit("image_long_side_px", options.image_long_side_px);
  visit("crop_px", options.crop_px);
  visit("crop_mode", options.crop_mode);
  visit("crop_scale_min", options.crop_scale_min);
  visit("resize_min_px", options.resize_min_px);
  visit("resize_max_px", options.resize_max_px);
  visit("flip_images", options.flip_images);
  visit("color_jitter", options.color_jitter);
  visit("hue_jitter", options.hue_jitter);
  visit("points_per_cloud", options.points_per_cloud);
  visit("clouds_per_scene", options.clouds_per_scene);
  visit("rotate_max_deg", options.rotate_max_deg);
  visit("flip_points", options.flip_points);
  visit("frame_bags", options.frame_bags);
  visit("image_optimizer", options.image_optimizer);
  visit("image_lr", options.image_lr);
  visit("image_weight_decay", options.image_weight_decay);
  visit("image_momentum", options.image_momentum);
  visit("image_schedule", options.image_schedule);
  visit("classifier_lr_factor", options.classifier_lr_factor);
  visit("points_optimizer", options.points_optimizer);
  visit("points_lr", options.points_lr);
  visit("points_weight_decay", options.points_weight_decay);
  visit("points_momentum", options.points_momentum);
  visit("points_schedule", options.points_schedule);
  visit("batch_norm_schedule", options.batch_norm_schedule);
  visit("joint_image_lr", options.joint_image_lr);
  visit("joint_points_lr", options.joint_points_lr);
  visit("clip_gradient_norm", options.clip_gradient_norm);
  visit("weight_2d_to_3d", options.weight_2d_to_3d);
  visit("balance_exponent", options.balance_exponent);
  visit("use_confidence", options.use_confidence);
  visit("pseudo_labels", options.pseudo_labels);
  visit("score", options.score);
  visit("lift", options.lift);
  visit("lift_doubt", options.lift_doubt);
  visit("lift_least_share", options.lift_least_share);
  visit("lift_appearance", options.lift_appearance);
  visit("lift_network", options.lift_network);
  visit("weight_3d_to_2d", options.weight_3d_to_2d);
  visit("reverse_after", options.reverse_after);
  visit("refinement", options.refinement);
  visit("similarity_power", options.similarity_power);
  visit("similarity_centred", options.similarity_centred);
  visit("reverse_balance_exponent", options.reverse_balance_exponent);
  visit("pairs_per_image", options.pairs_per_image);
  visit("occlusion_filter", options.occlusion_filter);
  visit("tolerance_m", options.tolerance_m);
  visit("tolerance_relative", options.tolerance_relative);
  visit("depth_source", options.depth_source);
  visit("data_in_memory", options.data_in_memory);
  visit("loader_threads", options.loader_threads);
  visit("log_every_steps", options.log_every_steps);
  visit("live_every_s", options.live_every_s);
  visit("live_scenes", options.live_scenes);
  visit("checkpoint_every_s", options.checkpoint_every_s);
  visit("checkpoint_every_steps", options.checkpoint_every_steps);
  visit("min_seconds", options.min_seconds);
  visit("start_from", options.start_from);
  visit("overwrite", options.overwrite);
}

}  // namespace tagscape
