#pragma once

#include <QObject>
#include <QTimer>

#include <filesystem>

class QProcess;

namespace tagscape {

/// Generates the sample data set of three rooms by running `tagscape synth` in a separate process. An existing sample
/// is reused; a stopped one is continued.
class SampleMaker : public QObject {
  Q_OBJECT

 public:
  explicit SampleMaker(QObject* parent = nullptr);
  ~SampleMaker() override;

  /// Starts, or emits made() at once if the sample is complete. Does nothing while running.
  void make(const std::filesystem::path& folder);
  /// Requests the program to stop; stopped() follows. Complete scenes are kept for the next time.
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
