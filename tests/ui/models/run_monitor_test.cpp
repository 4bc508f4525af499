#include "ui/models/run_monitor.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace tagscape {
namespace {

struct RunMonitorTest : ::testing::Test {
  std::filesystem::path folder() const { return temporary.filePath("run").toStdString(); }
  static RunStatus status(RunState state, std::int64_t step) {
    RunStatus written;
    written.state = state;
    written.phase = "image";
    written.step = step;
    written.total_steps = 100;
    written.pid = getpid();
    return written;
  }
  QTemporaryDir temporary;
  RunMonitor monitor;
};

TEST_F(RunMonitorTest, WaitsForAFolderThatIsNotThereYet) {
  monitor.watch(folder(), "room");
  EXPECT_FALSE(monitor.status());
  const auto run = RunDirectory::create(folder(), false);
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->writeStatus(status(RunState::Running, 3)));
  QSignalSpy changed(&monitor, &RunMonitor::statusChanged);
  monitor.poll();
  ASSERT_TRUE(monitor.status());
  EXPECT_EQ(monitor.status()->step, 3);
  EXPECT_EQ(changed.count(), 1);
  EXPECT_FALSE(monitor.isLost());
}

TEST_F(RunMonitorTest, TellsNewMetricsLogAndCamFiles) {
  const auto run = RunDirectory::create(folder(), false);
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->writeStatus(status(RunState::Running, 0)));
  monitor.watch(folder(), "room");
  int num_rows = 0;
  QObject::connect(&monitor, &RunMonitor::metricsAdded, &monitor, [&](const std::vector<MetricsRow>& rows) {
    num_rows += static_cast<int>(rows.size());
  });
  QSignalSpy logs(&monitor, &RunMonitor::logChanged), cams(&monitor, &RunMonitor::camFileChanged);
  ASSERT_TRUE(run->appendMetrics({1, 0.5, "image", {{"loss_2d_cls", 0.7}}}));
  std::ofstream(run->logFile()) << "first line\n";
  std::filesystem::create_directories(run->liveFile("room").parent_path());
  std::ofstream(run->liveFile("room")) << "x";
  monitor.poll();
  monitor.poll();
  EXPECT_EQ(num_rows, 1);
  ASSERT_EQ(logs.count(), 1);
  EXPECT_EQ(logs.front().front().toString(), "first line");
  EXPECT_EQ(cams.count(), 1);
}

TEST_F(RunMonitorTest, CallsARunLostWhoseProcessIsGone) {
  const auto run = RunDirectory::create(folder(), false);
  ASSERT_TRUE(run);
  RunStatus dead = status(RunState::Running, 5);
  dead.pid = 1 << 30;  // Above every process id.
  ASSERT_TRUE(run->writeStatus(dead));
  monitor.watch(folder(), "room");
  EXPECT_EQ(monitor.isLost(), !looksAlive(*monitor.status()));
}

TEST_F(RunMonitorTest, PassesRequestsOn) {
  EXPECT_FALSE(monitor.request(RunRequest::Pause));
  const auto run = RunDirectory::create(folder(), false);
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->writeStatus(status(RunState::Running, 0)));
  monitor.watch(folder(), "room");
  ASSERT_TRUE(monitor.request(RunRequest::Pause));
  EXPECT_EQ(run->readRequest(), RunRequest::Pause);
}

}  // namespace
}  // namespace tagscape
