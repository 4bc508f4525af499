#pragma once

#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <QColor>
#include <QObject>

namespace tagscape {

/// How classes and values look in all views: which colours, which classes are shown, and which values a heat map spans.
/// Each setter that changes something emits changed(). Owned by the GUI thread.
class DisplayStyle : public QObject {
  Q_OBJECT

 public:
  explicit DisplayStyle(QObject* parent = nullptr);

  [[nodiscard]] ClassPalette palette() const { return palette_; }
  [[nodiscard]] HeatMap heatMap() const { return heat_map_; }
  /// Values at the two ends of the heat map. While it is not locked it is 0 … 1, the range that CAMs are scaled to; it
  /// may be locked to just that, so that layers that else take what they have keep it too.
  [[nodiscard]] HeatRange heatRange() const { return range_; }
  [[nodiscard]] bool isRangeLocked() const { return is_range_locked_; }
  [[nodiscard]] const TagSet& hiddenClasses() const { return hidden_; }
  /// True for kNoClass too: what has no class is not hidden with any.
  [[nodiscard]] bool isShown(std::size_t class_index) const {
    return class_index >= kNumClasses || !hidden_[class_index];
  }
  [[nodiscard]] QColor classColor(int class_index) const;

  void setPalette(ClassPalette palette);
  void setHeatMap(HeatMap map);
  void lockRange(float low, float high);  ///< Cut to 0 … 1 and to a width of at least 0.01.
  void unlockRange();
  void setShown(int class_index, bool shown);
  /// Shows this class alone; once more shows all again.
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
