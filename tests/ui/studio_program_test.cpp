// The program itself, started as the user would.

#include <QDeadlineTimer>
#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

struct Outcome {
  int exit_code = -1;
  QString output, errors;
};

Outcome runStudio(const QStringList& arguments, bool with_display) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  if (!with_display) {
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) environment.remove(name);
  }
  process.setProcessEnvironment(environment);
  process.start(STUDIO_PROGRAM, arguments);
  if (!process.waitForFinished(60'000)) return {};
  return {process.exitCode(),
          QString::fromUtf8(process.readAllStandardOutput()),
          QString::fromUtf8(process.readAllStandardError())};
}

TEST(StudioProgram, TellsHelpAndVersionWithoutADisplay) {
  const Outcome help = runStudio({"--help"}, false);
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_TRUE(help.output.contains("--screenshot")) << help.output.toStdString();
  const Outcome version = runStudio({"--version"}, false);
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(version.output.startsWith("tagscape-studio "));
}

TEST(StudioProgram, SaysThatThereIsNoDisplay) {
  const Outcome outcome = runStudio({}, false);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.errors.contains("xvfb-run"));
}

TEST(StudioProgram, RefusesUsageItDoesNotUnderstand) {
  for (const QStringList& arguments : {QStringList{"--nonsense"},
                                       {"--layer", "pink"},
                                       {"--class", "dragon"},
                                       {"--overlay", "x"},
                                       {"--frame", "two"},
                                       {"--size", "large"},
                                       {"--size", "20000x100"},
                                       {"--size", "70000x100", "--view", "top", "x"},
                                       {"--bench-orbit", "-1", "x"},
                                       {"--run", "/nowhere/run", "x"},
                                       {"--layer", "cam:dragon", "x"},
                                       {"--mix", "rgb=2", "x"},
                                       {"--heat-map", "jet", "x"},
                                       {"--threshold", "1.5", "x"},
                                       {"--view", "top"},
                                       {"--turntable", "0", "--out", "o", "x"},
                                       {"--turntable", "8", "x"},
                                       {"--out", "o", "x"},
                                       {"--scene", "a", "b"},
                                       {"--run", "/nowhere/run"},
                                       {"a", "b"}}) {
    const Outcome outcome = runStudio(arguments, false);
    EXPECT_EQ(outcome.exit_code, 2) << arguments.join(' ').toStdString();
    EXPECT_FALSE(outcome.errors.isEmpty());
  }
}

TEST(StudioProgram, EndsWithTwoWhenTheSceneIsNone) {
  const QTemporaryDir empty;
  const Outcome outcome = runStudio({"--screenshot", empty.filePath("out.png"), empty.path()}, true);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.errors.toStdString();
  EXPECT_TRUE(outcome.errors.contains(empty.path()));
}

TEST(StudioProgram, SavesAPictureOfTheStartPage) {
  const QTemporaryDir folder;
  const Outcome outcome = runStudio({"--screenshot", folder.filePath("out.png"), "--size", "900x600"}, true);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors.toStdString();
  EXPECT_TRUE(QFile::exists(folder.filePath("out.png")));
}

/// A square of points, red where x < 0.5 and blue beyond, as a PLY.
QString squareFile(const QTemporaryDir& folder) {
  QFile file(folder.filePath("square.ply"));
  if (!file.open(QIODevice::WriteOnly)) return {};
  file.write(
      "ply\nformat ascii 1.0\nelement vertex 10000\nproperty float x\nproperty float y\nproperty float z\n"
      "property uchar red\nproperty uchar green\nproperty uchar blue\nend_header\n");
  for (int i = 0; i < 10'000; ++i) {
    file.write(QByteArray::number(i % 100 * .01) + " " + QByteArray::number(i / 100 * .01) + " 0 " +
               (i % 100 < 50 ? "220 30 30\n" : "30 30 220\n"));
  }
  return file.fileName();
}

TEST(StudioProgram, MakesAPictureOfAViewWithoutADisplay) {
  const QTemporaryDir folder;
  const QString picture_file = folder.filePath("out.png");
  const Outcome outcome = runStudio({"--screenshot",
                                     picture_file,
                                     "--scene",
                                     squareFile(folder),
                                     "--view",
                                     "top",
                                     "--size",
                                     "320x200",
                                     "--transparent"},
                                    false);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors.toStdString();
  const QImage picture(picture_file);
  ASSERT_EQ(picture.size(), QSize(320, 200));
  EXPECT_EQ(picture.pixelColor(2, 2).alpha(), 0);
  EXPECT_EQ(picture.pixelColor(140, 100), QColor(220, 30, 30));
  EXPECT_EQ(picture.pixelColor(180, 100), QColor(30, 30, 220));
}

TEST(StudioProgram, MakesThePicturesOfATurn) {
  const QTemporaryDir folder;
  const QString out = folder.filePath("turn");
  const Outcome outcome = runStudio(
      {"--scene", squareFile(folder), "--view", "top", "--turntable", "4", "--out", out, "--size", "200x160"}, true);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors.toStdString();
  const QImage first(out + "/frame_0000.png"), third(out + "/frame_0002.png");
  ASSERT_EQ(third.size(), QSize(200, 160));
  EXPECT_EQ(first.pixelColor(80, 80), QColor(220, 30, 30));
  EXPECT_EQ(third.pixelColor(80, 80), QColor(30, 30, 220)) << "half a turn";
  EXPECT_TRUE(QFile::exists(out + "/frame_0003.png"));
  EXPECT_FALSE(QFile::exists(out + "/frame_0004.png"));
}

TEST(StudioProgram, RefusesAViewThatIsNone) {
  const QTemporaryDir folder;
  const Outcome outcome =
      runStudio({"--screenshot", folder.filePath("x.png"), squareFile(folder), "--view", "sideways"}, true);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(outcome.errors.contains("tagscape-view")) << outcome.errors.toStdString();
}

TEST(StudioProgram, StaysOpenWhereThereIsNoOpenGl) {
  const QTemporaryDir folder;
  for (const QByteArray missing :
       {"QT_XCB_GL_INTEGRATION=none", "LIBGL_DRIVERS_PATH=/nowhere", "MESA_GL_VERSION_OVERRIDE=2.1"}) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(missing.split('=')[0], missing.split('=')[1]);
    const QTemporaryDir settings;
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
      environment.insert(name, settings.path());
    const QDeadlineTimer patience(60'000);
    process.setProcessEnvironment(environment);
    process.start(STUDIO_PROGRAM, {squareFile(folder)});
    ASSERT_TRUE(process.waitForStarted());
    // The file is listed as recent once it was opened in the window that is shown.
    const auto hasOpened = [&] {
      for (QDirIterator files(settings.path(), {"*.conf"}, QDir::Files, QDirIterator::Subdirectories);
           files.hasNext();) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains("recent=")) return true;
      }
      return false;
    };
    while (!hasOpened() && process.state() == QProcess::Running && !patience.hasExpired()) process.waitForFinished(50);
    EXPECT_TRUE(hasOpened()) << missing.toStdString() << process.readAllStandardError().toStdString();
    EXPECT_EQ(process.state(), QProcess::Running) << missing.toStdString() << ": it ended";
    process.kill();
    process.waitForFinished();
  }
}

TEST(StudioProgram, SaysThatOpenGlIsTooOld) {
  const QTemporaryDir folder;
  qputenv("MESA_GL_VERSION_OVERRIDE", "2.1");
  const Outcome outcome = runStudio({"--screenshot", folder.filePath("x.png"), squareFile(folder)}, true);
  qunsetenv("MESA_GL_VERSION_OVERRIDE");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.errors.contains("OpenGL")) << outcome.errors.toStdString();
}

}  // namespace
}  // namespace tagscape
