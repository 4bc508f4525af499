// Predicting in the window, with a real run of a few steps and the real program.

#include "core/base/files.h"
#include "core/io/cam_file.h"
#include "core/pipeline/open_scene.h"
#include "tests/ui/support/pages.h"
#include "ui/services/inference_controller.h"

#include <QDockWidget>
#include <QElapsedTimer>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <signal.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using testing::control;

constexpr int kPatience_ms = 60'000;  // of a loaded machine

void runTagscape(const QStringList& arguments) {
  QProcess process;
  process.start(QStringLiteral(PROGRAM_FOLDER "/tagscape"), arguments);
  ASSERT_TRUE(process.waitForFinished(kPatience_ms));
  ASSERT_EQ(process.exitCode(), 0) << process.readAllStandardError().toStdString();
}

struct Inference : ::testing::Test {
  static void SetUpTestSuite() {
    qputenv("PATH", QByteArray(PROGRAM_FOLDER ":") + qgetenv("PATH"));
    folder = new QTemporaryDir;
    runTagscape({"synth", room(), "--seed", "2", "--frames", "6", "--quiet"});
    runTagscape({"train",
                 room(),
                 "--out",
                 run(),
                 "--preset",
                 "quick",
                 "--image-steps",
                 "2",
                 "--points-steps",
                 "2",
                 "--joint-steps",
                 "2",
                 "--quiet"});
  }
  static void TearDownTestSuite() { delete folder; }
  static QString room() { return folder->filePath("room"); }
  static QString run() { return folder->filePath("run"); }

  Inference() : window(false) {
    window.setShowsErrors(false);
    QObject::connect(&window, &MainWindow::problemMet, &window, [this](const QString& title, const QString& message) {
      problems += title + ": " + message;
    });
    QObject::connect(&window.inference(), &InferenceController::predicted, &window, [this] { ++num_predicted; });
    window.show();
    document().setScene(openScene(room().toStdString(), {}, {}).value());
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
  }
  Document& document() { return window.document(); }
  InferenceController& inference() { return window.inference(); }
  void openRun(const QString& path) { inference().openRun(path.toStdString()); }
  [[nodiscard]] bool isReady() {
    return testing::waitFor([&] { return inference().client().state() == PredictionClient::State::Ready; },
                            kPatience_ms);
  }
  [[nodiscard]] bool predicts(int count) {
    return testing::waitFor([&] { return num_predicted >= count; }, kPatience_ms);
  }
  void click(const char* button) { QTest::mouseClick(&control<QPushButton>(window, button), Qt::LeftButton); }

  static QTemporaryDir* folder;
  MainWindow window;
  QStringList problems;
  int num_predicted = 0;
};
QTemporaryDir* Inference::folder = nullptr;

TEST_F(Inference, PredictsTheSceneWithTheNetworksOfARun) {
  EXPECT_FALSE(control<QPushButton>(window, "predictScene").isEnabled());
  openRun(run());
  ASSERT_TRUE(isReady()) << problems.join("\n").toStdString();
  window.layouts().docks().inference->raise();
  QCoreApplication::processEvents();
  click("predictScene");
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  ASSERT_TRUE(document().cams());
  EXPECT_EQ(document().cams()->numPoints(), document().scene()->points().size());
  EXPECT_EQ(document().cams()->frames.size(), 6U);
  EXPECT_EQ(document().cams()->step, 6);
  EXPECT_TRUE(problems.isEmpty());
}

TEST_F(Inference, RunThatIsOpenIsEnoughToPredictWith) {
  window.runs().watchFor(fs::path(run().toStdString()));
  auto& action = *window.findChild<QAction*>("predictSceneAction");
  ASSERT_TRUE(testing::waitFor([&] { return action.isEnabled(); }, kPatience_ms));
  EXPECT_EQ(inference().client().state(), PredictionClient::State::Off) << "networks are loaded when they are needed";
  action.trigger();
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  ASSERT_TRUE(document().cams());
  EXPECT_EQ(document().cams()->frames.size(), 6U);
}

TEST_F(Inference, TagThatIsToggledMasksAndUnmasksItsCamsAtOnce) {
  openRun(run());
  ASSERT_TRUE(isReady());
  inference().predictScene();
  ASSERT_TRUE(predicts(1));
  const TagSet tags = document().sceneTags();
  int untagged = 0;
  while (tags.test(static_cast<std::size_t>(untagged))) ++untagged;
  const auto sum = [&](int c) {
    double total = 0;
    for (std::size_t i = 0; i < document().cams()->numPoints(); ++i)
      total += static_cast<double>(document().cams()->point_values[i * kNumClasses + static_cast<std::size_t>(c)]);
    return total;
  };
  EXPECT_EQ(sum(untagged), 0);
  document().toggleSceneTag(untagged);
  EXPECT_GT(sum(untagged), 0) << "what the network saw of the class is known, and shown once it is tagged";
  document().resetTags();
  EXPECT_EQ(sum(untagged), 0);
}

/// The scene as a run's prediction file shows it: made with the tags, so without a trace of other classes.
struct MaskedPrediction : Inference {
  MaskedPrediction() {
    const std::string file = folder->filePath("masked/room.safetensors").toStdString();
    if (!fs::exists(file))
      runTagscape({"predict", room(), "--run", run(), "--out", folder->filePath("masked"), "--quiet"});
    EXPECT_TRUE(document().setCams(std::make_shared<const SceneCams>(readCams(file).value())));
    while (document().sceneTags().test(added)) ++added;
  }
  [[nodiscard]] double sumOfPoints() {
    double total = 0;
    for (std::size_t i = 0; i < document().cams()->numPoints(); ++i)
      total += static_cast<double>(document().cams()->point_values[i * kNumClasses + added]);
    return total;
  }
  /// Of the current frame's maps, of all classes that are no tags of the scan.
  [[nodiscard]] double sumOfFrame() {
    const auto& values = document().cams()->frame(document().frame()->number)->values;
    const std::size_t num_cells = values.size() / kNumClasses;
    double total = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!document().scene()->tags->test(i / num_cells)) total += static_cast<double>(values[i]);
    }
    return total;
  }
  void toggleAllOfFrame() {
    for (std::size_t c = 0; c < kNumClasses; ++c) {
      if (!document().scene()->tags->test(c)) document().toggleFrameTag(static_cast<int>(c));
    }
  }
  void toggle() { document().toggleSceneTag(static_cast<int>(added)); }
  [[nodiscard]] QString note() { return control<QLabel>(window, "tagsNote").text(); }

  std::size_t added = 0;  // A class that neither scene nor frames are tagged with.
};

TEST_F(MaskedPrediction, AddedTagIsPredictedWithTheLoadedNetworks) {
  openRun(run());
  ASSERT_TRUE(isReady());
  toggle();
  EXPECT_EQ(sumOfPoints(), 0);
  EXPECT_TRUE(note().startsWith("Predicting with all classes")) << note().toStdString();
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  EXPECT_GT(sumOfPoints(), 0);
  EXPECT_EQ(document().cams()->frames.size(), 6U);
  EXPECT_TRUE(note().startsWith("Preview with")) << note().toStdString();
  document().resetTags();
  EXPECT_EQ(sumOfPoints(), 0);
}

TEST_F(MaskedPrediction, AddedTagSaysThatItNeedsARunAndIsPredictedOnceOneIsOpen) {
  toggle();
  EXPECT_TRUE(note().contains("Open a run")) << note().toStdString();
  EXPECT_EQ(control<QToolButton>(window, "predictLacked").text(), "Open a run…");
  EXPECT_FALSE(inference().isBusy());
  openRun(run());
  EXPECT_TRUE(note().startsWith("Loading networks")) << note().toStdString();
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  EXPECT_GT(sumOfPoints(), 0);
}

TEST_F(MaskedPrediction, AddedTagIsPredictedWithTheRunWhoseCamsAreShown) {
  bool is_loaded = false;
  QObject::connect(&window.runs(), &RunController::camsLoaded, &window, [&is_loaded] { is_loaded = true; });
  window.runs().watchFor(run().toStdString());
  ASSERT_TRUE(testing::waitFor([&] { return is_loaded; }));
  toggle();
  EXPECT_EQ(inference().client().run(), run());
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  EXPECT_GT(sumOfPoints(), 0);
}

TEST_F(MaskedPrediction, IsCancelledByAHandAndByTakingTheTagBack) {
  openRun(run());
  ASSERT_TRUE(isReady());
  toggle();
  ASSERT_TRUE(inference().isBusy());
  control<QToolButton>(window, "predictLacked").click();
  EXPECT_FALSE(inference().isBusy());
  EXPECT_TRUE(note().contains("does not include")) << note().toStdString();
  EXPECT_EQ(control<QToolButton>(window, "predictLacked").text(), "Predict");
  control<QToolButton>(window, "predictLacked").click();
  ASSERT_TRUE(inference().isBusy());
  toggle();
  EXPECT_FALSE(inference().isBusy());
  EXPECT_EQ(num_predicted, 0);
  EXPECT_TRUE(problems.isEmpty());
}

TEST_F(MaskedPrediction, FrameThatIsAskedForMeanwhileComesFirst) {
  openRun(run());
  ASSERT_TRUE(isReady());
  toggle();
  document().setFrameIndex(2);
  inference().predictFrame();
  ASSERT_TRUE(predicts(1));
  EXPECT_EQ(sumOfPoints(), 0);
  ASSERT_TRUE(predicts(2)) << problems.join("\n").toStdString();
  EXPECT_GT(sumOfPoints(), 0);
}

TEST_F(MaskedPrediction, TagsAddedToAFramePredictThatFrameAlone) {
  document().setFrameIndex(5);
  openRun(run());
  ASSERT_TRUE(isReady());
  toggleAllOfFrame();
  EXPECT_EQ(sumOfFrame(), 0);
  ASSERT_TRUE(predicts(1)) << problems.join("\n").toStdString();
  EXPECT_GT(sumOfFrame(), 0);
  EXPECT_EQ(sumOfPoints(), 0) << "the scene is not tagged with them";
  document().resetTags();
  EXPECT_EQ(sumOfFrame(), 0) << "masked by its own tags as before";
  toggleAllOfFrame();
  EXPECT_GT(sumOfFrame(), 0) << "at once: its maps are of all classes now";
  EXPECT_FALSE(inference().isBusy());
  EXPECT_EQ(num_predicted, 1) << "one answer for all of them";
}

TEST_F(Inference, PredictsFramesAsTheyAreChosenAndTheNewestWins) {
  openRun(run());
  ASSERT_TRUE(isReady());
  inference().setFollowsFrames(true);
  ASSERT_TRUE(predicts(1));
  for (const int frame : {1, 2, 3, 4, 5}) document().setFrameIndex(frame);
  ASSERT_TRUE(testing::waitFor([&] {
    return document().cams()->frame(document().scene()->frames[5].number) != nullptr;
  })) << problems.join("\n").toStdString();
  EXPECT_LT(document().cams()->frames.size(), 6U) << "frames on the way are not predicted";
  EXPECT_TRUE(problems.isEmpty());
}

TEST_F(Inference, PredictsFramesWithTheNetworksThatAreLoaded) {
  openRun(run());
  ASSERT_TRUE(isReady());
  inference().predictFrame();  // The first request also opens the scene.
  ASSERT_TRUE(predicts(1));
  const qint64 process = inference().client().processId();
  std::vector<qint64> times_ms;
  for (const int frame : {1, 2, 3}) {
    document().setFrameIndex(frame);
    QElapsedTimer clock;
    clock.start();
    inference().predictFrame();
    ASSERT_TRUE(predicts(num_predicted + 1));
    times_ms.push_back(clock.elapsed());
    EXPECT_NE(document().cams()->frame(document().scene()->frames[static_cast<std::size_t>(frame)].number), nullptr);
    EXPECT_EQ(inference().client().processId(), process) << "frame " << frame;
  }
  std::sort(times_ms.begin(), times_ms.end());
  std::printf("request to CAMs of a frame in the document: median %lld ms\n", static_cast<long long>(times_ms[1]));
}

TEST_F(Inference, IsCancelledAndGoesOn) {
  openRun(run());
  ASSERT_TRUE(isReady());
  inference().predictScene();
  inference().cancel();
  EXPECT_FALSE(inference().isBusy());
  EXPECT_EQ(control<QLabel>(window, "inferenceMessage").text(), "Stopped");
  inference().predictFrame();
  ASSERT_TRUE(predicts(1));
  EXPECT_TRUE(problems.isEmpty());
}

TEST_F(Inference, TellsWhatIsWrongWithACheckpointOfAnotherNetworkAndGoesOn) {
  const QString other = folder->filePath("other");
  fs::copy(
      run().toStdString(), other.toStdString(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  for (const auto& entry : fs::directory_iterator((other + "/checkpoints").toStdString())) {
    if (entry.path().extension() != ".json") continue;
    QString text = QString::fromStdString(readTextFile(entry.path()).value());
    text.replace(QRegularExpression("\"points_width\": *\\d+"), "\"points_width\": 7");
    ASSERT_TRUE(writeFileAtomically(entry.path(), text.toStdString()));
  }
  openRun(other);
  ASSERT_TRUE(testing::waitFor([&] { return !problems.isEmpty(); }, kPatience_ms));
  EXPECT_TRUE(problems.front().contains("points.")) << problems.front().toStdString();
  EXPECT_TRUE(problems.front().contains("checkpoints")) << problems.front().toStdString();
  EXPECT_EQ(inference().client().state(), PredictionClient::State::Off);
  problems.clear();
  openRun(folder->filePath("no-such-run"));
  ASSERT_TRUE(testing::waitFor([&] { return !problems.isEmpty(); }, kPatience_ms));
  EXPECT_TRUE(problems.front().contains("no-such-run"));
  openRun(run());
  EXPECT_TRUE(isReady());
}

TEST_F(Inference, TellsOfASceneThatWasDeletedWhileItIsOpenAndGoesOn) {
  const QString gone = folder->filePath("gone");
  fs::copy(room().toStdString(), gone.toStdString(), fs::copy_options::recursive);
  document().setScene(openScene(gone.toStdString(), {}, {}).value());
  openRun(run());
  ASSERT_TRUE(isReady());
  fs::remove_all(gone.toStdString());
  inference().predictScene();
  ASSERT_TRUE(testing::waitFor([&] { return !problems.isEmpty(); }, kPatience_ms));
  EXPECT_TRUE(problems.front().contains("gone")) << problems.front().toStdString();
  document().setFrameIndex(1);
  testing::ImagePage image(window);
  ASSERT_TRUE(image.settle());
  // Decoded ahead before it was deleted, or told of.
  EXPECT_TRUE(!image.picture().color.isNull() || image.picture().problem.find("gone") != std::string::npos);
  document().setScene(openScene(room().toStdString(), {}, {}).value());
  inference().predictFrame();
  EXPECT_TRUE(predicts(1));
}

TEST_F(Inference, ProcessThatDiesIsToldOfAndEndsWithTheWindow) {
  openRun(run());
  ASSERT_TRUE(isReady());
  const qint64 process = inference().client().processId();
  ASSERT_GT(process, 0);
  ASSERT_EQ(::kill(static_cast<pid_t>(process), SIGKILL), 0);
  ASSERT_TRUE(testing::waitFor([&] { return !problems.isEmpty(); }, kPatience_ms));
  EXPECT_TRUE(problems.front().contains("unexpectedly"));
  EXPECT_FALSE(control<QPushButton>(window, "predictScene").isEnabled());
}

}  // namespace
}  // namespace tagscape
