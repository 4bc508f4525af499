// Batches as steps compute with them: what a crop shows of a point, whoever made it and when.

#include "core/train/batch_loader_torch.h"
#include "core/train/training_batch_torch.h"
#include "tests/support/tiny_scene.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::makeTinySceneWithTruth;
using testing::TinyScene;

/// Gives a tiny scene's own truth as labels of its frames.
class LabelledPixels final : public FrameSource {
 public:
  LabelledPixels(std::shared_ptr<const FrameSource> pixels, std::vector<Image<std::uint8_t>> labels)
      : pixels_(std::move(pixels)), labels_(std::move(labels)) {}
  Result<RgbImage> color(std::size_t index) const override { return pixels_->color(index); }
  Result<DepthImage> depth(std::size_t index) const override { return pixels_->depth(index); }
  Result<Image<std::uint8_t>> labels(std::size_t index) const override { return labels_[index]; }

 private:
  std::shared_ptr<const FrameSource> pixels_;
  std::vector<Image<std::uint8_t>> labels_;
};

SharedScene labelledScene(std::set<int> broken_color = {}) {
  const TinyScene tiny = makeTinySceneWithTruth({.broken_color = std::move(broken_color)});
  Scene scene = *tiny.scene;
  scene.point_labels = tiny.point_labels;
  for (Frame& frame : scene.frames) frame.has_labels = true;
  scene.pixels = std::make_shared<LabelledPixels>(scene.pixels, tiny.frame_labels);
  return std::make_shared<const Scene>(std::move(scene));
}

/// With the truth, which shows whether a point is found where it is.
Recipe cropped(CropMode crop_mode) {
  Recipe options;
  options.images.crop_mode = crop_mode;
  options.images.crop_px = 64;
  options.images.resize_min_px = 70;
  options.images.resize_max_px = 120;
  return options;
}

BatchSpec twoClouds() { return {.stream = "joint", .num_clouds = 2, .frames_per_cloud = 2, .with_labels = true}; }
BatchSpec threeImages() { return {.stream = "image", .num_images = 3, .with_labels = true}; }

std::shared_ptr<const TrainingSource> sourceOf(const SharedScene& scene, bool in_memory) {
  TrainingDataOptions wanted;
  wanted.image_long_side_px = 96;
  wanted.points_per_cloud = 1024;
  wanted.clouds_per_scene = 2;
  wanted.with_labels = true;
  wanted.in_memory = in_memory;
  auto data = std::make_shared<const TrainingData>(prepareTrainingData({scene}, wanted, {}).value());
  return std::make_shared<const TrainingSource>(std::move(data), wanted);
}

struct Agreement {
  std::int64_t num_equal = 0, num_matches = 0;
  [[nodiscard]] double share() const { return static_cast<double>(num_equal) / static_cast<double>(num_matches); }
};

/// How often a point's label is that of the crop's pixel where the batch says that it lies.
Agreement agreementOf(const TrainingBatch& batch) {
  Agreement agreement;
  const at::Tensor places = batch.matches.pixels.round().to(at::kLong);
  for (std::int64_t u = 0; u < places.size(0); ++u) {
    const at::Tensor crop = batch.image_labels[batch.matches.crops[u].item<std::int64_t>()];
    const at::Tensor pixels = crop.index({places[u].select(1, 1), places[u].select(1, 0)});
    const at::Tensor points =
        batch.point_labels.index_select(0, batch.matches.rows.slice(0, u * places.size(1), (u + 1) * places.size(1)));
    agreement.num_equal += pixels.eq(points).sum().item<std::int64_t>();
    agreement.num_matches += places.size(1);
  }
  return agreement;
}

class Crops : public ::testing::TestWithParam<std::tuple<CropMode, bool>> {};

TEST_P(Crops, ShowAPointWhereTheUnchangedCloudIsProjectedThroughCropAndMirror) {
  const auto [crop_mode, in_memory] = GetParam();
  const BatchMaker maker(sourceOf(labelledScene(), in_memory), cropped(crop_mode), {});
  Agreement all;
  for (int step = 0; step < 6; ++step) {
    const auto batch = maker.make(twoClouds(), step);
    ASSERT_TRUE(batch) << batch.error().message;
    if (batch->matches.empty()) continue;
    const Agreement one = agreementOf(*batch);
    all.num_equal += one.num_equal;
    all.num_matches += one.num_matches;
  }
  ASSERT_GT(all.num_matches, 5000);
  // Labels differ only along edges: half a pixel of error costs about a percent, a mirrored or shifted crop tens.
  EXPECT_GT(all.share(), .96);
}
INSTANTIATE_TEST_SUITE_P(Modes,
                         Crops,
                         ::testing::Combine(::testing::Values(CropMode::Square, CropMode::Resize),
                                            ::testing::Values(true, false)));

bool sameBatch(const TrainingBatch& one, const TrainingBatch& other) {
  const NamedTensors first = one.named(), second = other.named();
  if (first.size() != second.size()) return false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!at::equal(first[i].second, second[i].second)) return false;
  }
  return true;
}

TEST(BatchLoader, GivesTheBatchesOfTheStepsInOrderWhoeverMadeThem) {
  const auto source = sourceOf(labelledScene(), true);
  const auto maker = std::make_shared<const BatchMaker>(source, cropped(CropMode::Square), NetworkInputs{});
  BatchLoader loader(maker, 3);
  loader.start(twoClouds(), 5);
  for (int step = 5; step < 12; ++step) {
    const auto batch = loader.next();
    ASSERT_TRUE(batch);
    EXPECT_TRUE(sameBatch(*batch, maker->make(twoClouds(), step).value())) << step;
  }
  loader.start(threeImages(), 0);
  const auto batch = loader.next();
  ASSERT_TRUE(batch);
  EXPECT_TRUE(sameBatch(*batch, maker->make(threeImages(), 0).value())) << "what was made before is thrown away";
}

TEST(BatchMaker, ReplacesAFrameThatCannotBeReadByItsSuccessor) {
  const auto source = sourceOf(labelledScene({0, 10, 20, 30}), false);
  const BatchMaker maker(source, cropped(CropMode::Square), {});
  for (int step = 0; step < 8; ++step) EXPECT_TRUE(maker.make(twoClouds(), step)) << step;
}

}  // namespace
}  // namespace tagscape
