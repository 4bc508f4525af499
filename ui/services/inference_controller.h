#pragma once

#include "core/scene/cams.h"
#include "ui/jobs/job_runner.h"
#include "ui/jobs/prediction_client.h"
#include "ui/models/document.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>

namespace tagscape {

/// Predicts the open scene with the networks of a run and puts the CAMs into the document: of the whole scene on
/// request, and of the current frame as the user moves through the frames.
class InferenceController : public QObject {
  Q_OBJECT

 public:
  explicit InferenceController(Document& document, QObject* parent = nullptr);

  [[nodiscard]] PredictionClient& client() { return client_; }
  [[nodiscard]] const PredictionClient& client() const { return client_; }

  /// Loads the networks of a run's newest checkpoint. Errors are reported by failed().
  void openRun(const std::filesystem::path& run);
  void closeRun();
  /// The run whose networks are loaded as soon as something asks for them; none if it has no checkpoint yet.
  void setRunAtHand(std::optional<std::filesystem::path> run);
  [[nodiscard]] const std::optional<std::filesystem::path>& runAtHand() const { return run_at_hand_; }
  /// Whether a prediction can be asked for: networks are loaded, being loaded, or at hand.
  [[nodiscard]] bool hasNetworks() const { return client_.state() != PredictionClient::State::Off || run_at_hand_; }
  void predictScene();
  void predictFrame();
  /// Predicts, with all classes, what Document::lackedByPoints() or otherwise lackedByFrame() reports as missing; does
  /// nothing without loaded networks. Called automatically when a tag is added and when networks have been loaded.
  void predictLacked();
  void cancel();
  /// Whether the current frame is predicted automatically.
  [[nodiscard]] bool followsFrames() const { return follows_frames_; }
  void setFollowsFrames(bool follows);
  /// The latest status for the user, and whether work is in progress.
  [[nodiscard]] const QString& message() const { return message_; }
  [[nodiscard]] bool isBusy() const { return client_.isBusy() || loader_.isBusy(); }

 Q_SIGNALS:
  void changed();
  void progressed(const QString& stage, qint64 done, qint64 total);
  void predicted();  ///< CAMs were put into the document.
  void failed(const QString& title, const QString& message);

 private:
  void followFrame();
  void followTags();
  void load(const QString& file, double seconds);
  [[nodiscard]] std::shared_ptr<const SceneCams> merged(SceneCams answer) const;
  [[nodiscard]] bool loadNetworks();
  void say(const QString& message);

  Document& document_;
  PredictionClient client_;
  JobRunner loader_;
  std::optional<std::filesystem::path> run_at_hand_;
  bool follows_frames_ = false;
  bool is_loading_ = false;  // The networks.
  bool is_scene_request_ = false;
  bool is_by_itself_ = false;   // The frame was asked for because it was chosen.
  bool is_for_tags_ = false;    // It was asked for because of changed tags.
  bool resumes_scene_ = false;  // The user asked for a frame meanwhile; the scene is asked for again after it.
  int asked_frame_ = -1;
  QString message_;
};

}  // namespace tagscape
