#pragma once

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <optional>

namespace tagscape {

/// The client of `tagscape serve`, a separate process that keeps the networks of a run loaded, so that the studio does
/// not link LibTorch. A new request supersedes older ones, whose answers are discarded. GUI thread.
class PredictionClient : public QObject {
  Q_OBJECT

 public:
  enum class State { Off, Starting, Ready };

  explicit PredictionClient(QObject* parent = nullptr);
  ~PredictionClient() override;  ///< Ends the process.

  /// Starts a process for another run and ends the current one.
  /// @param program  path of tagscape.
  void start(const QString& program, const QString& run);
  void stop();
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const QString& run() const { return run_; }
  /// Whether a request is pending.
  [[nodiscard]] bool isBusy() const { return awaited_.has_value(); }
  /// The process id, for tests; 0 if there is none.
  [[nodiscard]] qint64 processId() const { return process_ ? process_->processId() : 0; }

  /// Requests CAMs of all points and frames. The process must have been started, but need not be ready.
  void predictScene(const QString& scene);
  /// Requests the CAMs of one frame. @param frame_index  in Scene::frames.
  void predictFrame(const QString& scene, int frame_index);
  /// Cancels the pending request: cancelled() follows at once.
  void cancel();

 Q_SIGNALS:
  void stateChanged();
  /// The networks have been loaded. @param step  of the checkpoint.
  void ready(qint64 step, const QString& image_network, const QString& point_network);
  void progressed(const QString& stage, qint64 done, qint64 total);  ///< total 0: unknown.
  /// A CAM file, which the receiver reads and removes.
  void answered(const QString& file, double seconds);
  void cancelled();
  void failed(const QString& message);  ///< A request failed, or the process: then state() is Off.

 private:
  void submit(QJsonObject request);
  void send(const QJsonObject& request);
  void readAnswers();
  void take(const QJsonObject& answer);
  void ended();
  void setState(State state);

  QTemporaryDir answers_;
  QProcess* process_ = nullptr;
  QString run_;
  QByteArray pending_;  // The beginning of a line.
  State state_ = State::Off;
  qint64 next_id_ = 1;
  std::optional<qint64> awaited_;
};

}  // namespace tagscape
