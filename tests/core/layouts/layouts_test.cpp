#include "core/base/files.h"
#include "core/io/image_codec.h"
#include "core/layouts/layout_table.h"
#include "core/layouts/scan_layout.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tolerances.h"

#include <Eigen/Geometry>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr float kDepthUnit_m = 1e-3F;  // Of depth maps in millimetres.

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kWidth = 32, kHeight = 24;

/// Two frames whose poses, camera and depth are known, for every layout to write in its own way and to be read back.
class Layouts : public ::testing::Test {
 protected:
  static Pose pose(int frame) {
    Pose pose = Pose::Identity();
    pose.linear() = (Eigen::AngleAxisd(0.3 + 0.1 * frame, Eigen::Vector3d::UnitZ()) *
                     Eigen::AngleAxisd(-1.9, Eigen::Vector3d::UnitX()))
                        .toRotationMatrix();
    pose.translation() = Eigen::Vector3d(1 + frame, 2, 1.5);
    return pose;
  }
  static Eigen::Matrix4d openGl(const Pose& pose) { return pose.matrix() * Eigen::Vector4d(1, -1, -1, 1).asDiagonal(); }
  /// The same place in a world whose y is up.
  static Pose yUp(const Pose& pose) {
    Pose turn = Pose::Identity();
    turn.linear() << 1, 0, 0, 0, 0, 1, 0, -1, 0;
    return turn * pose;
  }
  static std::string rows(const Eigen::Matrix4d& m, int count = 4, const char* end_of_row = "\n") {
    std::string text;
    for (int r = 0; r < count; ++r)
      text += fmt::format("{} {} {} {}{}", m(r, 0), m(r, 1), m(r, 2), m(r, 3), end_of_row);
    return text;
  }
  static std::string quaternion(const Eigen::Matrix4d& m, const char* separator) {
    const Eigen::Quaterniond q(Eigen::Matrix3d(m.topLeftCorner<3, 3>()));
    return fmt::format("{1}{0}{2}{0}{3}{0}{4}", separator, q.x(), q.y(), q.z(), q.w());
  }
  void writeBytes(const std::string& name, const std::vector<std::byte>& bytes) const {
    folder_.write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  void writeColor(const std::string& name) const {
    const RgbImage image(kWidth, kHeight, 3, 90);
    writeBytes(name, name.ends_with(".png") ? encodePng(image).value() : encodeJpeg(image, 90).value());
  }
  /// 1.5 m everywhere.
  void writeDepth(const std::string& name, double units_per_m) const {
    writeBytes(
        name,
        encodePng16(RawDepthImage(kWidth, kHeight, 1, static_cast<std::uint16_t>(1.5 * units_per_m + .5))).value());
  }
  Scene expectFrames(std::string_view layout, const fs::path& path = {}) const {
    const fs::path scan = path.empty() ? folder_.path() : path;
    EXPECT_EQ(detectLayout(scan).name, layout);
    auto scene = readScan(scan);
    EXPECT_TRUE(scene) << scene.error().message;
    if (!scene) return {};
    EXPECT_EQ(scene->frames.size(), 2U);
    for (int i = 0; i < static_cast<int>(scene->frames.size()); ++i) {
      const Frame& frame = scene->frames[static_cast<std::size_t>(i)];
      EXPECT_TRUE(frame.world_from_camera && frame.world_from_camera->isApprox(pose(i), 1e-4))
          << layout << " frame " << i;
      const auto depth = scene->pixels->depth(static_cast<std::size_t>(i));
      EXPECT_TRUE(depth && std::abs(depth->at(3, 3) - 1.5F) < 1e-3F) << layout;
    }
    EXPECT_NEAR(scene->color_intrinsics.fx, 40, testing::kFloatRounding * 40);
    EXPECT_NEAR(scene->depth_intrinsics.cy, 11.5, testing::kFloatRounding * 40);
    return *scene;
  }
  static std::string notesOf(const Scene& scene) {
    std::string all;
    for (const auto& warning : scene.warnings) all += warning.message + "\n";
    return all;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Layouts, Tum) {
  std::string color, depth, truth = "# timestamp tx ty tz qx qy qz qw\n";
  for (int i = 0; i < 2; ++i) {
    const double time = 1000.5 + i;
    color += fmt::format("{:.3f} rgb/{:.3f}.png\n", time, time);
    depth += fmt::format("{:.3f} depth/{:.3f}.png\n", time + .012, time + .012);
    writeColor(fmt::format("rgb/{:.3f}.png", time));
    writeDepth(fmt::format("depth/{:.3f}.png", time + .012), 5000);
    truth += fmt::format("{:.3f} {} 2 1.5 {}\n", time, 1 + i, quaternion(pose(i).matrix(), " "));
  }
  folder_.write("rgb.txt", color);
  folder_.write("depth.txt", depth);
  folder_.write("groundtruth.txt", truth);
  EXPECT_EQ(detectLayout(folder_.path()).name, "TUM RGB-D");
  Conventions given;
  given.color_camera = CameraModel{40, 40, 15.5, 11.5, 32, 24};
  const auto scene = readScan(folder_.path(), {.given = given}).value();
  ASSERT_EQ(scene.frames.size(), 2U);
  EXPECT_TRUE(scene.frames[1].world_from_camera->isApprox(pose(1), 1e-4));
  EXPECT_NEAR(scene.pixels->depth(1)->at(3, 3), 1.5F, kDepthUnit_m);
  EXPECT_NEAR(scene.depth_intrinsics.fx, 40, testing::kDoubleSumRounding);
  EXPECT_NEAR(readScan(folder_.path())->color_intrinsics.fx, 525.0 * kWidth / 640, testing::kDoubleSumRounding);
}

TEST_F(Layouts, SevenScenesAnd3RScan) {
  for (int i = 0; i < 2; ++i) {
    writeColor(fmt::format("frame-{:06}.color.png", i));
    writeDepth(fmt::format("frame-{:06}.depth.png", i), 1000);
    folder_.write(fmt::format("frame-{:06}.pose.txt", i), rows(pose(i).matrix()));
  }
  EXPECT_EQ(detectLayout(folder_.path()).name, "7-Scenes");
  EXPECT_NEAR(readScan(folder_.path())->color_intrinsics.fx, 585.0 * kWidth / 640, testing::kDoubleSumRounding);
  folder_.write("_info.txt",
                "m_colorWidth = 32\nm_colorHeight = 24\nm_depthWidth = 32\nm_depthHeight = 24\nm_depthShift = 1000\n"
                "m_calibrationColorIntrinsic = 40 0 15.5 0 0 40 11.5 0 0 0 1 0 0 0 0 1 \n"
                "m_calibrationDepthIntrinsic = 40 0 15.5 0 0 40 11.5 0 0 0 1 0 0 0 0 1 \n");
  expectFrames("3RScan");
}

TEST_F(Layouts, DepthOf65535IsNone) {
  for (int i = 0; i < 2; ++i) {
    writeColor(fmt::format("frame-{:06}.color.png", i));
    writeBytes(fmt::format("frame-{:06}.depth.png", i), encodePng16(RawDepthImage(kWidth, kHeight, 1, 65535)).value());
    folder_.write(fmt::format("frame-{:06}.pose.txt", i), rows(pose(i).matrix()));
  }
  const Scene scene = readScan(folder_.path()).value();
  EXPECT_EQ(scene.pixels->depth(0)->at(3, 3), 0);
  EXPECT_THAT(notesOf(scene), HasSubstr("0 everywhere"));
}

TEST_F(Layouts, Replica) {
  for (int i = 0; i < 2; ++i) {
    writeColor(fmt::format("office/results/frame{:06}.jpg", i));
    writeDepth(fmt::format("office/results/depth{:06}.png", i), 6553.5);
  }
  folder_.write("office/traj.txt", rows(pose(0).matrix(), 4, " ") + "\n" + rows(pose(1).matrix(), 4, " ") + "\n");
  EXPECT_THAT(readScan(folder_.path() / "office").error().message, HasSubstr("cam_params.json"));
  folder_.write("cam_params.json",
                R"({"camera": {"w": 32, "h": 24, "fx": 40, "fy": 40, "cx": 15.5, "cy": 11.5, "scale": 6553.5}})");
  folder_.write("office_mesh.ply",
                "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float "
                "z\nend_header\n1 2 3\n");
  EXPECT_EQ(expectFrames("Replica (NICE-SLAM)", folder_.path() / "office").points().size(), 1U);
}

TEST_F(Layouts, PolycamWithACameraForEachFrame) {
  for (int i = 0; i < 2; ++i) {
    const auto m = openGl(yUp(pose(i)));
    std::string json =
        fmt::format(R"({{"fx": {}, "fy": 40, "cx": 15.5, "cy": 11.5, "width": 32, "height": 24)", i == 0 ? 40.0 : 39.0);
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 4; ++c) json += fmt::format(R"(, "t_{}{}": {})", r, c, m(r, c));
    }
    folder_.write(fmt::format("keyframes/cameras/{}.json", 68305281644 + i), json + "}");
    writeColor(fmt::format("keyframes/images/{}.jpg", 68305281644 + i));
    writeDepth(fmt::format("keyframes/depth/{}.png", 68305281644 + i), 1000);
  }
  expectFrames("Polycam raw data");
  EXPECT_EQ(readScan(folder_.path() / "keyframes")->frames.size(), 2U);
}

TEST_F(Layouts, Nerfstudio) {
  std::string json = R"({"fl_x": 40, "fl_y": 40, "cx": 15.5, "cy": 11.5, "w": 32, "h": 24, "k1": 0.1, "frames": [)";
  for (int i = 0; i < 2; ++i) {
    const auto m = openGl(pose(i));
    json += fmt::format(R"({}{{"file_path": "images/{}", "depth_file_path": "depth/{}.png", "transform_matrix": [)",
                        i > 0 ? "," : "",
                        i,
                        i);
    for (int r = 0; r < 4; ++r)
      json += fmt::format("{}[{}, {}, {}, {}]", r > 0 ? "," : "", m(r, 0), m(r, 1), m(r, 2), m(r, 3));
    json += "]}";
    writeColor(fmt::format("images/{}.png", i));
    writeDepth(fmt::format("depth/{}.png", i), 1000);
  }
  folder_.write("transforms.json", json + "]}");
  EXPECT_THAT(notesOf(expectFrames("nerfstudio")), HasSubstr("distortion"));
}

TEST_F(Layouts, Record3d) {
  std::string poses;
  for (int i = 0; i < 2; ++i) {
    const auto m = openGl(yUp(pose(i)));
    poses += fmt::format("{}[{}, {}, {}, {}]", i > 0 ? "," : "", quaternion(m, ","), m(0, 3), m(1, 3), m(2, 3));
    writeColor(fmt::format("rgb/{}.jpg", i));
    writeDepth(fmt::format("depth/{}.png", i), 1000);
  }
  folder_.write("metadata.json",
                R"({"w": 32, "h": 24, "K": [40, 0, 0, 0, 40, 0, 15.5, 11.5, 1], "poses": [)" + poses + "]}");
  expectFrames("Record3D");
}

TEST_F(Layouts, ArkitScenes) {
  std::string trajectory;
  for (int i = 0; i < 2; ++i) {
    const Pose camera_from_world = pose(i).inverse();
    const Eigen::AngleAxisd turn(camera_from_world.linear());
    const Eigen::Vector3d axis = turn.axis() * turn.angle();
    const Eigen::Vector3d t = camera_from_world.translation();
    trajectory += fmt::format("{} {} {} {} {} {} {}\n", 6845 + i, axis.x(), axis.y(), axis.z(), t.x(), t.y(), t.z());
    const std::string name = fmt::format("4_{}.000", 6845 + i);
    writeColor("4_frames/lowres_wide/" + name + ".png");
    writeDepth("4_frames/lowres_depth/" + name + ".png", 1000);
    folder_.write("4_frames/lowres_wide_intrinsics/" + name + ".pincam", "32 24 40 40 15.5 11.5");
  }
  folder_.write("4_frames/lowres_wide.traj", trajectory);
  expectFrames("ARKitScenes");
}

TEST_F(Layouts, StrayScannerWithAndWithoutImagesOfItsVideo) {
  std::string odometry = "timestamp, frame, x, y, z, qx, qy, qz, qw\n";
  for (int i = 0; i < 2; ++i) {
    odometry += fmt::format("{}, {:06}, {}, 2, 1.5, {}\n", 100 + i, i, 1 + i, quaternion(pose(i).matrix(), ", "));
    writeDepth(fmt::format("depth/{:06}.png", i), 1000);
  }
  folder_.write("odometry.csv", odometry);
  folder_.write("camera_matrix.csv", "2400, 0, 959.5\n0, 2400, 719.5\n0, 0, 1\n");  // of the video, 60 times as large
  EXPECT_THAT(notesOf(expectFrames("Stray Scanner")), HasSubstr("ffmpeg"));
  for (int i = 0; i < 2; ++i) writeColor(fmt::format("rgb/{:06}.jpg", i));
  EXPECT_TRUE(expectFrames("Stray Scanner").frames[1].has_color);
}

TEST_F(Layouts, Open3dRecorder) {
  std::string log;
  for (int i = 0; i < 2; ++i) {
    log += fmt::format("{} {} {}\n", i, i, i + 1) + rows(pose(i).matrix());
    writeColor(fmt::format("color/{:06}.jpg", i));
    writeDepth(fmt::format("depth/{:06}.png", i), 1000);
  }
  folder_.write("camera_intrinsic.json",
                R"({"width": 32, "height": 24, "intrinsic_matrix": [40, 0, 0, 0, 40, 0, 15.5, 11.5, 1]})");
  EXPECT_THAT(readScan(folder_.path()).error().message, HasSubstr("trajectory.log"));
  folder_.write("scene/trajectory.log", log);
  expectFrames("Open3D recorder");
}

TEST_F(Layouts, Rtabmap) {
  std::string poses = "#timestamp x y z qx qy qz qw id\n";
  for (int i = 0; i < 2; ++i) {
    poses += fmt::format("{} {} 2 1.5 {} {}\n", 1300 + i, 1 + i, quaternion(pose(i).matrix(), " "), i + 1);
    writeColor(fmt::format("x_rgb/{}.jpg", i + 1));
    writeDepth(fmt::format("x_depth/{}.png", i + 1), 1000);
    folder_.write(fmt::format("x_calib/{}.yaml", i + 1),
                  "%YAML:1.0\n---\nimage_width: 32\nimage_height: 24\ncamera_matrix:\n   rows: 3\n   cols: 3\n"
                  "   data: [ 40., 0., 15.5, 0., 40., 11.5, 0., 0., 1. ]\n");
  }
  folder_.write("x_camera_poses.txt", poses);
  const Scene scene = expectFrames("RTAB-Map export");
  EXPECT_EQ(scene.frames.at(0).number, 1);
}

TEST_F(Layouts, ScanNetPpMeshWithLabels) {
  folder_.write(
      "scans/mesh_aligned_0.05_semantic.ply",
      "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nproperty int "
      "label\nend_header\n0 0 0 -1\n1 0 0 2\n0 1 0 19\n");
  folder_.write("scans/segments_anno.json", "{}");
  const Scene scene = readScan(folder_.path()).value();
  EXPECT_EQ(detectLayout(folder_.path()).name, "ScanNet++");
  EXPECT_EQ(scene.points().size(), 3U);
  EXPECT_THAT(notesOf(scene), HasSubstr("segments_anno.json"));
  EXPECT_THAT(scene.point_labels, ::testing::ElementsAre(255, 2, 19));
  EXPECT_EQ(readScan(folder_.path() / "scans")->points().size(), 3U);
}

/// The layout of SensReader, with what it may vary in.
class ExportedFrames : public Layouts {
 protected:
  void writeFrames(const std::string& below = "") {
    for (int i = 0; i < 2; ++i) {
      writeColor(fmt::format("{}color/{}.jpg", below, i));
      writeDepth(fmt::format("{}depth/{:06}.png", below, i), 1000);
      folder_.write(fmt::format("{}pose/frame-{:04}.pose.txt", below, i), rows(pose(i).matrix()));
    }
    folder_.write(below + "intrinsic/intrinsic_color.txt", "40 0 15.5\n0 40 11.5\n0 0 1\n");
    folder_.write(below + "intrinsic/intrinsic_depth.txt", "40 40 15.5 11.5\n");
  }
};

TEST_F(ExportedFrames, AreJoinedByNumberAndFoundBelowTheScene) {
  writeFrames("frames/");
  folder_.write("tags.json", R"({"scene": ["wall"]})");
  EXPECT_TRUE(expectFrames("exported frames").tags);
}

TEST_F(ExportedFrames, AreReadAsTheUserSays) {
  for (int i = 0; i < 2; ++i) {
    writeColor(fmt::format("color/{}.jpg", i));
    writeDepth(fmt::format("depth/{}.png", i), 5000);
    folder_.write(fmt::format("pose/{}.txt", i), rows(Pose(openGl(pose(i))).inverse().matrix(), 3));
  }
  folder_.write("intrinsics.txt", "400 0 159.5 0\n0 400 119.5 0\n0 0 1 0\n0 0 0 1\n");  // of images ten times as large
  Conventions given;
  given.depth_units_per_m = 5000;
  given.poses = PoseDirection::WorldToCamera;
  given.axes = CameraAxes::OpenGl;
  const auto scene = readScan(folder_.path(), {.given = given}).value();
  EXPECT_TRUE(scene.frames[1].world_from_camera->isApprox(pose(1), 1e-4));
  EXPECT_NEAR(scene.pixels->depth(0)->at(3, 3), 1.5F, kDepthUnit_m);
  EXPECT_NEAR(scene.color_intrinsics.fx, 40, testing::kDoubleSumRounding);
  EXPECT_THAT(notesOf(scene), HasSubstr("10 times as large"));
  EXPECT_THAT(notesOf(scene), HasSubstr("intrinsic_depth.txt: missing"));
}

TEST_F(ExportedFrames, DepthOf8BitsIsNoDepth) {
  writeFrames();
  for (int i = 0; i < 2; ++i)
    writeBytes(fmt::format("depth/{:06}.png", i), encodePng(RgbImage(kWidth, kHeight, 3, 90)).value());
  const Scene scene = readScan(folder_.path()).value();
  EXPECT_FALSE(scene.frames[0].has_depth);
  EXPECT_THAT(notesOf(scene), HasSubstr("16 bit"));
}

TEST_F(ExportedFrames, LabelImagesOfTrainIdsAreNotTakenForNyu40) {
  writeFrames();
  RawDepthImage labels(kWidth, kHeight, 1, 255);
  labels.at(3, 3) = 4;
  writeBytes("label/0.png", encodePng16(labels).value());
  const Scene scene = readScan(folder_.path()).value();
  EXPECT_EQ(scene.pixels->labels(0)->at(3, 3), 4);
  EXPECT_EQ(scene.pixels->labels(0)->at(0, 0), 255);
  EXPECT_THAT(notesOf(scene), HasSubstr("train ids"));
}

TEST_F(ExportedFrames, LabelImagesThatMayBeEitherAreSaidToBe) {
  writeFrames();
  RawDepthImage labels(kWidth, kHeight, 1, 0);
  labels.at(3, 3) = 4;
  writeBytes("label/0.png", encodePng16(labels).value());
  EXPECT_THAT(notesOf(readScan(folder_.path()).value()), HasSubstr("may be train ids"));
  EXPECT_THAT(notesOf(readScan(folder_.path(), {.given = {.label_ids = LabelIds::Train}}).value()),
              ::testing::Not(HasSubstr("train ids")));
  labels.at(5, 5) = 24;
  writeBytes("label/0.png", encodePng16(labels).value());
  EXPECT_THAT(notesOf(readScan(folder_.path()).value()), ::testing::Not(HasSubstr("train ids")));
}

TEST_F(Layouts, FilesThatWereNotDownloadedAreNamedAsWhatTheyAre) {
  const auto problemOf = [&](const std::string& name, const std::string& content) {
    return readScan(folder_.write(name, content)).error().message;
  };
  EXPECT_THAT(problemOf("a.ply", "\n<!DOCTYPE HTML><title>Sign in</title>"), HasSubstr("page of a web site"));
  EXPECT_THAT(problemOf("b.glb", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), HasSubstr("Git LFS"));
  EXPECT_THAT(problemOf("c.e57", ""), HasSubstr("empty"));
}

TEST_F(Layouts, FramesWithoutPosesNameThem) {
  writeColor("color/0.jpg");
  writeDepth("depth/0.png", 1000);
  EXPECT_THAT(readScan(folder_.path()).error().message, HasSubstr("pose/K.txt"));
}

TEST_F(Layouts, AFolderOfCloudsSaysToOpenOne) {
  folder_.write("set/b.ply", "x");
  folder_.write("set/a.laz", "x");
  EXPECT_THAT(readScan(folder_.path() / "set").error().message, HasSubstr("2 meshes or clouds (a.laz"));
}

TEST(LayoutTable, HasAWordOnEachConvention) {
  for (const Layout& layout : layoutTable()) {
    EXPECT_FALSE(layout.name.empty());
    EXPECT_FALSE(layout.needs.empty()) << layout.name;
    EXPECT_FALSE(layout.conventions.empty()) << layout.name;
  }
}

}  // namespace
}  // namespace tagscape
