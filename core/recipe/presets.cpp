#include "core/recipe/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tagscape {
namespace {

void quick(Recipe& r) {
  r.phases.image_steps = 100;
  r.phases.points_steps = 40;
  r.phases.joint_steps = 80;
  r.phases.image_batch = 8;
  r.phases.points_batch = 4;
  r.phases.joint_batch = 2;
  r.phases.frames_per_cloud = 3;
  r.images.image_long_side_px = 128;
  r.images.crop_px = 72;
  r.points.points_per_cloud = 2048;
  r.execution.live_every_s = 4;
}

void small(Recipe&) {}

/// Both networks learn the labels that were found. Those are the prediction of this very scan, and snapshots of
/// networks that still learn them would hide it.
void scan(Recipe& r) {
  r.phases.supervision = Supervision::Labels;
  r.phases.joint_steps = 0;
  r.execution.live_scenes = 0;
  setScanQuality(r, ScanQuality::Balanced);
}

void rooms(Recipe& r) {
  r.phases.image_steps = 3500;
  r.phases.points_steps = 300;
  r.phases.joint_steps = 1200;
  r.phases.image_batch = 16;
  r.phases.points_batch = 8;
  r.phases.joint_batch = 6;
  r.phases.frames_per_cloud = 3;
  r.images.image_long_side_px = 128;
  r.images.crop_px = 88;
  r.points.points_per_cloud = 2048;
  r.points.clouds_per_scene = 2;
  r.points.frame_bags = false;
  r.optimisers.joint_image_lr = 2.5e-3;
  r.labels.pseudo_labels = PseudoLabelBasis::Logits;
  r.labels.views = LabelViews::Multi;
  r.labels.min_tag_area = .04;
  r.labels.superpoint_lda = true;
  r.labels.superpoint_mlp = true;
  r.images_teach_points.class_balance = 0;
  r.points_teach_images.reverse_class_balance = 0;
  r.points_teach_images.warmup_fraction = .1;
  r.visibility.pairs_per_image = 384;
  r.execution.num_threads = 1;
  r.execution.live_every_s = 0;
  r.execution.log_every_steps = 20;
}

void roomsShort(Recipe& r) {
  rooms(r);
  r.phases.image_steps = 1500;
  r.phases.points_steps = 240;
  r.phases.joint_steps = 400;
}

void roomsWide(Recipe& r) {
  rooms(r);
  r.networks.image_width = 24;
  r.images.image_long_side_px = 160;
  r.images.crop_px = 112;
}

/// What the paper leaves open follows the public code: OC-CSE's optimiser for the image network, WyPR's for the point
/// network. Phases are counted in steps of 1,201 training scenes: 15 epochs of the image network with 25 frames a scene
/// and batch 8, 200 of the point network, then 40 epochs of scenes together, the reverse loss after the third.
void scannet(Recipe& r) {
  r.general.data_in_memory = false;
  r.networks.image_network = ImageNetworkKind::Resnet38;
  r.networks.point_network = PointNetworkKind::Pointnet2Votenet;
  r.networks.image_width = 64;
  r.networks.points_width = 64;
  r.phases.image_steps = 56'000;
  r.phases.points_steps = 30'000;
  r.phases.joint_steps = 6'000;
  r.phases.image_batch = 8;
  r.phases.points_batch = 8;
  r.phases.joint_batch = 8;
  r.phases.frames_per_cloud = 1;
  r.images.image_long_side_px = 320;
  r.images.crop_mode = CropMode::Resize;
  r.images.crop_px = 256;
  r.images.hue_jitter = .1;
  r.points.points_per_cloud = 40'000;
  r.points.clouds_per_scene = 1;
  r.points.frame_bags = false;
  r.optimisers.image_optimizer = OptimiserKind::Sgd;
  r.optimisers.image_lr = .01;
  r.optimisers.joint_image_lr = .01;
  r.optimisers.image_weight_decay = 5e-4;
  r.optimisers.image_momentum = 5e-4;
  r.optimisers.points_lr = 1e-3;
  r.optimisers.joint_points_lr = 1e-4;
  r.optimisers.points_schedule = RateSchedule::Step;
  r.optimisers.batch_norm_schedule = true;
  r.labels.confidence = ConfidenceKind::Tagged;
  r.images_teach_points.class_balance = 0;
  r.points_teach_images.refinement = Refinement::Cam;
  r.points_teach_images.reverse_class_balance = 0;
  r.points_teach_images.similarity_power = 1;
  r.points_teach_images.similarity_centred = false;
  r.points_teach_images.warmup_fraction = 3. / 40;
  r.visibility.pairs_per_image = 1024;
  r.execution.loader_threads = 4;
  r.execution.log_every_steps = 20;
  r.execution.live_every_s = 300;
  r.execution.checkpoint_every_s = 600;
}

constexpr auto kPresets = std::to_array<RecipePreset>({
    {kScanPreset,
     "one scan in a few minutes of two cores: its labels are found from its tags with a frozen image network "
     "(`tagscape weights fetch efficientnet-lite0`), then both networks learn them; quality says how much time it "
     "takes",
     scan},
    {"quick", "one scan in 20 to 25 s on two cores, for tests and demonstrations: the labels are rough", quick},
    {"small",
     "one scan in one to two minutes on two cores: small networks from random weights, without weights to fetch",
     small},
    {"rooms-short",
     "as rooms with fewer steps, in less than half the time: to see that everything works, about 5 points of mIoU "
     "worse",
     roomsShort},
    {"rooms",
     "a data set of rooms in about eight minutes of one core: small networks from random weights, and pseudo-labels of "
     "superpoints from all frames that see them, classified by their features over all scenes",
     rooms},
    {"rooms-wide",
     "as rooms with a wider image network on larger frames, in twice the time: no better than rooms when it was last "
     "measured",
     roomsWide},
    {"scannet",
     "the published configuration: ResNet38 and PointNet++ from pseudo-labels of single points in single frames, with "
     "no balance between classes; meant for a GPU",
     scannet},
});

struct QualityRow {
  int encoder_width_px, head_steps, decoder_steps, decoder_hidden;
  bool head_refit;
  int image_steps, points_steps;
};
/// By ScanQuality.
constexpr std::array<QualityRow, 3> kQualities{{
    {448, 200, 400, 64, false, 60, 20},
    {512, 400, 1200, 128, true, 300, 120},
    {640, 400, 2400, 192, true, 900, 300},
}};

}  // namespace

void setScanQuality(Recipe& recipe, ScanQuality quality) {
  const QualityRow& row = kQualities.at(static_cast<std::size_t>(quality));
  recipe.scan.quality = quality;
  recipe.scan.encoder_width_px = row.encoder_width_px;
  recipe.scan.head_steps = row.head_steps;
  recipe.scan.head_refit = row.head_refit;
  recipe.scan.decoder_steps = row.decoder_steps;
  recipe.scan.decoder_hidden = row.decoder_hidden;
  recipe.phases.image_steps = row.image_steps;
  recipe.phases.points_steps = row.points_steps;
}

std::span<const RecipePreset> recipePresets() { return kPresets; }

std::string recipePresetNames() {
  std::string names;
  for (const RecipePreset& preset : kPresets) names += fmt::format("{}{}", names.empty() ? "" : ", ", preset.name);
  return names;
}

Result<Recipe> presetRecipe(std::string_view name) {
  const auto* preset = std::ranges::find(kPresets, name, &RecipePreset::name);
  if (preset == kPresets.end()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("there is no preset '{}'. Choose one of {}.", name, recipePresetNames()));
  }
  Recipe recipe;
  preset->change(recipe);
  recipe.general.preset = name;
  return recipe;
}

}  // namespace tagscape
