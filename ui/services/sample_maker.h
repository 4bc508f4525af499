#pragma once

#include <QObject>
#include <QTimer>

#include <filesystem>

class QProcess;

namespace tagscape {

/// Makes the ready sample data set of three rooms by running `tagscape synth`, so that the window stays free. A sample
/// that is there already is not made again; one that was stopped goes on.
class SampleMaker : public QObject {
  Q_OBJECT

 public:
  explicit SampleMaker(QObject* parent = nullptr);
  ~SampleMaker() override;

  /// Begins, or emits made() at once if the sample is whole. Does nothing while one is being made.
  void make(const std::filesystem::path& folder);
  /// Asks the program to stop; stopped() follows. Whole scenes stay for the next time.
  void stop();
  [[nodiscard]] bool isBusy() const { return process_ != nullptr; }

 Q_SIGNALS:
  void progressed(int num_scenes_done, int num_scenes);
  void made(const std::filesystem::path& folder);
  void stopped();
  void failed(const QString& message);

 private:
  void tellProgress();
  void ended(int exit_code);

  std::filesystem::path folder_;
  QProcess* process_ = nullptr;
  bool is_stopping_ = false;
  QTimer timer_;
};

}  // namespace tagscape
