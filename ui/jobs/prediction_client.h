#pragma once

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <optional>

namespace tagscape {

/// Has predictions made by `tagscape serve`, a process of its own that keeps the networks of a run loaded: this one
/// never links LibTorch. The newest request wins; answers to older ones are dropped. Owned by the GUI thread.
class PredictionClient : public QObject {
  Q_OBJECT

 public:
  enum class State { Off, Starting, Ready };

  explicit PredictionClient(QObject* parent = nullptr);
  ~PredictionClient() override;  ///< Ends the process.

  /// Starts the process for another run; what the present one does is given up.
  /// @param program  path of tagscape.
  void start(const QString& program, const QString& run);
  void stop();
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const QString& run() const { return run_; }
  /// Whether an answer is awaited.
  [[nodiscard]] bool isBusy() const { return awaited_.has_value(); }
  /// Of the process, for tests; 0 if there is none.
  [[nodiscard]] qint64 processId() const { return process_ ? process_->processId() : 0; }

  /// Asks for CAMs of all points and frames; needs a process that was started, but not that it is ready.
  void predictScene(const QString& scene);
  /// Asks for the CAMs of one frame. @param frame_index  in Scene::frames.
  void predictFrame(const QString& scene, int frame_index);
  /// Gives up what is awaited: cancelled() follows at once.
  void cancel();

 Q_SIGNALS:
  void stateChanged();
  /// The networks are loaded. @param step  of the checkpoint.
  void ready(qint64 step, const QString& image_network, const QString& point_network);
  void progressed(const QString& stage, qint64 done, qint64 total);  ///< total 0: the end is not known.
  /// A CAM file, which the receiver removes when it has read it.
  void answered(const QString& file, double seconds);
  void cancelled();
  void failed(const QString& message);  ///< Of a request, or of the process: then state() is Off.

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
