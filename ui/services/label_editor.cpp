#include "ui/services/label_editor.h"

#include <algorithm>
#include <utility>

namespace tagscape {
namespace {

constexpr int kRetry_ms = 2000;

}  // namespace

LabelEditor::LabelEditor(Document& document, QObject* parent) : QObject(parent), document_(document) {
  retry_.setInterval(kRetry_ms);
  connect(&retry_, &QTimer::timeout, this, &LabelEditor::write);
  connect(&document, &Document::sceneChanged, this, &LabelEditor::attachScene);
  connect(&document, &Document::tagsChanged, this, &LabelEditor::followTags);
  connect(&document, &Document::classChanged, this, [this](int class_index) {
    if (!project_) return;
    const std::uint8_t label = classesOfCatalog(project_->classes())[static_cast<std::size_t>(class_index)];
    if (label != kNoClass) chooseClass(label);
  });
}

LabelEditor::~LabelEditor() {
  if (stroke_) endStroke();
  write();
}

void LabelEditor::setSettings(const LabelSettings& settings) {
  settings_ = settings;
  Q_EMIT settingsChanged();
}

void LabelEditor::chooseClass(std::uint8_t label) {
  if (!project_ || label >= project_->classes().size() || settings_.label == label) return;
  LabelSettings changed = settings_;
  changed.label = label;
  changed.instance = 0;
  setSettings(changed);
  const std::uint8_t shown = catalogClassesOf(project_->classes())[label];
  if (shown != kNoClass) document_.setClassIndex(shown);
}

bool LabelEditor::chooseKey(const QString& key) {
  if (!project_) return false;
  const auto& classes = project_->classes().classes;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (QString::fromStdString(classes[i].key).compare(key, Qt::CaseInsensitive) != 0) continue;
    chooseClass(static_cast<std::uint8_t>(i));
    return true;
  }
  return false;
}

void LabelEditor::newInstance() {
  if (!layer_) return;
  LabelSettings changed = settings_;
  changed.instance = static_cast<std::uint16_t>(std::max(layer_->maxInstance(), settings_.instance) + 1);
  setSettings(changed);
}

LabelBrush LabelEditor::brush() const {
  constexpr std::uint8_t kSure = 255;
  return {{settings_.label, kSure, settings_.instance, 0}, settings_.only_unlabelled, settings_.protected_classes};
}

std::vector<std::uint32_t> LabelEditor::superpointOf(std::uint32_t point) const {
  if (!geometry_ || geometry_->levels.empty()) return {};
  const SuperpointLevel& level = geometry_->levels[std::min(settings_.level, geometry_->levels.size() - 1)];
  const auto points = level.points(level.of(point));
  return {points.begin(), points.end()};
}

std::optional<std::uint32_t> LabelEditor::nextUnlabelled() {
  if (!layer_ || layer_->numLabelled() == layer_->size()) return std::nullopt;
  const auto labels = layer_->labels();
  const auto begin =
      labels.begin() + std::min<std::ptrdiff_t>(last_unlabelled_ + 1, static_cast<std::ptrdiff_t>(labels.size()));
  // Whole superpoints are passed over, so that each step shows another place.
  const auto is_new = [&](std::uint32_t point) {
    if (!geometry_ || geometry_->levels.empty() || last_unlabelled_ >= labels.size()) return true;
    const SuperpointLevel& level = geometry_->levels[std::min(settings_.level, geometry_->levels.size() - 1)];
    return level.of(point) != level.of(last_unlabelled_);
  };
  const auto find = [&](auto from, auto to) {
    for (; from != to; ++from) {
      if (*from == kNoClass && is_new(static_cast<std::uint32_t>(from - labels.begin()))) return from;
    }
    return to;
  };
  auto found = find(begin, labels.end());
  if (found == labels.end()) found = std::find(labels.begin(), labels.end(), kNoClass);
  last_unlabelled_ = static_cast<std::uint32_t>(found - labels.begin());
  return last_unlabelled_;
}

void LabelEditor::announce(const std::vector<std::uint32_t>& points) {
  document_.labels().announce(points);
  Q_EMIT labelsChanged();
}

}  // namespace tagscape
