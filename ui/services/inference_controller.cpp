#include "ui/services/inference_controller.h"

#include "core/io/cam_file.h"
#include "ui/services/run_controller.h"

#include <QFile>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace tagscape {
namespace {

/// Empty CAMs of a scene before any prediction.
SceneCams blank(const Scene& scene) {
  SceneCams cams;
  cams.scene_name = scene.name;
  cams.point_labels.assign(scene.points().size(), kNoClass);
  cams.point_values.assign(scene.points().size() * kNumClasses, 0.F);
  return cams;
}

void putFrame(SceneCams& cams, FrameCams frame) {
  const auto place = std::lower_bound(
      cams.frames.begin(), cams.frames.end(), frame.frame_number, [](const FrameCams& kept, int number) {
        return kept.frame_number < number;
      });
  if (place != cams.frames.end() && place->frame_number == frame.frame_number) {
    *place = std::move(frame);
  } else {
    cams.frames.insert(place, std::move(frame));
  }
}

}  // namespace

InferenceController::InferenceController(Document& document, QObject* parent) : QObject(parent), document_(document) {
  connect(&client_, &PredictionClient::stateChanged, this, &InferenceController::changed);
  connect(&client_, &PredictionClient::progressed, this, &InferenceController::progressed);
  connect(&client_, &PredictionClient::answered, this, &InferenceController::load);
  connect(&client_, &PredictionClient::ready, this, [this](qint64 step, const QString& image, const QString& points) {
    is_loading_ = false;
    say(tr("Ready: %1 and %2 at step %3").arg(image, points).arg(step));
    predictLacked();
  });
  connect(&client_, &PredictionClient::cancelled, this, [this] { say(tr("Stopped")); });
  connect(&client_, &PredictionClient::failed, this, [this](const QString& message) {
    // A broken frame in a series is not reported in a dialog.
    const bool is_by_itself = std::exchange(is_by_itself_, false) && client_.state() != PredictionClient::State::Off;
    const bool was_loading = std::exchange(is_loading_, false);
    say(is_by_itself ? message : tr("Failed"));
    if (!is_by_itself)
      Q_EMIT failed(was_loading ? tr("The networks cannot be loaded") : tr("The prediction failed"), message);
  });
  connect(&document, &Document::sceneChanged, this, [this] {
    client_.cancel();
    loader_.drop();
    followFrame();
  });
  connect(&document, &Document::frameChanged, this, &InferenceController::followFrame);
  connect(&document, &Document::tagsChanged, this, &InferenceController::followTags);
}

void InferenceController::openRun(const std::filesystem::path& run) {
  const QString program = findProgram("tagscape");
  if (program.isEmpty()) {
    Q_EMIT failed(tr("The prediction failed"),
                  tr("The program tagscape is neither beside the studio nor in PATH. Install it, or build it with "
                     "TAGSCAPE_WITH_LEARNING=ON."));
    return;
  }
  say(tr("Loading the networks…"));
  is_loading_ = true;
  client_.start(program, QString::fromStdString(run.string()));
}

void InferenceController::setRunAtHand(std::optional<std::filesystem::path> run) {
  if (std::exchange(run_at_hand_, std::move(run)) != run_at_hand_) Q_EMIT changed();
}

/// @return whether networks are there or on their way; requests wait for those.
bool InferenceController::loadNetworks() {
  if (client_.state() == PredictionClient::State::Off && run_at_hand_) openRun(*run_at_hand_);
  return client_.state() != PredictionClient::State::Off;
}

void InferenceController::closeRun() {
  client_.stop();
  say({});
}

void InferenceController::predictScene() {
  if (!document_.scene() || !loadNetworks()) return;
  is_scene_request_ = true;
  is_by_itself_ = is_for_tags_ = resumes_scene_ = false;
  client_.predictScene(QString::fromStdString(document_.scene()->path.string()));
  say(tr("Predicting the scene…"));
}

void InferenceController::predictFrame() {
  if (!document_.frame() || !loadNetworks()) return;
  resumes_scene_ = is_for_tags_ && is_scene_request_ && isBusy();
  is_scene_request_ = false;
  is_by_itself_ = is_for_tags_ = false;
  asked_frame_ = document_.frameIndex();
  client_.predictFrame(QString::fromStdString(document_.scene()->path.string()), document_.frameIndex());
  say(tr("Predicting frame %1…").arg(document_.frame()->number));
}

void InferenceController::cancel() {
  resumes_scene_ = false;
  client_.cancel();
  loader_.drop();
}

void InferenceController::setFollowsFrames(bool follows) {
  follows_frames_ = follows;
  Q_EMIT changed();
  followFrame();
}

void InferenceController::followFrame() {
  const bool is_scene_coming = is_scene_request_ && isBusy();  // This includes all frames.
  if (client_.state() != PredictionClient::State::Ready || is_scene_coming) return;
  const auto& cams = document_.networkCams();
  const bool is_there = cams && document_.frame() && cams->frame(document_.frame()->number);
  const bool is_for_tags = document_.lackedByFrame().any();
  if (!is_for_tags && (is_there || !follows_frames_)) return;
  if (is_for_tags && client_.isBusy() && asked_frame_ == document_.frameIndex()) return;  // This includes all classes.
  predictFrame();
  is_by_itself_ = true;
  is_for_tags_ = is_for_tags;
}

void InferenceController::followTags() {
  const bool lacks = document_.lackedByPoints().any() || document_.lackedByFrame().any();
  if (!lacks && is_for_tags_ && isBusy()) cancel();  // The tags were changed back to those of the prediction.
  if (lacks && !loadNetworks()) return;
  predictLacked();
}

void InferenceController::predictLacked() {
  const bool is_scene_coming = is_scene_request_ && isBusy();
  if (client_.state() != PredictionClient::State::Ready || is_scene_coming) return;
  if (document_.lackedByPoints().none()) return followFrame();
  predictScene();
  is_for_tags_ = true;
}

void InferenceController::load(const QString& file, double seconds) {
  using SharedCams = std::shared_ptr<const SceneCams>;
  loader_.start<SceneCams>(
      [path = file.toStdString()](const Job&) {
        auto cams = readCams(path);
        QFile::remove(QString::fromStdString(path));
        return cams;
      },
      [this, seconds](Result<SceneCams> answer) {
        if (!answer) {
          Q_EMIT failed(tr("The prediction failed"), QString::fromStdString(answer.error().message));
          return;
        }
        if (!document_.scene()) return;
        const SharedCams cams =
            is_scene_request_ ? std::make_shared<const SceneCams>(std::move(*answer)) : merged(std::move(*answer));
        if (const Status shown = document_.setCams(cams); !shown) {
          Q_EMIT failed(tr("The prediction cannot be shown"), QString::fromStdString(shown.error().message));
          return;
        }
        say(is_scene_request_ ? tr("Scene predicted in %1 s").arg(QLocale().toString(seconds, 'f', 1))
                              : tr("Frame predicted in %1 s").arg(QLocale().toString(seconds, 'f', 2)));
        Q_EMIT predicted();
        if (std::exchange(resumes_scene_, false)) predictLacked();
      });
}

std::shared_ptr<const SceneCams> InferenceController::merged(SceneCams answer) const {
  const auto& known = document_.networkCams();
  auto cams = std::make_shared<SceneCams>(known ? *known : blank(*document_.scene()));
  cams->step = answer.step;
  for (FrameCams& frame : answer.frames) {
    frame.is_whole = cams->uses_tags && !answer.uses_tags;
    putFrame(*cams, std::move(frame));
  }
  return cams;
}

void InferenceController::say(const QString& message) {
  message_ = message;
  Q_EMIT changed();
}

}  // namespace tagscape
