#pragma once

#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <QColor>
#include <QObject>

namespace tagscape {

/// The display style shared by all views: colours, visible classes, and the range of the heat map. Each setter that
/// changes something emits changed(). GUI thread.
class DisplayStyle : public QObject {
  Q_OBJECT

 public:
  explicit DisplayStyle(QObject* parent = nullptr);

  [[nodiscard]] ClassPalette palette() const { return palette_; }
  [[nodiscard]] HeatMap heatMap() const { return heat_map_; }
  /// The values at the ends of the heat map: 0 … 1, the range of CAMs, unless locked. Layers that would adapt to their
  /// own range keep a locked one, even 0 … 1.
  [[nodiscard]] HeatRange heatRange() const { return range_; }
  [[nodiscard]] bool isRangeLocked() const { return is_range_locked_; }
  [[nodiscard]] const TagSet& hiddenClasses() const { return hidden_; }
  /// Also true for kNoClass: unlabelled points are never hidden.
  [[nodiscard]] bool isShown(std::size_t class_index) const {
    return class_index >= kNumClasses || !hidden_[class_index];
  }
  [[nodiscard]] QColor classColor(int class_index) const;

  void setPalette(ClassPalette palette);
  void setHeatMap(HeatMap map);
  void lockRange(float low, float high);  ///< Clamped to 0 … 1, with a width of at least 0.01.
  void unlockRange();
  void setShown(int class_index, bool shown);
  /// Shows only this class; called again, all classes.
  void solo(int class_index);
  void showAll();

 Q_SIGNALS:
  void changed();

 private:
  void setHidden(const TagSet& hidden);
  void setRange(const HeatRange& range, bool is_locked);

  ClassPalette palette_ = ClassPalette::ScanNet;
  HeatMap heat_map_ = HeatMap::Viridis;
  HeatRange range_;
  bool is_range_locked_ = false;
  TagSet hidden_;
};

}  // namespace tagscape
