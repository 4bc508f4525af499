#include "core/experiment/task_runner.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/experiment/time_left.h"
#include "tests/support/eventually.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// Tasks are lines of shell.
class TaskRunner : public ::testing::Test {
 protected:
  TaskRunner() {
    log::setVerbosity(0);
    options_.program = "/bin/sh";
  }
  [[nodiscard]] Task task(const std::string& name,
                          const std::string& script,
                          std::vector<std::size_t> needs = {}) const {
    Task made;
    made.label = name;
    made.kind = name;
    // What follows -c SCRIPT are $0, $1, …
    made.arguments = {"-c", "cd " + folder_.path().string() + " && { " + script + "; }", "shell"};
    made.if_resumed = {"resumed"};
    made.if_replaced = {"replaced"};
    made.key = "key of " + name;
    made.needs = std::move(needs);
    made.files = folder_.path() / "tasks" / name;
    return made;
  }
  std::vector<TaskOutcome> run(const std::vector<Task>& tasks, const Job& job = {}) const {
    auto outcomes = runTasks(tasks, options_, job);
    EXPECT_TRUE(outcomes) << outcomes.error().message;
    return outcomes.value_or(std::vector<TaskOutcome>{});
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return readTextFile(folder_.path() / name).value_or("");
  }
  testing::TemporaryFolder folder_;
  TaskRunnerOptions options_;
};

TEST_F(TaskRunner, RunsTasksAfterThoseThatTheyNeed) {
  const auto outcomes = run({task("first", "sleep .1; echo first >> order"),
                             task("second", "echo second >> order", {0}),
                             task("third", "echo third >> order", {0, 1})});
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.state, TaskState::Finished);
  EXPECT_EQ(file("order"), "first\nsecond\nthird\n");
  EXPECT_GE(outcomes[0].seconds, .1);
}

TEST_F(TaskRunner, RunsAsManyAtATimeAsItMay) {
  // Each waits for the other: only side by side they come to an end.
  const auto wait = [](const std::string& mine, const std::string& other) {
    return "touch " + mine + "; for i in $(seq 100); do [ -e " + other + " ] && exit 0; sleep .02; done; exit 1";
  };
  options_.num_jobs = 2;
  for (const auto& outcome : run({task("a", wait("a", "b")), task("b", wait("b", "a"))}))
    EXPECT_EQ(outcome.state, TaskState::Finished);
  options_.num_jobs = 1;
  EXPECT_EQ(run({task("c", wait("c", "d")), task("d", "touch d")})[0].state, TaskState::Failed);
}

TEST_F(TaskRunner, StartsWithTheLongestWayOfTheFirstGroup) {
  auto late = task("late", "echo late >> order");
  late.group = 1;
  late.expected_s = 100;
  auto lone = task("lone", "echo lone >> order");
  lone.expected_s = 5;
  auto root = task("root", "echo root >> order");
  auto leaf = task("leaf", "echo leaf >> order", {2});
  leaf.expected_s = 10;
  run({late, lone, root, leaf});
  EXPECT_EQ(file("order"), "root\nleaf\nlone\nlate\n");
}

TEST_F(TaskRunner, DoesNothingTwice) {
  const std::vector<Task> tasks{task("once", "echo x >> count")};
  run(tasks);
  const auto again = run(tasks);
  EXPECT_EQ(again[0].state, TaskState::Finished);
  EXPECT_TRUE(again[0].was_done);
  EXPECT_EQ(file("count"), "x\n");
  EXPECT_EQ(earlierOutcomes(tasks)[0].state, TaskState::Finished);
}

TEST_F(TaskRunner, DoesAgainWhatWasAskedForOtherwise) {
  auto changed = task("once", "echo x$1 >> count");
  run({changed});
  changed.key = "another key";
  EXPECT_EQ(earlierOutcomes({changed})[0].state, TaskState::NotRun);
  run({changed});
  EXPECT_EQ(file("count"), "x\nxreplaced\n");
}

TEST_F(TaskRunner, GoesOnAfterAFailureWithoutWhatNeedsIt) {
  const auto outcomes = run({task("bad", "echo 'error: no such weather' >&2; exit 2"),
                             task("needs bad", "touch never", {0}),
                             task("needs that", "touch never", {1}),
                             task("good", "touch good")});
  EXPECT_EQ(outcomes[0].state, TaskState::Failed);
  EXPECT_THAT(outcomes[0].reason, HasSubstr("exit code 2: error: no such weather"));
  EXPECT_EQ(outcomes[1].state, TaskState::NotRun);
  EXPECT_EQ(outcomes[1].reason, "it needs bad");
  EXPECT_EQ(outcomes[2].state, TaskState::NotRun);
  EXPECT_EQ(outcomes[3].state, TaskState::Finished);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "never"));
}

TEST_F(TaskRunner, AFailedTaskIsTriedAgainByTheNextCall) {
  const std::vector<Task> tasks{task("mended", "echo run$1 >> count; [ -e mended ]")};
  EXPECT_EQ(run(tasks)[0].state, TaskState::Failed);
  folder_.write("mended", "");
  EXPECT_EQ(run(tasks)[0].state, TaskState::Finished);
  EXPECT_EQ(file("count"), "run\nrunresumed\n");
}

TEST_F(TaskRunner, StopsInOrderAndResumes) {
  const std::vector<Task> tasks{
      task("long", "trap 'echo saved >> seen; exit 1' TERM; echo begun$1 >> seen; [ -n \"$1\" ] || sleep 30 & wait"),
      task("after", "true", {0})};
  std::stop_source stop;
  std::jthread stopper([&] {
    EXPECT_TRUE(testing::eventually([&] { return !file("seen").empty(); }));
    stop.request_stop();
  });
  const auto stopped = run(tasks, {{}, stop.get_token()});
  EXPECT_EQ(stopped[0].state, TaskState::NotRun);
  EXPECT_EQ(stopped[1].state, TaskState::NotRun);
  EXPECT_EQ(file("seen"), "begun\nsaved\n");
  const auto resumed = run(tasks);
  EXPECT_EQ(resumed[0].state, TaskState::Finished);
  EXPECT_EQ(resumed[1].state, TaskState::Finished);
  EXPECT_EQ(file("seen"), "begun\nsaved\nbegunresumed\n");
  EXPECT_GT(resumed[0].seconds, stopped[0].seconds) << "the time of both calls counts";
}

TEST_F(TaskRunner, KillsWhatDoesNotStop) {
  options_.patience_s = .2;
  std::stop_source stop;
  std::jthread stopper([&] {
    EXPECT_TRUE(testing::eventually([&] { return !file("seen").empty(); }));
    stop.request_stop();
  });
  const auto killed =
      run({task("deaf", "trap '' TERM; echo x > seen; sleep 30; sleep 30; echo x > survived")}, {{}, stop.get_token()});
  EXPECT_EQ(killed[0].state, TaskState::NotRun);
  EXPECT_EQ(file("survived"), "");
}

TEST_F(TaskRunner, TellsWhatRunsAndHowLongItWillTake) {
  std::vector<std::string> details;
  run({task("first", "sleep .2"), task("second", "sleep 1.2", {0})},
      {[&](const Progress& progress) { details.push_back(progress.detail); }, {}});
  ASSERT_GE(details.size(), 2U);
  EXPECT_THAT(details.front(), HasSubstr("0 of 2 steps done, about 2 s left: first"));
  EXPECT_THAT(details.back(), HasSubstr("1 of 2 steps done"));
  EXPECT_THAT(details.back(), HasSubstr("second"));
}

TEST_F(TaskRunner, ATaskBeforeWhatItNeedsIsAProgrammingError) {
  EXPECT_THROW((void)runTasks({task("a", "true", {1}), task("b", "true")}, options_, {}), std::logic_error);
}

TEST(MeasuredTimes, CorrectsGuessesByWhatWasMeasured) {
  MeasuredTimes times;
  EXPECT_DOUBLE_EQ(times.of("joint", 100), 100);
  times.learn("phase 1", 200, 100);
  EXPECT_DOUBLE_EQ(times.of("joint", 100), 50) << "guesses were twice too long so far";
  times.learn("joint", 100, 80);
  times.learn("joint", 100, 60);
  EXPECT_DOUBLE_EQ(times.of("joint", 100), 70);
}

TEST(TimeLeft, IsSharedByJobsButNoShorterThanTheLongestTask) {
  const MeasuredTimes times;
  TimeLeft left(times, 2);
  left.addWaiting("a", 60);
  left.addRunning("b", 60, 30, .25);  // 90 s more at its own speed
  EXPECT_DOUBLE_EQ(left.seconds(), 90);
  left.addWaiting("a", 60);
  EXPECT_DOUBLE_EQ(left.seconds(), 105);
}

TEST(DurationText, ReadsAsPeopleSayIt) {
  EXPECT_EQ(durationText(0.4), "0 s");
  EXPECT_EQ(durationText(59), "59 s");
  EXPECT_EQ(durationText(754), "13 min");
  EXPECT_EQ(durationText(3 * 3600 + 25 * 60), "3 h 25 min");
}

}  // namespace
}  // namespace tagscape
