#pragma once

#include "core/annotate/class_set.h"
#include "core/annotate/label_layer.h"
#include "core/scene/palette.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace tagscape {

/// The labels of the open scene while they are edited, as views show them. Who edits them sets them here; views follow
/// the signals. Owned by the GUI thread.
class ShownLabels : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// Of the points of the open scene; null while there are none.
  [[nodiscard]] const LabelLayer* layer() const { return layer_.get(); }
  [[nodiscard]] const ClassSet& classes() const { return classes_; }
  /// The colour of each class. With the palette that stays apart, classes of ScanNet have its colours.
  [[nodiscard]] std::vector<Color8> colors(ClassPalette palette) const;
  /// "chair", or "–" for none.
  [[nodiscard]] QString nameOf(std::uint8_t label) const;
  /// Whether a label is a person's.
  [[nodiscard]] bool isPersons(const LabelValue& value) const {
    return value.source < is_person_.size() && is_person_[value.source];
  }
  /// A copy of the classes of all points for other threads, made anew only after a change; null without a layer.
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> copy() const;

  void set(std::shared_ptr<const LabelLayer> layer, ClassSet classes);
  /// [sources of the project] whether they are a person's.
  void setPersonSources(std::vector<bool> is_person) { is_person_ = std::move(is_person); }
  /// The labels of these points of layer() are others now.
  void announce(const std::vector<std::uint32_t>& points);

 Q_SIGNALS:
  void replaced();  ///< Another layer, none, or other classes.
  void changed(const std::vector<std::uint32_t>& points);

 private:
  std::shared_ptr<const LabelLayer> layer_;
  ClassSet classes_;
  std::vector<bool> is_person_;
  mutable std::shared_ptr<const std::vector<std::uint8_t>> copy_;
};

}  // namespace tagscape
