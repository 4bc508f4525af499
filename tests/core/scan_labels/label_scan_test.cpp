#include "core/scan_labels/label_scan.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kWidth = 60, kHeight = 40;
constexpr std::size_t kFloor = 1, kTable = 6, kSofa = 5;

/// Cameras 3 m over the floor that look straight down: depth of a plane and of two boxes on it.
class PlanePixels : public FrameSource {
 public:
  explicit PlanePixels(std::vector<DepthImage> depths) : depths_(std::move(depths)) {}
  [[nodiscard]] Result<RgbImage> color(std::size_t) const override { return RgbImage(kWidth, kHeight, 3); }
  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override { return depths_[index]; }

 private:
  std::vector<DepthImage> depths_;
};

float heightAt(float x, float y) {
  if (std::abs(x + 1) < .5F && std::abs(y) < .5F) return .75F;  // a table
  if (std::abs(x - 1) < .5F && std::abs(y) < .5F) return .4F;   // a sofa
  return 0;
}

/// A floor of 4 x 2 m with a table and a sofa, steep at their sides; frames over the left, the middle and the right.
std::shared_ptr<Scene> boxScene() {
  constexpr float kStep_m = .02F;
  constexpr std::uint32_t kColumns = 201, kRows = 101;
  auto scene = std::make_shared<Scene>();
  scene->name = "boxes";
  for (std::uint32_t row = 0; row < kRows; ++row) {
    for (std::uint32_t column = 0; column < kColumns; ++column) {
      const float x = -2 + kStep_m * static_cast<float>(column), y = -1 + kStep_m * static_cast<float>(row);
      scene->mesh.vertices.positions_m.emplace_back(x, y, heightAt(x, y));
      scene->point_labels.push_back(heightAt(x, y) > .5F ? kTable : heightAt(x, y) > 0 ? kSofa : kFloor);
    }
  }
  for (std::uint32_t row = 0; row + 1 < kRows; ++row) {
    for (std::uint32_t column = 0; column + 1 < kColumns; ++column) {
      const std::uint32_t i = row * kColumns + column;
      scene->mesh.triangles.push_back({i, i + 1, i + kColumns});
      scene->mesh.triangles.push_back({i + 1, i + kColumns + 1, i + kColumns});
    }
  }
  scene->color_intrinsics = scene->depth_intrinsics = {60, 60, 29.5, 19.5, kWidth, kHeight};
  std::vector<DepthImage> depths;
  for (const float middle : {-1.4F, 0.F, 1.4F}) {
    Pose pose = Pose::Identity();
    pose.linear() << 1, 0, 0, 0, -1, 0, 0, 0, -1;
    pose.translation() = Eigen::Vector3d(middle, 0, 3);
    DepthImage depth(kWidth, kHeight, 1, 3.F);
    for (int v = 0; v < kHeight; ++v) {
      for (int u = 0; u < kWidth; ++u) {
        for (const float height : {.75F, .4F}) {
          const float z = 3 - height;
          const float x = middle + (static_cast<float>(u) - 29.5F) / 60 * z,
                      y = -(static_cast<float>(v) - 19.5F) / 60 * z;
          if (heightAt(x, y) == height) depth.at(u, v) = z;
        }
      }
    }
    depths.push_back(std::move(depth));
    scene->frames.push_back({static_cast<int>(scene->frames.size()), pose, true, true, TagSet().set(kFloor)});
  }
  scene->frames[0].tags->set(kTable);
  scene->frames[1].tags->set(kTable).set(kSofa);
  scene->frames[2].tags->set(kSofa);
  scene->pixels = std::make_shared<PlanePixels>(std::move(depths));
  return scene;
}

Result<CellMaps> noMaps(std::size_t) { return CellMaps{}; }

double accuracy(const ClassValues& posterior, const Scene& scene) {
  std::size_t right = 0;
  for (Eigen::Index i = 0; i < posterior.rows(); ++i) {
    Eigen::Index label = 0;
    posterior.row(i).maxCoeff(&label);
    right += static_cast<std::size_t>(label) == scene.point_labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(posterior.rows());
}

TEST(ScanLabeller, LabelsASceneFromTagsAndItsShape) {
  const auto scene = boxScene();
  const auto labeller = ScanLabeller::create(scene, {}, {});
  ASSERT_TRUE(labeller) << labeller.error().message;
  const auto labels = labeller->label(noMaps, {});
  ASSERT_TRUE(labels) << labels.error().message;
  // The sides of the boxes are nobody's.
  EXPECT_GT(accuracy(labels->vertices, *scene), .9);
  EXPECT_NEAR(labels->frame_areas.row(1).sum(), 1, 1e-3);
  EXPECT_GT(labels->frame_areas(0, kTable), .05F);
  EXPECT_LT(labels->frame_areas(0, kSofa), .05F);
}

TEST(ScanLabeller, TellsTableFromSofaByTagsAlone) {
  const auto scene = boxScene();
  ScanLabelOptions options;
  options.room_prior = 0;
  const auto labels = ScanLabeller::create(scene, options, {})->label(noMaps, {});
  ASSERT_TRUE(labels);
  const auto table = 50 * 201 + 50, sofa = 50 * 201 + 150;
  EXPECT_GT(labels->vertices(table, kTable), labels->vertices(table, kSofa));
  EXPECT_GT(labels->vertices(sofa, kSofa), labels->vertices(sofa, kTable));
}

TEST(ScanLabeller, TakesTagsOfTheSceneAlone) {
  const auto scene = boxScene();
  for (Frame& frame : scene->frames) frame.tags.reset();
  scene->tags = TagSet().set(kFloor).set(kTable).set(kSofa);
  const auto labels = ScanLabeller::create(scene, {}, {})->label(noMaps, {});
  ASSERT_TRUE(labels);
  EXPECT_GT(accuracy(labels->vertices, *scene), .8);
}

TEST(ScanLabeller, FollowsTheMapsOfFrames) {
  const auto scene = boxScene();
  scene->frames[1].tags = TagSet().set(kFloor).set(kTable).set(kSofa);
  scene->frames[0].tags = scene->frames[2].tags = std::nullopt;
  ScanLabelOptions options;
  options.room_prior = 0;
  std::vector<float> values(kNumClasses * 2, 0.F);
  values[kSofa * 2] = 4;       // The left half of the frame is a sofa,
  values[kTable * 2 + 1] = 4;  // the right half a table.
  const auto maps = [&](std::size_t index) -> Result<CellMaps> {
    return index == 1 ? CellMaps{values, 2, 1, {30, 14.5}} : CellMaps{};
  };
  const auto labels = ScanLabeller::create(scene, options, {})->label(maps, {});
  ASSERT_TRUE(labels);
  const auto left = 50 * 201 + 50, right = 50 * 201 + 150;
  EXPECT_GT(labels->vertices(left, kSofa), labels->vertices(left, kTable));
  EXPECT_GT(labels->vertices(right, kTable), labels->vertices(right, kSofa));
}

TEST(ScanLabeller, RefusesScenesWithoutPointsOrTags) {
  auto scene = boxScene();
  for (Frame& frame : scene->frames) frame.tags.reset();
  EXPECT_EQ(ScanLabeller::create(scene, {}, {}).error().code, ErrorCode::InvalidInput);
  scene->tags = TagSet().set(kFloor);
  scene->mesh = {};
  EXPECT_EQ(ScanLabeller::create(scene, {}, {}).error().code, ErrorCode::InvalidInput);
}

TEST(ScanLabeller, CanBeStopped) {
  std::stop_source source;
  source.request_stop();
  const Job job{{}, source.get_token()};
  EXPECT_EQ(ScanLabeller::create(boxScene(), {}, job).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape
