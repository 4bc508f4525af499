#include "ui/jobs/job_runner.h"

#include "tests/ui/support/waiting.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <sys/resource.h>

namespace tagscape {
namespace {

using namespace std::chrono_literals;

Result<int> waitForStop(const Job& job) {
  while (!job.stopRequested()) std::this_thread::sleep_for(1ms);
  return fail(ErrorCode::Cancelled, "stopped");
}

using testing::flushEvents;
using testing::waitFor;

TEST(JobRunner, AtLowPriorityLeavesTheProcessorsToOthers) {
  const auto nicenessIn = [](JobRunner::Priority priority) {
    JobRunner runner(priority);
    std::optional<int> niceness;
    runner.start<int>([](const Job&) -> Result<int> { return ::getpriority(PRIO_PROCESS, 0); },
                      [&](Result<int> result) { niceness = result.value(); });
    EXPECT_TRUE(waitFor([&] { return niceness.has_value(); }));
    return niceness.value_or(0);
  };
  const int here = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(nicenessIn(JobRunner::Priority::Normal), here);
  EXPECT_EQ(nicenessIn(JobRunner::Priority::Low), std::max(here, 10));
}

TEST(JobRunner, DeliversTheResultOnTheOwningThread) {
  JobRunner runner;
  std::thread::id worked_on, delivered_on;
  int value = 0;
  runner.start<int>(
      [&](const Job&) -> Result<int> {
        worked_on = std::this_thread::get_id();
        return 7;
      },
      [&](Result<int> result) {
        delivered_on = std::this_thread::get_id();
        value = result.value();
      });
  ASSERT_TRUE(waitFor([&] { return value == 7; }));
  EXPECT_EQ(delivered_on, std::this_thread::get_id());
  EXPECT_NE(worked_on, std::this_thread::get_id());
  EXPECT_FALSE(runner.isBusy());
}

TEST(JobRunner, DropsTheResultOfAJobThatALaterOneReplaced) {
  JobRunner runner;
  std::vector<int> delivered;
  const auto deliver = [&](Result<int> result) { delivered.push_back(result.value_or(-1)); };
  runner.start<int>(waitForStop, deliver);
  runner.start<int>([](const Job&) -> Result<int> { return 1; }, deliver);
  runner.start<int>([](const Job&) -> Result<int> { return 2; }, deliver);
  ASSERT_TRUE(waitFor([&] { return !runner.isBusy(); }));
  flushEvents();
  EXPECT_EQ(delivered, std::vector<int>{2});
}

TEST(JobRunner, DropsAResultThatWasFinishedButNotYetDelivered) {
  JobRunner runner;
  std::atomic<bool> finished = false;
  std::vector<int> delivered;
  runner.start<int>(
      [&](const Job&) -> Result<int> {
        finished = true;
        return 1;
      },
      [&](Result<int> result) { delivered.push_back(*result); });
  while (!finished) std::this_thread::sleep_for(1ms);  // Its result waits for the event queue, which does not run here.
  runner.start<int>([](const Job&) -> Result<int> { return 2; },
                    [&](Result<int> result) { delivered.push_back(*result); });
  ASSERT_TRUE(waitFor([&] { return !runner.isBusy(); }));
  EXPECT_EQ(delivered, std::vector<int>{2});
}

TEST(JobRunner, DeliversACancelledJobAsAnError) {
  JobRunner runner;
  std::optional<ErrorCode> code;
  std::atomic<bool> is_running = false;
  runner.start<int>(
      [&](const Job& job) {
        is_running = true;
        return waitForStop(job);
      },
      [&](Result<int> result) { code = result.error().code; });
  ASSERT_TRUE(waitFor([&] { return is_running.load(); }));
  runner.cancel();
  ASSERT_TRUE(waitFor([&] { return code.has_value(); }));
  EXPECT_EQ(*code, ErrorCode::Cancelled);
}

TEST(JobRunner, TurnsAnExceptionIntoAnError) {
  JobRunner runner;
  std::string message;
  runner.start<int>([](const Job&) -> Result<int> { throw std::runtime_error("broken inside"); },
                    [&](Result<int> result) { message = result.error().message; });
  ASSERT_TRUE(waitFor([&] { return !message.empty(); }));
  EXPECT_NE(message.find("broken inside"), std::string::npos);
}

TEST(JobRunner, TellsProgressOfTheLatestJobOnly) {
  JobRunner runner;
  QStringList stages;
  QObject::connect(&runner, &JobRunner::progressed, &runner, [&](const Progress& progress) {
    stages += QString::fromStdString(progress.stage);
  });
  std::atomic<bool> reported = false;
  runner.start<int>(
      [&](const Job& job) {
        job.report("old", 1, 2);
        reported = true;
        return waitForStop(job);
      },
      [](Result<int>) {});
  while (!reported) std::this_thread::sleep_for(1ms);
  runner.start<int>(
      [](const Job& job) -> Result<int> {
        job.report("new", 1, 2);
        return 0;
      },
      [](Result<int>) {});
  ASSERT_TRUE(waitFor([&] { return !runner.isBusy(); }));
  EXPECT_EQ(stages, QStringList{"new"});
}

TEST(JobRunner, EndsARunningJobWhenItGoes) {
  std::atomic<bool> is_running = false;
  std::atomic<bool> stopped = false;
  bool delivered = false;
  {
    JobRunner runner;
    runner.start<int>(
        [&](const Job& job) {
          is_running = true;
          auto result = waitForStop(job);
          stopped = true;
          return result;
        },
        [&](Result<int>) { delivered = true; });
    while (!is_running) std::this_thread::sleep_for(1ms);
  }
  flushEvents();
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(delivered);
}

}  // namespace
}  // namespace tagscape
