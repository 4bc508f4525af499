// The edits of LabelEditor: painting, strokes, the history, and writing what the place refused at first.

#include "core/annotate/grow_labels.h"
#include "core/annotate/prelabel.h"
#include "ui/services/label_editor.h"

#include <QLocale>

#include <algorithm>
#include <numeric>
#include <utility>

namespace tagscape {
namespace {

constexpr std::size_t kMaxHistory = 500;   // In the list; the file keeps all.
constexpr double kLongestPause_s = 60;     // More is no work.
constexpr std::size_t kManyLabels = 1000;  // Fewer are never asked about.

/// By elements, ascending; a later value of the same element counts.
LabelDelta sorted(LabelDelta delta) {
  std::vector<std::size_t> order(delta.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return delta.elements[a] < delta.elements[b]; });
  LabelDelta result;
  for (const std::size_t i : order) {
    if (!result.elements.empty() && result.elements.back() == delta.elements[i]) {
      result.after.back() = delta.after[i];
      continue;
    }
    result.elements.push_back(delta.elements[i]);
    result.before.push_back(delta.before[i]);
    result.after.push_back(delta.after[i]);
  }
  return result;
}

}  // namespace

double LabelEditor::secondsOfWork() {
  constexpr double kMs = 1e-3;
  const double seconds = since_edit_.isValid() ? static_cast<double>(since_edit_.elapsed()) * kMs : 0;
  since_edit_.start();
  return std::min(seconds, kLongestPause_s);
}

std::uint16_t LabelEditor::sourceOf(const QString& tool) {
  const auto found = source_rows_.find(tool);
  if (found != source_rows_.end()) return found->second;
  const auto row = project_->sourceRow({LabelOrigin::Edit, tool.toStdString(), -1, {}, project_->author()});
  if (!row) return 0;
  document_.labels().setPersonSources(personSources(*project_));
  return source_rows_.emplace(tool, *row).first->second;
}

QString LabelEditor::describe(const LabelDelta& delta) const {
  if (delta.isEmpty()) return {};
  return tr("%1, %2 points")
      .arg(delta.after.front().label == kNoClass ? tr("erased") : document_.labels().nameOf(delta.after.front().label),
           QLocale().toString(static_cast<qulonglong>(delta.size())));
}

bool LabelEditor::mayCommit(const LabelDelta& delta) {
  const auto is_lost = [](const LabelValue& value) { return value.label == kNoClass; };
  const auto num_lost = static_cast<std::size_t>(std::count_if(delta.after.begin(), delta.after.end(), is_lost));
  const std::size_t num_labelled = layer_->numLabelled();
  if (!confirm_ || num_lost < kManyLabels || 2 * num_lost < num_labelled) return true;
  return confirm_(tr("This removes %1 of %2 labels. Go on?")
                      .arg(QLocale().toString(static_cast<qulonglong>(num_lost)),
                           QLocale().toString(static_cast<qulonglong>(num_labelled))));
}

bool LabelEditor::commitDelta(LabelDelta delta, const QString& tool, bool is_machine, const QString& text) {
  if (!canEdit() || delta.isEmpty() || !mayCommit(delta)) return false;
  if (const Status added = ensureScene(); !added) {
    Q_EMIT failed(tr("The edit could not be kept"), QString::fromStdString(added.error().message));
    return false;
  }
  layer_->apply(delta);
  announce(delta.elements);
  ProjectEdit edit;
  edit.scene = scene_->id;
  edit.tool = tool.toStdString();
  edit.text = (text.isEmpty() ? describe(delta) : text).toStdString();
  edit.seconds = secondsOfWork();
  edit.is_machine = is_machine;
  edit.layers.push_back({of_layer_->id, std::move(delta)});
  commitEdit(std::move(edit));
  return true;
}

void LabelEditor::commitEdit(ProjectEdit edit) {
  pending_.push_back(std::move(edit));
  write();
  Q_EMIT historyChanged();
}

void LabelEditor::write() {
  while (project_ && !pending_.empty()) {
    const auto committed = project_->commit(pending_.front());
    if (!committed) {
      retry_.start();
      if (!std::exchange(is_storage_failing_, true))
        Q_EMIT storageFailed(QString::fromStdString(committed.error().message));
      return;
    }
    pending_.pop_front();
  }
  retry_.stop();
  if (std::exchange(is_storage_failing_, false)) {
    Q_EMIT storageRecovered();
    Q_EMIT historyChanged();
  }
}

void LabelEditor::paint(const std::vector<std::uint32_t>& points, const QString& tool) {
  if (!canEdit()) return;
  LabelBrush brush = this->brush();
  brush.value.source = sourceOf(tool);
  commitDelta(tagscape::paint(*layer_, points, brush), tool);
}

void LabelEditor::erase(const std::vector<std::uint32_t>& points, const QString& tool) {
  if (!canEdit()) return;
  commitDelta(tagscape::paint(*layer_, points, {{}, false, settings_.protected_classes}), tool);
}

void LabelEditor::beginStroke(bool erases, const QString& tool) {
  if (!canEdit()) return;
  stroke_ = Stroke{erases, tool, {}};
}

void LabelEditor::addToStroke(const std::vector<std::uint32_t>& points) {
  if (!stroke_ || !canEdit() || points.empty()) return;
  LabelBrush brush = stroke_->erases ? LabelBrush{{}, false, settings_.protected_classes} : this->brush();
  if (!stroke_->erases) brush.value.source = sourceOf(stroke_->tool);
  const LabelDelta delta = tagscape::paint(*layer_, points, brush);
  if (delta.isEmpty()) return;
  layer_->apply(delta);
  LabelDelta& all = stroke_->delta;
  all.elements.insert(all.elements.end(), delta.elements.begin(), delta.elements.end());
  all.before.insert(all.before.end(), delta.before.begin(), delta.before.end());
  all.after.insert(all.after.end(), delta.after.begin(), delta.after.end());
  announce(delta.elements);
}

void LabelEditor::endStroke() {
  if (!stroke_) return;
  Stroke stroke = std::move(*std::exchange(stroke_, std::nullopt));
  LabelDelta delta = sorted(std::move(stroke.delta));
  if (delta.isEmpty()) return;
  layer_->revert(delta);  // commitDelta() asks by what there was before it.
  const std::vector<std::uint32_t> points = delta.elements;
  if (!commitDelta(std::move(delta), stroke.tool)) announce(points);
}

void LabelEditor::cancelStroke() {
  if (!stroke_) return;
  const LabelDelta delta = sorted(std::move(std::exchange(stroke_, std::nullopt)->delta));
  layer_->revert(delta);
  announce(delta.elements);
}

void LabelEditor::fillFrom(std::uint32_t point) {
  if (!canEdit() || !geometry_ || point >= layer_->size()) return;
  const LabelValue from = layer_->at(point);
  const auto is_alike = [&](std::uint32_t other) {
    return layer_->labels()[other] == from.label && layer_->instances()[other] == from.instance;
  };
  paint(geometry_->neighbours->connected(point, is_alike, layer_->size()), QStringLiteral("fill"));
}

void LabelEditor::replaceClass(std::uint8_t from) {
  if (!canEdit()) return;
  LabelBrush brush = this->brush();
  brush.value.source = sourceOf(QStringLiteral("replace"));
  commitDelta(tagscape::replaceClass(*layer_, from, std::nullopt, brush), QStringLiteral("replace"));
}

void LabelEditor::growClass() {
  if (!canEdit() || !geometry_) return;
  LabelBrush brush = this->brush();
  brush.value.source = sourceOf(QStringLiteral("grow"));
  const auto& positions = geometry_->scene->points().positions_m;
  const auto seeds = elementsOf(*layer_, settings_.label);
  commitDelta(growLabels(*layer_, seeds, *geometry_->neighbours, positions, brush), QStringLiteral("grow"));
}

void LabelEditor::shrinkClass() {
  if (!canEdit() || !geometry_) return;
  const auto& positions = geometry_->scene->points().positions_m;
  const auto seeds = elementsOf(*layer_, settings_.label);
  commitDelta(shrinkLabels(*layer_, seeds, *geometry_->neighbours, positions),
              QStringLiteral("shrink"),
              false,
              tr("rim of %1").arg(document_.labels().nameOf(settings_.label)));
}

void LabelEditor::numberInstances() {
  if (!canEdit() || !geometry_) return;
  const std::uint16_t source = sourceOf(QStringLiteral("objects"));
  commitDelta(instancesOf(*layer_,
                          settings_.label,
                          static_cast<std::uint16_t>(layer_->maxInstance() + 1),
                          source,
                          *geometry_->neighbours),
              QStringLiteral("objects"),
              false,
              tr("objects of %1").arg(document_.labels().nameOf(settings_.label)));
}

void LabelEditor::accept(const std::vector<std::uint32_t>& points) {
  if (!canEdit()) return;
  const std::uint16_t source = sourceOf(QStringLiteral("accept"));
  LabelDelta delta;
  for (const std::uint32_t point : points) {
    const LabelValue before = layer_->at(point);
    if (before.label == kNoClass || document_.labels().isPersons(before)) continue;
    LabelValue after = before;
    after.source = source;
    delta.elements.push_back(point);
    delta.before.push_back(before);
    delta.after.push_back(after);
  }
  commitDelta(sorted(std::move(delta)), QStringLiteral("accept"));
}

void LabelEditor::takePrediction(const ProposalOptions& options) {
  if (!canEdit() || !document_.cams()) return;
  if (const Status added = ensureScene(); !added)
    return Q_EMIT failed(tr("The prediction could not be taken"), QString::fromStdString(added.error().message));
  const auto offered = labelsOfPrediction(*document_.cams());
  auto edit = prelabel(*project_, *of_layer_, *layer_, offered, "prediction", document_.cams()->origin, options);
  if (!edit)
    return Q_EMIT failed(tr("The prediction could not be taken"), QString::fromStdString(edit.error().message));
  document_.labels().setPersonSources(personSources(*project_));
  commitDelta(
      std::move(edit->layers.front().delta), QStringLiteral("prediction"), true, QString::fromStdString(edit->text));
}

bool LabelEditor::canUndo() const { return project_ && (!pending_.empty() || project_->canUndo()); }

bool LabelEditor::canRedo() const { return project_ && pending_.empty() && project_->canRedo(); }

void LabelEditor::applied(const ProjectEdit& edit, bool is_undo) {
  std::vector<std::uint32_t> points;
  for (const LayerChange& change : edit.layers) {
    if (!layer_ || !of_layer_ || change.layer != of_layer_->id) continue;
    is_undo ? layer_->revert(change.delta) : layer_->apply(change.delta);
    points.insert(points.end(), change.delta.elements.begin(), change.delta.elements.end());
  }
  if (!points.empty()) announce(points);
  if (!edit.tags.empty()) showTags();
  Q_EMIT historyChanged();
}

void LabelEditor::step(bool is_undo) {
  if (!project_ || isReadOnly()) return;
  if (stroke_) endStroke();
  if (!pending_.empty()) {  // It is not in the file yet.
    if (!is_undo) return;
    const ProjectEdit edit = std::move(pending_.back());
    pending_.pop_back();
    return applied(edit, true);
  }
  const auto done = is_undo ? project_->undo() : project_->redo();
  if (!done) {
    return Q_EMIT failed(is_undo ? tr("The edit could not be undone") : tr("The edit could not be redone"),
                         QString::fromStdString(done.error().message));
  }
  if (*done) applied((*done)->edit, is_undo);
}

void LabelEditor::undo() { step(true); }

void LabelEditor::redo() { step(false); }

void LabelEditor::goTo(EditId edit) {
  const auto newest = [this]() -> EditId {
    for (const EditRecord& record : project_->history(kMaxHistory)) {
      if (record.state == EditState::Done) return record.id;
    }
    return 0;
  };
  if (!project_ || isReadOnly() || !pending_.empty()) return;
  EditId now = newest();
  for (EditId before = -1; now != edit && now != before;) {
    before = now;
    step(now > edit);
    now = newest();
    if ((before > edit) != (now > edit)) break;
  }
}

std::vector<EditRecord> LabelEditor::history() const {
  return project_ ? project_->history(kMaxHistory) : std::vector<EditRecord>();
}

}  // namespace tagscape
