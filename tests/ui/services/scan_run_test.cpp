// A run of the preset `scan` in the window: what is shown are the labels of the scan itself, not what the networks that
// were trained on them predict.

#include "core/io/cam_file.h"
#include "core/run/run_directory.h"
#include "tests/ui/support/waiting.h"
#include "ui/window/main_window.h"

#include <QProcess>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr int kPatience_ms = 240'000;  // Of a loaded machine.

void runTagscape(const QStringList& arguments) {
  QProcess process;
  process.start(QStringLiteral(PROGRAM_FOLDER "/tagscape"), arguments);
  ASSERT_TRUE(process.waitForFinished(kPatience_ms));
  ASSERT_EQ(process.exitCode(), 0) << process.readAllStandardError().toStdString();
}

TEST(ScanRun, ShowsTheLabelsOfTheScan) {
  const QTemporaryDir folder;
  qputenv("XDG_DATA_HOME",
          folder.path().toUtf8());  // Without published weights, so that the result is the same everywhere.
  const QString room = folder.filePath("room"), run = folder.filePath("run");
  runTagscape({"synth", room, "--seed", "2", "--frames", "6", "--width", "96", "--height", "72", "--quiet"});
  runTagscape({"train",
               room,
               "--out",
               run,
               "--preset",
               "scan",
               "--quality",
               "fast",
               "--image-steps",
               "2",
               "--points-steps",
               "2",
               "--quiet"});

  MainWindow window(false);
  window.setShowsErrors(false);
  QStringList problems;
  QObject::connect(&window, &MainWindow::problemMet, &window, [&](const QString& title, const QString& message) {
    problems += title + ": " + message;
  });
  window.open(room.toStdString(), run.toStdString());
  ASSERT_TRUE(testing::waitFor([&] { return window.document().cams() != nullptr; }, kPatience_ms))
      << problems.join("\n").toStdString();

  const auto labels = readCams(RunDirectory::open(run.toStdString())->predictionFile(window.document().scene()->name));
  ASSERT_TRUE(labels) << labels.error().message;
  EXPECT_EQ(window.document().cams()->origin, labels->origin);
  EXPECT_EQ(window.document().cams()->point_labels, labels->point_labels);
  EXPECT_TRUE(problems.isEmpty()) << problems.join("\n").toStdString();
}

}  // namespace
}  // namespace tagscape
