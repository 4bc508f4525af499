#include "core/run/run_journal.h"

#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace tagscape {
namespace {

using testing::FileSizeLimit;

MetricsRow row(std::int64_t step) { return {step, 0.5, "joint", {{"loss_total", 1.0 / static_cast<double>(step)}}}; }

class RunJournalFiles : public ::testing::Test {
 protected:
  std::vector<std::int64_t> steps() const {
    std::vector<std::int64_t> found;
    MetricsTail tail(run_);
    for (const MetricsRow& read : tail.poll()) found.push_back(read.step);
    EXPECT_EQ(tail.numSkipped(), 0);
    return found;
  }

  RunJournalFiles() {
    status_.state = RunState::Running;
    status_.phase = "joint";
  }

  testing::TemporaryFolder folder_;
  RunDirectory run_ = RunDirectory::create(folder_.path() / "run", false).value();
  RunStatus status_;
};

TEST_F(RunJournalFiles, WritesStateAndMetrics) {
  RunJournal journal(run_);
  ASSERT_TRUE(journal.begin(status_));
  journal.recordStep(row(1));
  status_.step = 1;
  journal.writeStatus(status_);
  EXPECT_EQ(run_.readStatus()->step, 1);
  status_.state = RunState::Finished;
  ASSERT_TRUE(journal.end(status_));
  EXPECT_EQ(run_.readStatus()->state, RunState::Finished);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{1}));
}

TEST_F(RunJournalFiles, BeatsAtMostOnceASecond) {
  RunJournal journal(run_);
  ASSERT_TRUE(journal.begin(status_));
  status_.step = 5;
  journal.heartbeat(status_);
  EXPECT_EQ(run_.readStatus()->step, 0);
}

TEST_F(RunJournalFiles, KeepsWhatAFullDiskRefusesAndWritesItLaterInOrder) {
  RunJournal journal(run_);
  ASSERT_TRUE(journal.begin(status_));
  journal.recordStep(row(1));
  {
    const FileSizeLimit full_disk(1);
    journal.recordStep(row(2));
    journal.recordStep(row(3));
    status_.step = 3;
    journal.writeStatus(status_);
  }
  EXPECT_EQ(run_.readStatus()->step, 0);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{1}));
  journal.recordStep(row(4));
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{1, 2, 3, 4}));
}

TEST_F(RunJournalFiles, DropsTheOldestRowsWhenTooManyWait) {
  RunJournal journal(run_, 2);
  ASSERT_TRUE(journal.begin(status_));
  {
    const FileSizeLimit full_disk(1);
    for (int step = 1; step <= 4; ++step) journal.recordStep(row(step));
  }
  ASSERT_TRUE(journal.end(status_));
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{3, 4}));
}

TEST_F(RunJournalFiles, RefusesAPlaceThatRefusesAtTheBeginningOrAtTheEnd) {
  {
    const FileSizeLimit full_disk(1);
    EXPECT_EQ(RunJournal(run_).begin(status_).error().code, ErrorCode::NotWritable);
  }
  RunJournal journal(run_);
  ASSERT_TRUE(journal.begin(status_));
  const FileSizeLimit full_disk(1);
  journal.recordStep(row(1));
  EXPECT_EQ(journal.end(status_).error().code, ErrorCode::NotWritable);
}

}  // namespace
}  // namespace tagscape
