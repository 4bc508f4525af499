#include "core/recipe/train_options.h"

#include <fmt/format.h>

#include <array>

namespace tagscape {
namespace {

/// A tiny scene in 20 to 25 s on two cores: for tests and demonstrations.
void quick(TrainOptions& o) {
  o.image_steps = 100;
  o.points_steps = 40;
  o.joint_steps = 80;
  o.image_batch = 8;
  o.image_long_side_px = 128;
  o.crop_px = 72;
  o.points_batch = 4;
  o.joint_batch = 2;
  o.frames_per_cloud = 3;
  o.points_per_cloud = 2048;
  o.live_every_s = 4;
}

/// One scan in one to two minutes.
void small(TrainOptions&) {}

/// What the published method does on a data set of many rooms, as small as two cores need it: from scratch, with the
/// losses in their plain form. Pseudo-labels are those of segments that a small network tells apart over all scenes,
/// within what frames say and their tags allow; they are good from the first round on, so that the image network learns
/// from them soon and fast, and from three frames a cloud. What each of that is worth: docs/results.md.
/// Source: EXPERIMENT, the recipe LONG, for phase 1 and the networks.
void rooms(TrainOptions& o) {
  o.image_steps = 3500;
  o.points_steps = 300;
  o.joint_steps = 1200;
  o.image_batch = 16;
  o.points_batch = 8;
  o.joint_batch = 6;
  o.frames_per_cloud = 3;
  o.image_long_side_px = 128;
  o.crop_px = 88;
  o.points_per_cloud = 2048;
  o.clouds_per_scene = 2;
  o.pairs_per_image = 384;
  o.frame_bags = false;
  o.pseudo_labels = "logits";
  o.joint_image_lr = 2.5e-3;
  o.balance_exponent = 0;
  o.reverse_balance_exponent = 0;
  o.reverse_after = .1;
  o.lift = "scene";
  o.lift_least_share = .04;
  o.lift_appearance = true;
  o.lift_network = true;
  o.num_threads = 1;
  o.live_every_s = 0;
  o.log_every_steps = 20;
}

/// The same in about half the time: a check that everything works.
void roomsShort(TrainOptions& o) {
  rooms(o);
  o.image_steps = 1500;
  o.points_steps = 240;
  o.joint_steps = 400;
}

/// A wider image network on frames in their own size: better labels in twice the time.
void roomsWide(TrainOptions& o) {
  rooms(o);
  o.image_width = 24;
  o.image_long_side_px = 160;
  o.crop_px = 112;
}

/// The published configuration on ScanNet. What the paper leaves open follows METHOD 1.2 and 1.3: OC-CSE's optimiser
/// for the image network, WyPR's for the point network, the losses in their plain form without balance between classes.
/// Phases are counted in steps of 1,201 training scenes: 15 epochs of the image network with 25 frames a scene and
/// batch 8, 200 of the point network, then 40 epochs of scenes together, the reverse loss after the third.
void scannet(TrainOptions& o) {
  o.image_network = "resnet38";
  o.point_network = "pointnet2-votenet";
  o.image_width = 64;
  o.points_width = 64;
  o.image_steps = 56'000;
  o.points_steps = 30'000;
  o.joint_steps = 6'000;
  o.image_batch = 8;
  o.points_batch = 8;
  o.joint_batch = 8;
  o.frames_per_cloud = 1;
  o.image_long_side_px = 320;
  o.crop_mode = "resize";
  o.crop_px = 256;
  o.hue_jitter = .1;
  o.points_per_cloud = 40'000;
  o.clouds_per_scene = 1;
  o.frame_bags = false;
  o.image_optimizer = "sgd";
  o.image_lr = .01;
  o.joint_image_lr = .01;
  o.image_weight_decay = 5e-4;
  o.image_momentum = 5e-4;
  o.points_lr = 1e-3;
  o.joint_points_lr = 1e-4;
  o.points_schedule = "step";
  o.batch_norm_schedule = true;
  o.balance_exponent = 0;
  o.score = "tagged";
  o.pseudo_labels = "cam";
  o.refinement = "cam";
  o.reverse_balance_exponent = 0;
  o.similarity_power = 1;
  o.similarity_centred = false;
  o.reverse_after = 3. / 40;
  o.pairs_per_image = 1024;
  o.data_in_memory = false;
  o.loader_threads = 4;
  o.log_every_steps = 20;
  o.live_every_s = 300;
  o.checkpoint_every_s = 600;
}

struct PresetRow {
  std::string_view name;
  void (*apply)(TrainOptions&);
};

constexpr std::array<PresetRow, 6> presetTable() {
  return {{{"quick", quick},
           {"small", small},
           {"rooms", rooms},
           {"rooms-short", roomsShort},
           {"rooms-wide", roomsWide},
           {"scannet", scannet}}};
}

}  // namespace

std::vector<std::string> trainPresetNames() {
  std::vector<std::string> names;
  for (const PresetRow& row : presetTable()) names.emplace_back(row.name);
  return names;
}

Result<TrainOptions> trainPreset(std::string_view name) {
  for (const PresetRow& row : presetTable()) {
    if (row.name != name) continue;
    TrainOptions options;
    options.preset = row.name;
    row.apply(options);
    return options;
  }
  return fail(ErrorCode::InvalidInput,
              fmt::format("there is no preset '{}'. Choose {}.", name, fmt::join(trainPresetNames(), ", ")));
}

}  // namespace tagscape
