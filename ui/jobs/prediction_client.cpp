#include "ui/jobs/prediction_client.h"

#include <QFile>
#include <QJsonDocument>

#include <utility>

namespace tagscape {
namespace {

constexpr int kPatience_ms = 2000;  // Time for the process to end when the studio exits.
constexpr qsizetype kLongestMessage = 4000;

}  // namespace

PredictionClient::PredictionClient(QObject* parent) : QObject(parent) {}

PredictionClient::~PredictionClient() { stop(); }

void PredictionClient::start(const QString& program, const QString& run) {
  stop();
  run_ = run;
  if (!answers_.isValid()) {
    Q_EMIT failed(tr("%1: no temporary folder can be made there. Free some space").arg(answers_.path()));
    return;
  }
  process_ = new QProcess(this);
  connect(process_, &QProcess::readyReadStandardOutput, this, &PredictionClient::readAnswers);
  connect(process_, &QProcess::finished, this, &PredictionClient::ended);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) ended();  // finished() is not emitted in this case.
  });
  setState(State::Starting);
  process_->start(program, {"serve", "--run", run, "--out", answers_.path(), "--no-tags", "--quiet"});
}

void PredictionClient::stop() {
  if (!process_) return;
  QProcess* going = std::exchange(process_, nullptr);
  going->disconnect(this);
  going->closeWriteChannel();
  going->terminate();
  if (!going->waitForFinished(kPatience_ms)) {
    going->kill();
    going->waitForFinished(kPatience_ms);
  }
  going->deleteLater();
  pending_.clear();
  run_.clear();
  const bool was_awaited = std::exchange(awaited_, std::nullopt).has_value();
  setState(State::Off);
  if (was_awaited) Q_EMIT cancelled();
}

void PredictionClient::predictScene(const QString& scene) { submit({{"predict", "scene"}, {"scene", scene}}); }

void PredictionClient::predictFrame(const QString& scene, int frame_index) {
  submit({{"predict", "frame"}, {"scene", scene}, {"frame", frame_index}});
}

void PredictionClient::submit(QJsonObject request) {
  if (!process_) return;
  awaited_ = next_id_++;
  request["id"] = *awaited_;
  send(request);
}

void PredictionClient::cancel() {
  if (!awaited_) return;
  awaited_.reset();
  if (process_) send({{"id", next_id_++}, {"cancel", true}});
  Q_EMIT cancelled();
}

void PredictionClient::send(const QJsonObject& request) {
  process_->write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
}

void PredictionClient::readAnswers() {
  pending_ += process_->readAllStandardOutput();
  for (qsizetype end = pending_.indexOf('\n'); end >= 0; end = pending_.indexOf('\n')) {
    const QJsonDocument line = QJsonDocument::fromJson(pending_.left(end));
    pending_.remove(0, end + 1);
    take(line.object());
    if (!process_) return;  // Stopped by cancel(), which has reported it.
  }
}

void PredictionClient::take(const QJsonObject& answer) {
  if (answer.value("ready").toBool()) {
    setState(State::Ready);
    Q_EMIT ready(answer.value("step").toInteger(),
                 answer.value("image_network").toString(),
                 answer.value("point_network").toString());
    return;
  }
  const QString file = answer.value("file").toString();
  if (awaited_ != answer.value("id").toInteger(-1)) {
    if (!file.isEmpty()) QFile::remove(file);  // An answer to a superseded request.
    return;
  }
  if (answer.contains("stage")) {
    Q_EMIT progressed(
        answer.value("stage").toString(), answer.value("done").toInteger(), answer.value("total").toInteger());
    return;
  }
  awaited_.reset();
  if (!file.isEmpty()) {
    Q_EMIT answered(file, answer.value("seconds").toDouble());
  } else if (answer.value("code").toString() == QStringLiteral("cancelled")) {
    Q_EMIT cancelled();
  } else {
    Q_EMIT failed(answer.value("error").toString());
  }
}

void PredictionClient::ended() {
  readAnswers();
  QString said = QString::fromUtf8(process_->readAllStandardError()).trimmed().right(kLongestMessage);
  if (said.startsWith(QStringLiteral("error: "))) said.remove(0, 7);
  if (said.isEmpty()) said = tr("tagscape serve ended unexpectedly (%1).").arg(process_->errorString());
  process_->deleteLater();
  process_ = nullptr;
  pending_.clear();
  awaited_.reset();
  setState(State::Off);
  Q_EMIT failed(said);
}

void PredictionClient::setState(State state) {
  if (std::exchange(state_, state) != state) Q_EMIT stateChanged();
}

}  // namespace tagscape
