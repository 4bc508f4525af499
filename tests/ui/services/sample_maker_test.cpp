// The ready sample of a first start, made by the real program.

#include "ui/services/sample_maker.h"

#include "core/scans/data_set.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience_ms = 120'000;  // of a loaded machine with sanitizers

class SampleMakerTest : public ::testing::Test {
 protected:
  SampleMakerTest() { qputenv("PATH", QByteArray(PROGRAM_FOLDER ":") + old_path_); }
  ~SampleMakerTest() override { qputenv("PATH", old_path_); }
  [[nodiscard]] fs::path folder() const { return fs::path(place_.path().toStdString()) / "samples/rooms"; }

  QByteArray old_path_ = qgetenv("PATH");
  QTemporaryDir place_;
  SampleMaker maker_;
  QSignalSpy made_{&maker_, &SampleMaker::made};
  QSignalSpy stopped_{&maker_, &SampleMaker::stopped};
  QSignalSpy failed_{&maker_, &SampleMaker::failed};
  QSignalSpy progressed_{&maker_, &SampleMaker::progressed};
};

TEST_F(SampleMakerTest, MakesThreeScenesAndTellsHowFarItIs) {
  maker_.make(folder());
  EXPECT_TRUE(maker_.isBusy());
  ASSERT_TRUE(made_.wait(kPatience_ms)) << (failed_.isEmpty() ? "" : failed_[0][0].toString().toStdString());
  EXPECT_FALSE(maker_.isBusy());
  EXPECT_EQ(scanDataSet(folder())->scenes.size(), 3U);
  ASSERT_GT(progressed_.size(), 1);
  EXPECT_EQ(progressed_.front(), (QVariantList{0, 3}));

  // There it is: the second time nothing is started.
  maker_.make(folder());
  EXPECT_FALSE(maker_.isBusy());
  EXPECT_EQ(made_.size(), 2);
}

TEST_F(SampleMakerTest, StopsWithoutLeavingAHalfScene) {
  maker_.make(folder());
  ASSERT_TRUE(QTest::qWaitFor([&] { return fs::exists(folder() / ".unfinished"); }, kPatience_ms));
  maker_.stop();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !stopped_.isEmpty() || !made_.isEmpty(); }, kPatience_ms));
  ASSERT_EQ(stopped_.size(), 1);
  EXPECT_EQ(failed_.size(), 0);
  EXPECT_FALSE(fs::exists(folder() / ".unfinished"));
  EXPECT_FALSE(fs::exists(folder() / "scannetv2_val.txt"));
}

TEST_F(SampleMakerTest, SaysWhatThePlaceRefuses) {
  maker_.make("/proc/samples");
  ASSERT_TRUE(failed_.wait(kPatience_ms));
  EXPECT_TRUE(failed_[0][0].toString().contains("/proc/samples")) << failed_[0][0].toString().toStdString();
}

TEST_F(SampleMakerTest, SaysThatTheProgramIsMissing) {
  qputenv("PATH", place_.path().toUtf8());
  maker_.make(folder());
  ASSERT_EQ(failed_.size(), 1);
  EXPECT_TRUE(failed_[0][0].toString().contains("tagscape"));
}

}  // namespace
}  // namespace tagscape
