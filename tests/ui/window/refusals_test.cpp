// What the window does where the world refuses: no OpenGL, damaged runs, a full disk.

#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/dialogs/file_dialogs.h"
#include "ui/dialogs/picture_dialog.h"
#include "ui/render/colors.h"
#include "ui/view3d/picture_files.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>

namespace tagscape {
namespace {

using testing::control;

bool isEnabled(MainWindow& window, const char* action) { return window.findChild<QAction*>(action)->isEnabled(); }

struct WithoutOpenGl : ::testing::Test {
  WithoutOpenGl() : window(false, fail(ErrorCode::Unsupported, "OpenGL: version 9 is needed")), image(window) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
  }
  MainWindow window;
  testing::ImagePage image;
};

TEST_F(WithoutOpenGl, TheRestOfTheWindowWorks) {
  EXPECT_TRUE(control<QWidget>(window, "startPage").isVisible());
  window.document().setScene(testing::patchScene());
  Q_EMIT window.opener().opened("/somewhere/patch");
  ASSERT_TRUE(image.settle());
  EXPECT_LE(testing::distance(image.at({5, 5}), toQColor(testing::frameColor(0))), 6);
  window.document().setFrameIndex(1);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(testing::distance(image.at({5, 5}), toQColor(testing::frameColor(1))), 6);
  ASSERT_TRUE(window.document().setCams(testing::patchCams(*window.document().scene())));
  EXPECT_TRUE(isEnabled(window, "exportAction"));
  EXPECT_TRUE(isEnabled(window, "toggleTrainingAction"));
}

TEST_F(WithoutOpenGl, APageInThePlaceOfTheViewSaysWhatIsMissing) {
  window.document().setScene(testing::patchScene());
  Q_EMIT window.opener().opened("/somewhere/patch");
  EXPECT_TRUE(control<QWidget>(window, "noViewPage").isVisible());
  EXPECT_EQ(control<QLabel>(window, "noViewReason").text(), "OpenGL: version 9 is needed");
  EXPECT_FALSE(window.sceneView().isVisible());
  EXPECT_FALSE(isEnabled(window, "saveViewPictureAction"));
  EXPECT_FALSE(isEnabled(window, "viewTop"));
}

TEST(RunningWindow, APageTakesThePlaceOfAViewThatStopsDrawing) {
  MainWindow window(false);
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
  window.document().setScene(testing::patchScene());
  Q_EMIT window.opener().opened("/somewhere/patch");
  ASSERT_TRUE(testing::SceneViewPage(window.sceneView()).settle());
  Q_EMIT window.sceneView().drawingFailed("the driver lost its memory");
  ASSERT_NE(testing::errorDialog(), nullptr);
  testing::errorDialog()->close();
  EXPECT_FALSE(window.sceneView().isVisible());
  EXPECT_TRUE(control<QWidget>(window, "noViewPage").isVisible());
  EXPECT_TRUE(control<QLabel>(window, "noViewReason").text().contains("lost its memory"));
}

struct DamagedRun : ::testing::Test {
  DamagedRun() : window(false) {
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    window.document().setScene(testing::patchScene());
    run.emplace(RunDirectory::create((folder.path() + "/run 7").toStdString(), false).value());
    RunStatus status;
    status.state = RunState::Finished;
    EXPECT_TRUE(run->writeStatus(status));
  }
  QString text(const char* label) { return control<QLabel>(window, label).text(); }

  QTemporaryDir folder;
  std::optional<RunDirectory> run;
  MainWindow window;
};

TEST_F(DamagedRun, WhoseStateCannotBeReadIsNotCalledNoTraining) {
  std::ofstream(run->path() / "state.json") << "{\"state\": \"flying\"";
  window.runs().watchFor(run->path());
  EXPECT_EQ(text("trainingState"), "Unknown");
  EXPECT_EQ(text("trainingRun"), "run 7");
  EXPECT_TRUE(text("trainingReason").contains("state.json")) << text("trainingReason").toStdString();
}

TEST_F(DamagedRun, TellsHowManyLinesOfItsCurvesAreLost) {
  std::ofstream(run->path() / "metrics.jsonl") << "{\"step\": 1,\nnonsense\nmore of it\n";
  window.runs().watchFor(run->path());
  EXPECT_TRUE(text("trainingReason").contains("metrics.jsonl")) << text("trainingReason").toStdString();
  EXPECT_TRUE(text("trainingReason").contains("3"));
}

TEST_F(DamagedRun, OfAnotherSceneSaysThatItHasNoCamsOfThisOne) {
  RunStatus status;
  status.state = RunState::Finished;
  status.step = status.total_steps = 7;
  ASSERT_TRUE(run->writeStatus(status));
  window.runs().watchFor(run->path());
  EXPECT_TRUE(text("trainingReason").contains("no CAMs of the open scene")) << text("trainingReason").toStdString();
}

TEST_F(DamagedRun, WhoseCamsAreRefusedAgainAndAgainSaysSoOnce) {
  int num_told = 0;
  QObject::connect(&window.runs(), &RunController::failed, &window, [&] { ++num_told; });
  std::filesystem::create_directories(run->liveFile("patch").parent_path());
  window.setShowsErrors(false);
  window.runs().watchFor(run->path());
  for (int i = 0; i < 3; ++i) {
    std::ofstream(run->liveFile("patch")) << "no CAMs";
    std::filesystem::last_write_time(run->liveFile("patch"),
                                     std::filesystem::file_time_type::clock::now() + std::chrono::seconds(i));
    window.runs().monitor().poll();
    ASSERT_TRUE(window.runs().isLoading());
    ASSERT_TRUE(testing::waitFor([&] { return !window.runs().isLoading(); }));
  }
  EXPECT_EQ(num_told, 1);
}

TEST(OpenRun, WithoutASceneTellsWhatIsWrongWithTheRun) {
  MainWindow window(false);
  window.show();
  const QTemporaryDir folder;
  window.openRun(folder.path().toStdString());
  ASSERT_NE(testing::errorDialog(), nullptr);
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("state.json"));
  testing::errorDialog()->close();
}

TEST(OpenRun, WithoutASceneOpensTheSceneOfTheRun) {
  MainWindow window(false);
  window.show();
  const QTemporaryDir folder;
  const auto run = RunDirectory::create((folder.path() + "/run").toStdString(), false);
  ASSERT_TRUE(run);
  RunStatus status;
  status.state = RunState::Finished;
  status.scene_path = folder.filePath("the scene").toStdString();
  ASSERT_TRUE(run->writeStatus(status));
  window.openRun(run->path());
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));  // It is not there.
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("the scene"));
  testing::errorDialog()->close();
}

TEST(SceneWithoutFrames, SaysSoInThePlaceOfTheImage) {
  MainWindow window(false);
  window.show();
  auto scene = std::make_shared<Scene>(*testing::patchScene());
  scene->frames.clear();
  window.document().setScene(scene);
  testing::ImagePage image(window);
  ASSERT_TRUE(image.settle());
  EXPECT_NE(image.picture().note.find("no images"), std::string::npos);
}

QImage noise() {
  QImage picture(200, 200, QImage::Format_RGB32);
  std::minstd_rand random(1);
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) picture.setPixel(x, y, static_cast<uint>(random()) | 0xff000000U);
  }
  return picture;
}

/// While it lives, no file of this process may become larger: as a full disk, for whoever writes.
class FullDisk {
 public:
  explicit FullDisk(rlim_t largest_bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{largest_bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(SavePicture, WritesItWhole) {
  const QTemporaryDir folder;
  const QString file = folder.filePath("a.png");
  ASSERT_TRUE(savePicture(noise(), file));
  EXPECT_EQ(QImage(file), noise());
}

TEST(SavePicture, TellsWhenOnlyTheLastBytesFindNoRoomAndKeepsTheOldFile) {
  const QTemporaryDir folder;
  const QString file = folder.filePath("a.png");
  ASSERT_TRUE(savePicture(noise(), file));
  const qint64 size = QFile(file).size();
  for (const qint64 room : {size - 10, size / 2, qint64{0}}) {
    QFile old(file);
    ASSERT_TRUE(old.open(QIODevice::WriteOnly));
    old.write("the old one");
    old.close();
    Status saved;
    {
      const FullDisk full(static_cast<rlim_t>(room));
      saved = savePicture(noise(), file);
    }
    ASSERT_FALSE(saved) << "room for " << room;
    EXPECT_EQ(saved.error().code, ErrorCode::NotWritable);
    EXPECT_NE(saved.error().message.find("a.png"), std::string::npos);
    ASSERT_TRUE(old.open(QIODevice::ReadOnly));
    EXPECT_EQ(old.readAll(), "the old one");
  }
  EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files).size(), 1) << "nothing half written is left";
}

TEST(SavePicture, RefusesANameThatIsNoPicture) {
  const QTemporaryDir folder;
  const Status saved = savePicture(noise(), folder.filePath("a.txt"));
  ASSERT_FALSE(saved);
  EXPECT_NE(saved.error().message.find(".png"), std::string::npos);
}

TEST(PictureDialog, ShowsAllOfARefusal) {
  MainWindow window(false);
  window.show();
  window.document().setScene(testing::patchScene());
  Q_EMIT window.opener().opened("/somewhere/patch");
  ASSERT_TRUE(testing::SceneViewPage(window.sceneView()).settle());
  window.findChild<QAction*>("pictureAction")->trigger();
  auto& dialog = control<PictureDialog>(window, "pictureDialog");
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  dialog.savePictureTo("/proc/a folder where nothing can be written, whoever tries, with a long name/view.png");
  const auto& state = control<QLabel>(dialog, "pictureState");
  EXPECT_TRUE(state.text().contains("/proc/"));
  EXPECT_TRUE(testing::waitFor([&] { return state.height() >= state.heightForWidth(state.width()); }, 3000))
      << state.height();
}

TEST(AskForFolder, AnswersThePathThatIsTyped) {
  QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
  const QTemporaryDir folder;
  ASSERT_TRUE(QDir(folder.path()).mkdir("run one"));
  ASSERT_TRUE(QDir(folder.path()).mkdir("run two"));
  for (const char* typed : {"run one", "run two"}) {
    const QString path = folder.filePath(typed);
    QTimer::singleShot(0, [&] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      ASSERT_NE(dialog, nullptr);
      ASSERT_TRUE(QTest::qWaitForWindowActive(dialog));
      auto& line = control<QLineEdit>(*dialog, "fileNameEdit");
      line.setFocus();
      QTest::keyClicks(&line, path);
      QTest::keyClick(&line, Qt::Key_Return);
    });
    EXPECT_EQ(askForFolder(nullptr, "Which?", folder.path()), path);
  }
  QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs, false);
}

}  // namespace
}  // namespace tagscape
