// The program itself, started as a person would.

#include <QFile>
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
                                       {"--bench-orbit", "-1", "x"},
                                       {"--run", "/nowhere/run", "x"},
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

}  // namespace
}  // namespace tagscape
