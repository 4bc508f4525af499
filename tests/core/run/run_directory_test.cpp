#include "core/run/run_directory.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <unistd.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

RunDirectory makeRun(const fs::path& path) { return RunDirectory::create(path, false).value(); }

void append(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::app) << text; }

MetricsRow rowOf(std::int64_t step, double loss) { return {step, 0.5, "image", {{"loss_total", loss}}}; }

TEST(RunDirectory, GivesTheStatusBackThatWasWritten) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  const RunStatus status{
      RunState::Running, "joint", 12, 300, 4.5, 64, 0, 77, "/scans/my office", "because \"so\"", "", "encoding"};
  ASSERT_TRUE(run.writeStatus(status));
  const RunStatus back = RunDirectory::open(run.path()).value().readStatus().value();
  EXPECT_EQ(back.state, RunState::Running);
  EXPECT_EQ(back.phase, "joint");
  EXPECT_EQ(back.step, 12);
  EXPECT_EQ(back.total_steps, 300);
  EXPECT_EQ(back.steps_per_s, 4.5);
  EXPECT_EQ(back.eta_s, 64);
  EXPECT_EQ(back.pid, 77);
  EXPECT_EQ(back.scene_path, "/scans/my office");
  EXPECT_EQ(back.reason, "because \"so\"");
  EXPECT_EQ(back.note, "encoding");
}

TEST(RunDirectory, StampsTheHeartbeatWhenTheStatusIsWritten) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  const auto now = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  };
  const double before = now();
  ASSERT_TRUE(run.writeStatus({}));
  const double after = now();
  constexpr double kWritten_s = 1e-3;  // the file has milliseconds at least
  EXPECT_GE(run.readStatus().value().heartbeat_unix_s, before - kWritten_s);
  EXPECT_LE(run.readStatus().value().heartbeat_unix_s, after + kWritten_s);
}

TEST(RunDirectory, NamesEveryStateOnce) {
  for (int i = 0; i <= static_cast<int>(RunState::Failed); ++i) {
    const auto state = static_cast<RunState>(i);
    EXPECT_EQ(runStateByName(nameOf(state)), state);
  }
  EXPECT_EQ(runStateByName("dancing"), std::nullopt);
}

TEST(RunDirectory, IsNotMadeOverAnotherRunUnlessAsked) {
  const testing::TemporaryFolder folder;
  const RunDirectory first = makeRun(folder.path() / "run");
  ASSERT_TRUE(first.writeStatus({}));
  ASSERT_TRUE(first.appendMetrics(rowOf(1, 2)));
  const auto refused = RunDirectory::create(first.path(), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  const auto second = RunDirectory::create(first.path(), true);
  ASSERT_TRUE(second);
  EXPECT_FALSE(fs::exists(first.path() / "metrics.jsonl"));
}

TEST(RunDirectory, LeavesOtherFilesAloneWhenItIsOverwritten) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  ASSERT_TRUE(run.writeStatus({}));
  append(run.path() / "notes.txt", "mine");
  ASSERT_TRUE(RunDirectory::create(run.path(), true));
  EXPECT_TRUE(fs::exists(run.path() / "notes.txt"));
}

TEST(RunDirectory, KnowsWhetherItHasGotAsFarAsNetworks) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path() / "run", false).value();
  EXPECT_FALSE(run.hasCheckpoints());
  std::ofstream(run.checkpointFolder() / "step_000010.safetensors") << "networks";
  EXPECT_TRUE(run.hasCheckpoints());
}

TEST(RunDirectory, IsNotOpenedWhereThereIsNoRun) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(RunDirectory::open(folder.path() / "nowhere").error().code, ErrorCode::NotFound);
  const auto not_a_run = RunDirectory::open(folder.path());
  EXPECT_EQ(not_a_run.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(not_a_run.error().message, HasSubstr("state.json"));
}

TEST(RunDirectory, RefusesAStateFileThatIsNoState) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  for (const char* text : {"", "[", "[]", "{\"state\": 3}", "{\"state\": \"dancing\"}"}) {
    folder.write("run/state.json", text);
    const auto status = run.readStatus();
    ASSERT_FALSE(status) << text;
    EXPECT_THAT(status.error().message, HasSubstr("state.json"));
  }
}

TEST(RunDirectory, KeepsFilesOfStrangelyNamedScenesInside) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  EXPECT_EQ(run.liveFile("../../etc/passwd").parent_path(), run.path() / "live");
  EXPECT_EQ(run.predictionFile("..").parent_path(), run.path() / "predictions");
  EXPECT_NE(run.predictionFile("..").filename(), "..");
}

TEST(RunControl, CarriesEveryRequest) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  EXPECT_EQ(run.readRequest(), RunRequest::None);
  for (const auto request : {RunRequest::Pause, RunRequest::Resume, RunRequest::Stop, RunRequest::None}) {
    ASSERT_TRUE(run.request(request));
    EXPECT_EQ(run.readRequest(), request);
  }
}

TEST(RunControl, AsksForNothingWhenTheFileIsBroken) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  for (const char* text : {"", "{", "7", "{\"request\": 1}", "{\"request\": \"explode\"}"}) {
    folder.write("run/control.json", text);
    EXPECT_EQ(run.readRequest(), RunRequest::None) << text;
  }
}

TEST(RunControl, OfAnEarlierRunIsForgotten) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  ASSERT_TRUE(run.request(RunRequest::Stop));
  EXPECT_EQ(makeRun(run.path()).readRequest(), RunRequest::None);
}

TEST(MetricsTail, GivesEachRowOnce) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  MetricsTail tail(run);
  EXPECT_TRUE(tail.poll().empty());
  ASSERT_TRUE(run.appendMetrics(rowOf(1, 0.25)));
  ASSERT_TRUE(run.appendMetrics(rowOf(2, 0.125)));
  const auto rows = tail.poll();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].step, 1);
  EXPECT_EQ(rows[0].phase, "image");
  EXPECT_EQ(rows[0].seconds, 0.5);
  EXPECT_EQ(rows[1].values.at("loss_total"), 0.125);
  EXPECT_TRUE(tail.poll().empty());
}

TEST(MetricsTail, WaitsForALineThatIsCutShort) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  MetricsTail tail(run);
  append(run.path() / "metrics.jsonl", R"({"step": 7, "seconds": 1, "phase": "joint", "val)");
  EXPECT_TRUE(tail.poll().empty());
  append(run.path() / "metrics.jsonl", "ues\": {\"loss_total\": 3}}\n");
  const auto rows = tail.poll();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].values.at("loss_total"), 3);
  EXPECT_EQ(tail.numSkipped(), 0);
}

TEST(MetricsTail, SkipsAndCountsLinesThatItCannotRead) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  MetricsTail tail(run);
  append(run.path() / "metrics.jsonl", "\x01garbage\n{\"step\": 1}\n");
  ASSERT_TRUE(run.appendMetrics(rowOf(3, 1)));
  EXPECT_EQ(tail.poll().size(), 1U);
  EXPECT_EQ(tail.numSkipped(), 2);
}

TEST(MetricsTail, BeginsAgainWhenTheFileBecameShorter) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  MetricsTail tail(run);
  ASSERT_TRUE(run.appendMetrics(rowOf(1, 1)));
  ASSERT_TRUE(run.appendMetrics(rowOf(2, 1)));
  EXPECT_EQ(tail.poll().size(), 2U);
  fs::remove(run.path() / "metrics.jsonl");
  ASSERT_TRUE(run.appendMetrics(rowOf(9, 1)));
  const auto rows = tail.poll();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].step, 9);
}

TEST(MetricsTail, ReadsAValueThatIsNotANumberAsNaN) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = makeRun(folder.path() / "run");
  ASSERT_TRUE(run.appendMetrics(rowOf(1, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_TRUE(std::isnan(MetricsTail(run).poll().at(0).values.at("loss_total")));
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

RunStatus statusOf(RunState state, std::int64_t pid, double heartbeat) {
  RunStatus status;
  status.state = state;
  status.pid = pid;
  status.heartbeat_unix_s = heartbeat;
  return status;
}

constexpr std::int64_t kNoProcess = 2'000'000'000;  // Above the kernel's largest process id.

TEST(RunDirectory, KeepsMetricsUpToAStepAndDropsALineCutShort) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path() / "run", false).value();
  for (std::int64_t step = 1; step <= 4; ++step)
    ASSERT_TRUE(run.appendMetrics({step, 1. * step, "image", {{"loss_total", 1. / step}}}));
  std::ofstream(run.path() / "metrics.jsonl", std::ios::app) << R"({"step": 2, "val)";
  ASSERT_TRUE(run.keepMetricsUpTo(2));
  MetricsTail tail(run);
  const auto rows = tail.poll();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].step, 2);
  EXPECT_EQ(rows[1].values.at("loss_total"), .5);
  EXPECT_EQ(tail.numSkipped(), 0);
}

TEST(LooksAlive, ToldByThisMachineOnlyIfItsProcessLives) {
  const testing::TemporaryFolder folder;
  const RunDirectory run = RunDirectory::create(folder.path() / "run", false).value();
  ASSERT_TRUE(run.writeStatus(statusOf(RunState::Running, kNoProcess, 0)));
  EXPECT_FALSE(looksAlive(run.readStatus().value())) << "its heartbeat is young, but it was killed here";
  ASSERT_TRUE(run.writeStatus(statusOf(RunState::Running, getpid(), 0)));
  EXPECT_TRUE(looksAlive(run.readStatus().value()));
}

TEST(LooksAlive, BelievesAYoungHeartbeat) { EXPECT_TRUE(looksAlive(statusOf(RunState::Running, kNoProcess, now()))); }

TEST(LooksAlive, DoesNotBelieveAnOldHeartbeatOfAProcessThatIsGone) {
  EXPECT_FALSE(looksAlive(statusOf(RunState::Running, kNoProcess, now() - 100)));
}

TEST(LooksAlive, BelievesAProcessThatLivedAtTheHeartbeat) {
  // One that hangs in a long read: nothing was written for a while, but it began before.
  EXPECT_TRUE(looksAlive(statusOf(RunState::Running, getpid(), now() + 1), -1000));
}

TEST(LooksAlive, TellsAProcessIdThatIsUsedAgain) {
  EXPECT_FALSE(looksAlive(statusOf(RunState::Running, getpid(), now() - 86400)));
}

TEST(LooksAlive, DoesNotWaitForARunThatSaysItEnded) {
  for (const auto state : {RunState::Stopped, RunState::Finished, RunState::Failed}) {
    EXPECT_FALSE(looksAlive(statusOf(state, getpid(), now())));
  }
}

TEST(NewestRunFor, FindsTheLastOfTheSceneInFoldersAndTheirFolders) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder.path() / "scan");
  const auto add = [&](const char* name, const fs::path& scene) {
    RunStatus status;
    status.scene_path = scene.string();
    EXPECT_TRUE(makeRun(folder.path() / "runs" / name).writeStatus(status));
  };
  add("a", folder.path() / "scan");
  add("office/b", folder.path() / "scan" / ".");
  add("c", folder.path() / "other");
  EXPECT_EQ(newestRunFor(folder.path() / "runs", folder.path() / "scan" / ""), folder.path() / "runs" / "office" / "b");
  EXPECT_EQ(newestRunFor(folder.path() / "runs", folder.path() / "third"), std::nullopt);
  EXPECT_EQ(newestRunFor(folder.path() / "nowhere", folder.path() / "scan"), std::nullopt);
}

}  // namespace
}  // namespace tagscape
