// Going through long recordings: what is shown while the user scrubs, what is decoded, what is dropped.

#include "core/pipeline/open_scene.h"
#include "core/scans/sens_file.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/image_view/observing_frame_strip.h"
#include "ui/services/frame_decoder.h"

#include <QElapsedTimer>
#include <QSlider>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace tagscape {
namespace {

using testing::control;

constexpr int kNumFrames = 2000;
constexpr std::size_t kBroken = 1000;

Rgb8 colorOf(std::size_t frame) {
  return {static_cast<std::uint8_t>(frame % 200), static_cast<std::uint8_t>(frame / 200 * 20), 77};
}

/// A long recording whose frames take a while to decode, one of them broken.
class SlowPixels : public FrameSource {
 public:
  explicit SlowPixels(int decode_ms) : decode_ms_(decode_ms) {}
  [[nodiscard]] Result<RgbImage> color(std::size_t index) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(decode_ms_));
    if (index == kBroken) {
      return failFile(
          ErrorCode::InvalidInput, "room.sens", "frame 1000: the JPEG ends at byte 9", "Copy the file again");
    }
    RgbImage image(16, 12, 3);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = colorOf(index)[i % 3];
    return image;
  }
  [[nodiscard]] Result<DepthImage> depth(std::size_t) const override { return DepthImage(16, 12, 1, 1.F); }

 private:
  int decode_ms_;
};

SharedScene longRecording(int decode_ms = 8) {
  auto scene = std::make_shared<Scene>(*testing::smallScene());
  scene->name = "long";
  scene->frames.clear();
  for (int i = 0; i < kNumFrames; ++i) scene->frames.push_back({i, Pose::Identity(), true, true, std::nullopt});
  scene->color_intrinsics = scene->depth_intrinsics = {15, 15, 7.5, 5.5, 16, 12};
  scene->pixels = std::make_shared<SlowPixels>(decode_ms);
  return scene;
}

struct Timeline : ::testing::Test {
  Timeline() : window(false), image(window), slider(control<QSlider>(window, "frameSlider")) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
    QObject::connect(&window.frames(), &FrameController::pictureReady, &window, [this](const FramePicture& picture) {
      shown.push_back(picture.frame_index);
      if (!picture.problem.empty()) problems.push_back(picture.problem);
    });
  }
  Document& document() { return window.document(); }
  /// Moves the slider over these frames as fast as the event loop allows.
  void scrub(int from, int to, int step) {
    for (int frame = from; step > 0 ? frame <= to : frame >= to; frame += step) {
      slider.setValue(frame);
      QApplication::processEvents();
    }
  }

  /// Moves on by so many places of five frames, then waits for a picture.
  [[nodiscard]] bool scrubUntilAPicture(int from, int num_places) {
    const std::size_t before = shown.size();
    for (int i = 0; i <= num_places; ++i) slider.setValue(from + 5 * i);
    return testing::waitFor([&] { return shown.size() > before; });
  }

  MainWindow window;
  testing::ImagePage image;
  QSlider& slider;
  std::vector<std::size_t> shown;
  std::vector<std::string> problems;
};

TEST_F(Timeline, ShowsPicturesAllAlongAScrubAndDropsTheLateOnes) {
  document().setScene(longRecording());
  ASSERT_TRUE(image.settle());
  shown.clear();
  // A user faster than the window: eleven places before each picture.
  constexpr int kNumScrubs = 40, kPlacesAScrub = 11;
  for (int i = 0; i < kNumScrubs; ++i) ASSERT_TRUE(scrubUntilAPicture(50 * i, kPlacesAScrub - 1)) << "picture " << i;
  // While a picture is made, the latest place alone is kept: at most two pictures for the places of a scrub.
  EXPECT_LE(shown.size(), 2U * kNumScrubs) << "of " << kNumScrubs * kPlacesAScrub << " places";
  EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end())) << "a late picture never replaces a newer one";
  slider.setValue(1999);
  ASSERT_TRUE(image.settle());
  EXPECT_EQ(image.picture().frame_index, 1999U);
  EXPECT_LE(testing::distance(image.at({5, 5}), QColor(colorOf(1999)[0], colorOf(1999)[1], 77)), 6);
}

TEST_F(Timeline, AClickSelectsTheFrameThere) {
  document().setScene(longRecording());
  QTest::mouseClick(&slider, Qt::LeftButton, {}, {slider.width() / 4, slider.height() / 2});
  // A pixel of the slider stands for several frames, and its handle keeps half its width from both ends.
  const int frames_a_pixel = kNumFrames / slider.width() + 1;
  EXPECT_NEAR(document().frameIndex(), kNumFrames / 4, 12 * frames_a_pixel);
  QTest::mouseClick(&slider, Qt::LeftButton, {}, {slider.width() - 1, slider.height() / 2});
  EXPECT_EQ(document().frameIndex(), kNumFrames - 1);
}

TEST_F(Timeline, DecodesFramesAheadOfTheUser) {
  document().setScene(longRecording());
  ASSERT_TRUE(image.settle());
  document().setFrameIndex(100);
  ASSERT_TRUE(image.settle());
  document().setFrameIndex(101);
  ASSERT_TRUE(image.settle());
  ASSERT_TRUE(testing::waitFor([&] { return window.frames().decoder().has(106); }));
  const int decoded = window.frames().decoder().numDecoded();
  ASSERT_TRUE(testing::waitFor([&] { return window.frames().decoder().has(113); }));
  document().setFrameIndex(104);
  ASSERT_TRUE(image.settle());
  EXPECT_EQ(image.picture().frame_index, 104U);
  EXPECT_LE(window.frames().decoder().numDecoded(), decoded + 20);
}

TEST_F(Timeline, BrokenFrameInTheMiddleOfAScrubSaysWhatAndTheScrubGoesOn) {
  document().setScene(longRecording());
  ASSERT_TRUE(image.settle());
  scrub(995, 1000, 1);
  ASSERT_TRUE(image.settle());
  EXPECT_NE(image.picture().problem.find("JPEG ends at byte 9"), std::string::npos);
  EXPECT_EQ(testing::errorDialog(), nullptr);
  scrub(1001, 1010, 1);
  ASSERT_TRUE(image.settle());
  EXPECT_TRUE(image.picture().problem.empty());
  EXPECT_EQ(image.picture().frame_index, 1010U);
}

TEST_F(Timeline, GoesThroughARecordingOf2000FramesInAFile) {
  const QTemporaryDir folder;
  const auto path = std::filesystem::path(folder.filePath("long.sens").toStdString());
  SensHeader header;
  header.color_type = SensColor::Raw;
  header.color_width = 32;
  header.color_height = 24;
  header.depth_width = 16;
  header.depth_height = 12;
  header.color_intrinsic.topLeftCorner<2, 3>() << 40, 0, 15.5F, 0, 40, 11.5F;
  header.depth_intrinsic.topLeftCorner<2, 3>() << 20, 0, 7.5F, 0, 20, 5.5F;
  ASSERT_TRUE(writeSens(path, header, kNumFrames, [](std::size_t index) -> Result<SensFrameData> {
    SensFrameData frame;
    frame.color = RgbImage(32, 24, 3);
    for (std::size_t i = 0; i < frame.color.pixels.size(); ++i) frame.color.pixels[i] = colorOf(index)[i % 3];
    frame.depth = RawDepthImage(16, 12, 1, 1500);
    return frame;
  }));
  document().setScene(peekScene(path, {}).value());
  ASSERT_EQ(document().numFrames(), kNumFrames);
  ASSERT_TRUE(image.settle());
  shown.clear();
  QElapsedTimer clock;
  clock.start();
  for (int frame = 15; frame <= 1995; frame += 15) ASSERT_TRUE(scrubUntilAPicture(frame, 0)) << frame;
  const double seconds = static_cast<double>(clock.elapsed()) / 1000;
  std::printf("%zu pictures in %.1f s of scrubbing a .sens of 2,000 frames\n", shown.size(), seconds);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(testing::distance(image.at({5, 5}), QColor(colorOf(1995)[0], colorOf(1995)[1], 77)), 6);
}

TEST(FrameDecoder, ForgetsTheOldestImagesBeyondItsMemory) {
  constexpr std::size_t kBytesOfOne = 16 * 12 * 4;
  FrameDecoder decoder(3 * kBytesOfOne);
  decoder.setScene(longRecording());
  for (const std::size_t frame : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) (void)decoder.get(frame);
  (void)decoder.get(1);
  (void)decoder.get(4);
  EXPECT_TRUE(decoder.has(1)) << "it was looked at last but one";
  EXPECT_FALSE(decoder.has(2));
  EXPECT_TRUE(decoder.has(3));
  EXPECT_TRUE(decoder.has(4));
}

TEST(FrameDecoder, LooksAgainAtAFileThatWasBroken) {
  class Mended : public FrameSource {
   public:
    [[nodiscard]] Result<RgbImage> color(std::size_t) const override {
      if (num_asked_++ == 0) return failFile(ErrorCode::InvalidInput, "0.jpg", "damaged", "Copy the file again");
      return RgbImage(16, 12, 3, 9);
    }
    [[nodiscard]] Result<DepthImage> depth(std::size_t) const override { return DepthImage(16, 12, 1, 1.F); }
    mutable int num_asked_ = 0;
  };
  auto scene = std::make_shared<Scene>(*testing::smallScene());
  scene->pixels = std::make_shared<Mended>();
  FrameDecoder decoder;
  decoder.setScene(scene);
  EXPECT_FALSE(decoder.get(0)->problem.empty());
  EXPECT_TRUE(decoder.get(0)->problem.empty()) << "the file was replaced";
  EXPECT_FALSE(decoder.get(0)->color.isNull());
}

TEST(FrameDecoder, DecodesInTheDirectionOfTheMotionAndDropsEarlierRequests) {
  FrameDecoder decoder;
  const auto scene = longRecording();
  decoder.setScene(scene);
  decoder.prefetch(500, 10);
  decoder.prefetch(900, -3);
  ASSERT_TRUE(testing::waitFor([&] { return decoder.has(864); }));
  for (const std::size_t frame : {897U, 894U, 891U}) EXPECT_TRUE(decoder.has(frame));
  EXPECT_FALSE(decoder.has(530)) << "dropped for the newer place";
}

TEST_F(Timeline, MarksOfObservingFramesStandAboveTheirPlaceOfTheSlider) {
  document().setScene(testing::patchScene());
  ASSERT_TRUE(image.settle());
  auto& strip = control<ObservingFrameStrip>(window, "observingFrameStrip");
  document().link().setObservingFrames({{0, .2F}, {2, .9F}});
  const auto colorAt = [&](int frame) {
    return strip.grab().toImage().pixelColor(strip.xOf(frame), strip.height() - 4);
  };
  EXPECT_LE(testing::distance(colorAt(2), QColor(213, 94, 0)), 20) << "the one that disagrees most";
  EXPECT_GT(testing::distance(colorAt(1), QColor(213, 94, 0)), 100);
  QTest::mouseClick(&strip, Qt::LeftButton, {}, {strip.xOf(2), 8});
  EXPECT_EQ(document().frameIndex(), 2);
  QTest::mouseClick(&control<QToolButton>(window, "previousObservingFrame"), Qt::LeftButton);
  EXPECT_EQ(document().frameIndex(), 0);
}

}  // namespace
}  // namespace tagscape
