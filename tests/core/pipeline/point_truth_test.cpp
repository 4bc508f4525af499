#include "core/pipeline/point_truth.h"

#include "tests/support/box_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tagscape {
namespace {

using testing::boxScene;
using testing::kFloor;
using testing::kSofa;
using testing::kTable;

/// Label images by depth, of a size of their own: what is above the floor is a table or a sofa.
class AnnotatedPixels final : public FrameSource {
 public:
  AnnotatedPixels(std::shared_ptr<const FrameSource> pixels, int scale) : pixels_(std::move(pixels)), scale_(scale) {}
  [[nodiscard]] Result<RgbImage> color(std::size_t index) const override { return pixels_->color(index); }
  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override { return pixels_->depth(index); }
  [[nodiscard]] Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    TAGSCAPE_ASSIGN(const DepthImage depth, pixels_->depth(index));
    Image<std::uint8_t> labels(depth.width * scale_, depth.height * scale_, 1, kNoClass);
    for (int v = 0; v < labels.height; ++v) {
      for (int u = 0; u < labels.width; ++u) {
        const float z = depth.at(u / scale_, v / scale_);
        labels.at(u, v) = z < 2.5F ? kTable : z < 2.8F ? kSofa : kFloor;
      }
    }
    return labels;
  }

 private:
  std::shared_ptr<const FrameSource> pixels_;
  int scale_;
};

/// The boxes with annotated pixels instead of points.
std::shared_ptr<Scene> annotatedFrames(int scale) {
  auto scene = boxScene();
  scene->point_labels.clear();
  scene->pixels = std::make_shared<AnnotatedPixels>(scene->pixels, scale);
  for (Frame& frame : scene->frames) frame.has_labels = true;
  return scene;
}

TEST(TruthOfPoints, IsThatOfThePointsWhereTheyHaveOne) {
  const auto scene = boxScene();
  EXPECT_EQ(truthOfPoints(*scene, {}).value(), scene->point_labels);
  EXPECT_EQ(withTruthOfPoints(scene, {}).value(), scene);
}

TEST(TruthOfPoints, ComesFromThePixelsThatSeeThem) {
  for (const int scale : {1, 2}) {
    const auto scene = annotatedFrames(scale);
    const auto truth = truthOfPoints(*scene, {}).value();
    const auto expected = boxScene()->point_labels;
    ASSERT_EQ(truth.size(), expected.size());
    std::size_t num_known = 0, num_right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      num_known += truth[i] != kNoClass ? 1 : 0;
      num_right += truth[i] == expected[i] ? 1 : 0;
    }
    EXPECT_GT(num_known, truth.size() / 2);
    // Pixels at the rims of the boxes round to either side: at most the 2 x 2 x 52 vertices around them.
    EXPECT_GE(num_right + 2 * 4 * 52, num_known) << "scale " << scale;
    EXPECT_EQ(withTruthOfPoints(scene, {}).value()->point_labels, truth);
    EXPECT_TRUE(scene->point_labels.empty()) << "the scan itself stays as it is";
  }
}

TEST(TruthOfPoints, IsEmptyWhereNothingIsAnnotated) {
  const auto scene = annotatedFrames(1);
  for (Frame& frame : scene->frames) frame.has_labels = false;
  EXPECT_TRUE(truthOfPoints(*scene, {}).value().empty());
  EXPECT_EQ(withTruthOfPoints(scene, {}).value(), scene);
}

TEST(TruthOfPoints, CanBeStopped) {
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(truthOfPoints(*annotatedFrames(1), {{}, source.get_token()}).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape
