// The whole road on a small scene: make it, fuse it, train from its tags, predict, export; then look at the result in
// the real window: click a class, choose a frame, and find the activation map in the picture where it should be.

#include "core/base/files.h"
#include "core/exchange/importer.h"
#include "core/io/cam_file.h"
#include "core/pipeline/open_scene.h"
#include "core/run/run_directory.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/support/pages.h"

#include <QSlider>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using testing::control;
using testing::distance;

/// The class and frame whose 2D map is most worth looking at: strong cells and weak cells, both many.
struct Choice {
  int class_index = 0;
  int frame_index = 0;
};

class EndToEnd : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    run({"synth", path("room"), "--frames", "16", "--width", "160", "--height", "120"});
    run({"fuse", path("room")});
    run({"train", path("room"), "--out", path("run"), "--preset", "quick"});
    run({"predict", path("room"), "--run", path("run")});
    run({"export", path("room"), "--run", path("run"), "--out", path("labels")});
    scene_ = openScene(path("room"), {}, {}).value();
    cams_ = std::make_shared<SceneCams>(readCams(RunDirectory::open(path("run"))->predictionFile("room")).value());
  }
  static void TearDownTestSuite() {
    scene_.reset();
    cams_.reset();
    delete folder_;
  }
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static void run(const std::vector<std::string>& arguments) {
    const auto outcome = testing::runProgram(TAGSCAPE_PROGRAM, arguments);
    ASSERT_EQ(outcome.exit_code, 0) << arguments[0] << ": " << outcome.err;
  }

  static testing::TemporaryFolder* folder_;
  static SharedScene scene_;
  static std::shared_ptr<SceneCams> cams_;
};
testing::TemporaryFolder* EndToEnd::folder_ = nullptr;
SharedScene EndToEnd::scene_;
std::shared_ptr<SceneCams> EndToEnd::cams_;

TEST_F(EndToEnd, TheRunEndedAndLeftItsRecords) {
  const RunDirectory run = RunDirectory::open(path("run")).value();
  EXPECT_EQ(run.readStatus()->state, RunState::Finished);
  const auto rows = MetricsTail(run).poll();
  ASSERT_GE(rows.size(), 3U);
  EXPECT_TRUE(rows.back().values.contains("loss_2d_to_3d"));
  EXPECT_TRUE(fs::exists(run.configFile()));
  EXPECT_TRUE(fs::exists(run.liveFile("room")));
}

TEST_F(EndToEnd, EveryPointHasALabelAmongTheTagsAndEveryFrameItsMaps) {
  ASSERT_EQ(cams_->numPoints(), scene_->points().size());
  EXPECT_EQ(cams_->frames.size(), scene_->frames.size());
  for (const std::uint8_t label : cams_->point_labels) ASSERT_TRUE(label < kNumClasses && scene_->tags->test(label));
  std::set<std::uint8_t> distinct(cams_->point_labels.begin(), cams_->point_labels.end());
  EXPECT_GE(distinct.size(), 3U) << "the prediction collapsed to one or two classes";
}

TEST_F(EndToEnd, TheExportedFilesHoldThePrediction) {
  for (const char* file : {"scannet/room.txt", "ply/room_labels.ply"}) {
    const ForeignSource source = readForeign(fs::path(path("labels")) / file, {}, nullptr).value();
    const ImportedLayer imported = importLayer(scene_, source, scanNetClasses(), {}, {}).value();
    EXPECT_EQ(pointLabelsOf(imported.layer).classes(), cams_->point_labels) << file;
  }
}

Choice mostContrast(const SceneCams& cams, const Scene& scene, int min_frame) {
  Choice best;
  std::size_t most = 0;
  for (std::size_t f = static_cast<std::size_t>(min_frame); f < scene.frames.size(); ++f) {
    const FrameCams* maps = cams.frame(scene.frames[f].number);
    if (maps == nullptr) continue;
    const auto cells = static_cast<std::size_t>(maps->width * maps->height);
    for (int c = 0; c < kNumClasses; ++c) {
      const auto begin = maps->values.begin() + static_cast<std::ptrdiff_t>(cells) * c;
      const auto end = begin + static_cast<std::ptrdiff_t>(cells);
      const auto strong = static_cast<std::size_t>(std::count_if(begin, end, [](float v) { return v > 0.7F; }));
      const auto weak = static_cast<std::size_t>(std::count_if(begin, end, [](float v) { return v < 0.02F; }));
      if (std::min(strong, weak) > most) {
        most = std::min(strong, weak);
        best = {c, static_cast<int>(f)};
      }
    }
  }
  EXPECT_GT(most, 0U) << "no frame has a map with strong and weak cells";
  return best;
}

/// The centre of a cell in image pixels.
QPointF cellCentre(const FrameCams& maps, int x, int y, const Intrinsics& camera) {
  return {(x + 0.5) * camera.width / maps.width - 0.5, (y + 0.5) * camera.height / maps.height - 0.5};
}

class EndToEndWindow : public EndToEnd {
 protected:
  EndToEndWindow() : window_(false), classes_(window_), image_(window_), view_(window_.sceneView()) {
    window_.resize(1280, 800);
    window_.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window_));
    window_.open(path("room"), fs::path(path("run")));
    EXPECT_TRUE(testing::waitFor([&] { return window_.document().cams() != nullptr; }, 60'000));
  }
  ~EndToEndWindow() override { EXPECT_EQ(window_.sceneView().numGlErrors(), 0); }

  void chooseFrame(int index) {
    auto& slider = control<QSlider>(window_, "frameSlider");
    slider.setFocus();
    QTest::keyClick(&slider, Qt::Key_Home);
    for (int i = 0; i < index; ++i) QTest::keyClick(&slider, Qt::Key_Right);
    EXPECT_EQ(window_.document().frameIndex(), index);
    EXPECT_TRUE(image_.settle());
  }
  QImage imageWithOverlay(FrameOverlay overlay) {
    image_.chooseOverlay(overlay);
    EXPECT_TRUE(image_.settle());
    return window_.imagePanel().canvas().grab().toImage();
  }
  QColor colorAt(const QImage& picture, QPointF image_pixel) {
    return picture.pixelColor(window_.imagePanel().canvas().widgetFromImage(image_pixel).toPoint());
  }

  MainWindow window_;
  testing::ClassPage classes_;
  testing::ImagePage image_;
  testing::SceneViewPage view_;
};

TEST_F(EndToEndWindow, The2dCamShowsWhereTheNetworkLooksAndNowhereElse) {
  const Choice choice = mostContrast(*cams_, *scene_, 1);
  classes_.click(choice.class_index);
  chooseFrame(choice.frame_index);
  const FrameCams& maps = *cams_->frame(scene_->frames[static_cast<std::size_t>(choice.frame_index)].number);
  const QImage plain = imageWithOverlay(FrameOverlay::None);
  const QImage overlaid = imageWithOverlay(FrameOverlay::Cam2d);
  int strong = 0;
  int weak = 0;
  for (int y = 1; y + 1 < maps.height; ++y) {
    for (int x = 1; x + 1 < maps.width; ++x) {
      const auto value = [&](int dx, int dy) {
        return maps.values[static_cast<std::size_t>((choice.class_index * maps.height + y + dy) * maps.width + x + dx)];
      };
      const QPointF place = cellCentre(maps, x, y, scene_->color_intrinsics);
      const int change = distance(colorAt(plain, place), colorAt(overlaid, place));
      float around = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) around = std::max(around, value(dx, dy));
      }
      if (value(0, 0) > 0.7F) {
        EXPECT_GT(change, 15) << "cell " << x << ", " << y;
        ++strong;
      } else if (around < 0.02F) {
        EXPECT_LE(change, 3) << "cell " << x << ", " << y;
        ++weak;
      }
    }
  }
  EXPECT_GT(strong, 0);
  EXPECT_GT(weak, 0);
}

TEST_F(EndToEndWindow, AnotherFrameIsAnotherPicture) {
  chooseFrame(0);
  const QImage first = imageWithOverlay(FrameOverlay::None);
  chooseFrame(5);
  EXPECT_NE(first, imageWithOverlay(FrameOverlay::None));
}

TEST_F(EndToEndWindow, ClickingAClassRecoloursThePointsWhoseCamDiffers) {
  const Choice choice = mostContrast(*cams_, *scene_, 0);
  const int other = scene_->tags->test(0) && choice.class_index != 0 ? 0 : 1;
  window_.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window_));
  QTest::keyClick(&window_, Qt::Key_C);
  ASSERT_EQ(window_.document().layer(), PointLayer::Cam);
  classes_.click(other);
  const QImage before = view_.picture();
  classes_.click(choice.class_index);
  const QImage after = view_.picture();
  ASSERT_EQ(before.size(), after.size());
  EXPECT_EQ(window_.document().classIndex(), choice.class_index);
  std::int64_t changed = 0;
  for (int y = 0; y < before.height(); y += 2) {
    for (int x = 0; x < before.width(); x += 2)
      changed += distance(before.pixelColor(x, y), after.pixelColor(x, y)) > 40 ? 1 : 0;
  }
  EXPECT_GT(changed, 500) << "of " << before.width() * before.height() / 4 << " pixels looked at";
}

TEST_F(EndToEndWindow, OcclusionAndProjectedCamAreDifferentPicturesOverTheFrame) {
  chooseFrame(3);
  const QImage plain = imageWithOverlay(FrameOverlay::None);
  const QImage overlaid = imageWithOverlay(FrameOverlay::Occlusion);
  EXPECT_NE(plain, overlaid);
  const QImage projected = imageWithOverlay(FrameOverlay::ProjectedCam);
  EXPECT_NE(projected, overlaid);
}

}  // namespace
}  // namespace tagscape
