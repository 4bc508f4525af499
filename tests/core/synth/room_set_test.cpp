// A whole data set as its readers see it: the truth holds in every file, and the bytes depend on the seed alone.

#include "core/synth/room_set.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/layouts/scan_layout.h"
#include "core/scans/data_set.h"
#include "core/scans/scannet_labels.h"
#include "core/synth/ray_caster.h"
#include "tests/core/synth/room_set_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <span>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::tinyRoomSet;

class RoomSet : public testing::RoomSetTest {};

/// Files of a scan whose sensor makes no mistake but what is asked for.
RoomSetOptions exact() {
  RoomSetOptions options = tinyRoomSet();
  options.scene.sensor = {
      .depth_noise_m = 0, .depth_step_mm = 1, .color_noise = 0, .blur_px = 0, .exposure = 0, .light = 1, .holes = 0};
  options.scene.surface = {.edge_m = .3, .is_noisy = false, .noise_m = 0};
  return options;
}

TEST_F(RoomSet, HasScanNetsFilesAndLists) {
  make("set", tinyRoomSet());
  std::set<std::string> names;
  for (const auto& [name, bytes] : testing::filesBelow(place("set"))) names.insert(name);
  const std::string scene = "scans/scene0001_00/scene0001_00";
  for (const char* suffix : {".sens",
                             ".txt",
                             ".aggregation.json",
                             "_2d-label-filt.zip",
                             "_vh_clean_2.ply",
                             "_vh_clean_2.labels.ply",
                             "_vh_clean_2.0.010000.segs.json"})
    EXPECT_TRUE(names.contains(scene + suffix)) << suffix;
  EXPECT_TRUE(names.contains("scans/scene0001_00/tags.json"));
  EXPECT_EQ(names.size(), 3U * 8 + 4) << "nothing else";
  const auto data = scanDataSet(place("set")).value();
  EXPECT_TRUE(data.warnings.empty());
  EXPECT_EQ(data.splits.at("train"), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(data.splits.at("val"), std::vector<std::size_t>{2});
}

TEST_F(RoomSet, IsTakenByTheReadersWithoutAWarning) {
  for (const bool exported : {false, true}) {
    RoomSetOptions options = tinyRoomSet();
    options.scene.exported_frames = exported;
    const std::string name = exported ? "exported" : "recorded";
    make(name, options);
    for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
      const Scene scene = read(name, id);
      for (const auto& warning : scene.warnings) ADD_FAILURE() << warning.message;
      ASSERT_EQ(scene.frames.size(), 3U);
      for (const auto& frame : scene.frames)
        EXPECT_TRUE(frame.has_color && frame.has_depth && frame.has_labels && frame.world_from_camera);
    }
  }
}

TEST_F(RoomSet, HoldsTheSameTruthInFramesOfEitherForm) {
  RoomSetOptions options = tinyRoomSet();
  make("recorded", options);
  options.scene.exported_frames = true;
  make("exported", options);
  const Scene recorded = read("recorded", "scene0002_00");
  const Scene exported = read("exported", "scene0002_00");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(recorded.pixels->labels(i)->pixels, exported.pixels->labels(i)->pixels);
    EXPECT_THAT(recorded.pixels->depth(i)->pixels,
                ::testing::Pointwise(::testing::FloatEq(), exported.pixels->depth(i)->pixels));
    EXPECT_TRUE(recorded.frames[i].world_from_camera->isApprox(*exported.frames[i].world_from_camera, 1e-5));
  }
  EXPECT_EQ(recorded.point_labels, exported.point_labels);
}

TEST_F(RoomSet, LabelsEveryVertexAndThatTwice) {
  make("set", tinyRoomSet());
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const fs::path stem = place("set") / "scans" / id / id;
    const auto from_ply = readPly(stem.string() + "_vh_clean_2.labels.ply")->vertex_scalars.at("label");
    const auto segments = readSegments(stem.string() + "_vh_clean_2.0.010000.segs.json").value();
    const auto groups = readAggregation(stem.string() + ".aggregation.json").value();
    const auto map = LabelMap::read(place("set") / "scannetv2-labels.combined.tsv").value();
    std::vector<std::string> unknown;
    const auto from_segments = nyu40OfSegments(segments, groups, map, unknown);
    EXPECT_TRUE(unknown.empty());
    ASSERT_EQ(from_ply.size(), from_segments.size());
    ASSERT_EQ(from_ply.size(), readPly(stem.string() + "_vh_clean_2.ply")->mesh.vertices.size());
    for (std::size_t i = 0; i < from_ply.size(); ++i) {
      ASSERT_EQ(from_ply[i], from_segments[i]) << id << " vertex " << i;
      ASSERT_NE(classOfNyu40(from_segments[i]), kNoClass) << id << " vertex " << i;
    }
  }
}

TEST_F(RoomSet, IsAlignedByItsTextAlone) {
  make("set", tinyRoomSet());
  const Scene scene = read("set", "scene0001_00");
  EXPECT_GT((scene.world_from_file.matrix() - Eigen::Matrix4d::Identity()).norm(), .5);
  // Aligned, the floor is at z = 0 and walls stand along the axes.
  const auto floor = static_cast<std::uint8_t>(*classByName("floor"));
  constexpr float kSurfaceNoise_m = .03F;  // more than five deviations of the mesh's noise
  int num_floor = 0;
  for (std::size_t i = 0; i < scene.point_labels.size(); ++i) {
    if (scene.point_labels[i] != floor) continue;
    ++num_floor;
    ASSERT_NEAR(scene.points().positions_m[i].z(), 0, kSurfaceNoise_m);
  }
  EXPECT_GT(num_floor, 20);
}

/// Depths of a frame against rays cast through the mesh that was written: the deviation relative to its growth with the
/// square of the distance, at 2 m; and the share of pixels that differ by more than `max_m`.
struct DepthError {
  double deviation_m = 0, share_off = 0;
};
DepthError depthError(const Scene& scene, double max_m) {
  synth::Model model;
  model.positions_m = scene.points().positions_m;
  for (const auto& triangle : scene.mesh.triangles) model.faces.push_back({triangle, 2, 0, 0});
  const synth::RayCaster caster(model);
  const Intrinsics& camera = scene.depth_intrinsics;
  double sum = 0;
  std::size_t count = 0;
  std::size_t num_off = 0;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const auto depth = scene.pixels->depth(i).value();
    const Pose& pose = *scene.frames[i].world_from_camera;
    for (int y = 0; y < depth.height; ++y) {
      for (int x = 0; x < depth.width; ++x) {
        if (depth.at(x, y) <= 0) continue;
        const Eigen::Vector3d ray((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1);
        const auto hit = caster.firstHit(pose.translation().cast<float>(), (pose.linear() * ray).cast<float>());
        const double error_m = hit ? depth.at(x, y) - hit->distance : 1;
        ++count;
        if (std::abs(error_m) > max_m) {
          ++num_off;
          continue;
        }
        const double at_2m = error_m * 4 / (depth.at(x, y) * depth.at(x, y));
        sum += at_2m * at_2m;
      }
    }
  }
  return {std::sqrt(sum / static_cast<double>(count - num_off)),
          static_cast<double>(num_off) / static_cast<double>(count)};
}

TEST_F(RoomSet, HasDepthThatEqualsTheMesh) {
  make("set", exact());
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    // Millimetres are rounded; a ray along an edge may fall to the other side after the coordinates were.
    const auto error = depthError(read("set", id), .002);
    EXPECT_LT(error.share_off, .003) << id;
    EXPECT_LT(error.deviation_m, .001) << id;
  }
}

TEST_F(RoomSet, HasDepthThatDiffersFromTheMeshByTheSetNoise) {
  RoomSetOptions options = exact();
  options.scene.sensor.depth_noise_m = .01;
  make("set", options);
  const auto error = depthError(read("set", "scene0000_00"), .15);
  EXPECT_LT(error.share_off, .005) << "rays along edges";
  constexpr double kTenth_m = .001;  // of the noise; its deviation is known to a hundredth from thousands of pixels
  EXPECT_NEAR(error.deviation_m, .01, kTenth_m);
}

TEST_F(RoomSet, HasTagsThatEqualTheLabels) {
  make("set", tinyRoomSet());
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const Scene scene = read("set", id);
    ASSERT_TRUE(scene.tags);
    std::array<int, 256> vertices{};
    for (const auto label : scene.point_labels) ++vertices[label];
    TagSet expected;
    for (std::size_t k = 0; k < kNumClasses; ++k) expected[k] = vertices.at(k) >= 8;
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      std::array<int, 256> counts{};
      const auto labels = scene.pixels->labels(i).value();
      for (const auto label : labels.pixels) ++counts[label];
      for (std::size_t k = 0; k < kNumClasses; ++k)
        EXPECT_EQ(scene.frames[i].tags.value()[k], counts.at(k) > .015 * 64 * 48) << id << " " << i << " " << k;
      expected |= *scene.frames[i].tags;
    }
    EXPECT_EQ(scene.tags, expected) << id;
  }
}

TEST_F(RoomSet, HasTheSameBytesForAnyNumberOfThreads) {
  // One thread; two, which share the scenes; four, more than scenes, which share the frames of one.
  setNumThreads(1);
  make("one", tinyRoomSet());
  setNumThreads(2);
  make("two", tinyRoomSet());
  setNumThreads(4);
  make("four", tinyRoomSet());
  const auto one = testing::filesBelow(place("one"));
  EXPECT_EQ(one.size(), 28U);
  EXPECT_EQ(one, testing::filesBelow(place("two")));
  EXPECT_EQ(one, testing::filesBelow(place("four")));
}

/// FNV-1a, 64 bit.
std::uint64_t hashOf(std::span<const std::byte> bytes, std::uint64_t hash = 0xcbf29ce484222325ULL) {
  for (const auto byte : bytes) hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3ULL;
  return hash;
}

TEST_F(RoomSet, HasTheSameGeometryOnEveryMachine) {
  // Meshes and decoded depth maps, so that it does not matter which version of zlib or libjpeg wrote them. Whoever
  // changes the generator on purpose changes these numbers, and the first line of recordOf in room_set.cpp.
  make("set", tinyRoomSet());
  std::vector<std::uint64_t> hashes;
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const Scene scene = read("set", id);
    const auto mesh = readFile(scene.path / (std::string(id) + "_vh_clean_2.ply")).value();
    std::uint64_t hash = hashOf(mesh);
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      const auto depth = scene.pixels->depth(i).value();
      hash = hashOf(std::as_bytes(std::span(depth.pixels)), hash);
    }
    hashes.push_back(hash);
  }
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{17625084316115526112U, 1198726046526275500U, 14641125968091691092U}));
}

TEST_F(RoomSet, DiffersForAnotherSeedInEveryScene) {
  RoomSetOptions options = tinyRoomSet();
  make("five", options);
  options.seed = 6;
  make("six", options);
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const fs::path mesh = fs::path("scans") / id / (std::string(id) + "_vh_clean_2.ply");
    EXPECT_NE(readFile(place("five") / mesh).value(), readFile(place("six") / mesh).value()) << id;
  }
}

TEST_F(RoomSet, MakesASceneFromItsNumberAndNotFromHowManyThereAre) {
  RoomSetOptions options = tinyRoomSet();
  make("three", options);
  options.num_scenes = 2;
  make("two", options);
  EXPECT_EQ(testing::filesBelow(place("three") / "scans/scene0001_00"),
            testing::filesBelow(place("two") / "scans/scene0001_00"));
}

TEST_F(RoomSet, NeverSaysInAScenesFilesThatItIsInvented) {
  make("set", tinyRoomSet());
  for (const auto& [name, bytes] : testing::filesBelow(place("set") / "scans")) {
    EXPECT_THAT(bytes, Not(HasSubstr("synth"))) << name;
    EXPECT_THAT(bytes, Not(HasSubstr("agscape"))) << name;
  }
}

TEST(RoomSetPreset, KnowsItsNames) {
  for (const char* name : {"sample", "rooms", "rooms-sensor", "rooms-small", "scannet-size"})
    EXPECT_TRUE(roomSetPreset(name)) << name;
  EXPECT_FALSE(roomSetPreset("palace"));
}

RoomSetOptions asScanned() {
  RoomSetOptions options = tinyRoomSet();
  options.scene.num_frames = 6;
  options.scene.fused_mesh = true;
  options.scene.surface.edge_m = .08;
  options.scene.clutter = 5;
  options.scene.sensor.motion_blur_px = 4;
  return options;
}

TEST_F(RoomSet, FusesTheMeshAndLabelsItByTheNearestSurface) {
  make("set", asScanned());
  const Scene scene = read("set", "scene0002_00");
  ASSERT_EQ(scene.point_labels.size(), scene.points().size());
  ASSERT_GT(scene.points().size(), 500U);
  const auto floor = static_cast<std::uint8_t>(*classByName("floor"));
  std::size_t num_floor = 0, num_high = 0;
  for (std::size_t i = 0; i < scene.point_labels.size(); ++i) {
    if (scene.point_labels[i] != floor) continue;
    ++num_floor;
    num_high += scene.points().positions_m[i].z() > .3F ? 1 : 0;
  }
  EXPECT_GT(num_floor, 50U);
  EXPECT_EQ(num_high, 0U) << "30 cm above it something else is nearer";
}

TEST_F(RoomSet, HasClutterThatIsOfNoClass) {
  make("set", asScanned());
  std::size_t num_unknown = 0;
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const Scene scene = read("set", id);
    EXPECT_THAT(scene.warnings, ::testing::IsEmpty());
    num_unknown += static_cast<std::size_t>(std::count(scene.point_labels.begin(), scene.point_labels.end(), kNoClass));
  }
  EXPECT_GT(num_unknown, 10U);
}

TEST_F(RoomSet, HasAsManyWrongTagsAsAsked) {
  RoomSetOptions options = tinyRoomSet();
  options.scene.num_frames = 12;
  make("right", options);
  options.scene.missing_tags = .3;
  options.scene.false_tags = .2;
  make("wrong", options);
  std::size_t num_tags = 0, num_missing = 0, num_false = 0;
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"}) {
    const Scene right = read("right", id), wrong = read("wrong", id);
    for (std::size_t i = 0; i < right.frames.size(); ++i) {
      num_tags += right.frames[i].tags->count();
      num_missing += (*right.frames[i].tags & ~*wrong.frames[i].tags).count();
      num_false += (*wrong.frames[i].tags & ~*right.frames[i].tags).count();
    }
    EXPECT_EQ(right.pixels->color(3)->pixels, wrong.pixels->color(3)->pixels) << "the same pictures";
  }
  // About a hundred tags: four deviations of a share of .3 are .18.
  ASSERT_GT(num_tags, 80U);
  const auto share = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(num_tags); };
  EXPECT_NEAR(share(num_missing), .3, .18);
  EXPECT_NEAR(share(num_false), .2, .18);
}

}  // namespace
}  // namespace tagscape
