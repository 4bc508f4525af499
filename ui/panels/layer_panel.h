#pragma once

#include "ui/models/document.h"

#include <Eigen/Geometry>
#include <QWidget>

#include <array>
#include <optional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QSlider;

namespace tagscape {

class SceneView;

/// The settings of the 3D view: the layer, a second one blended with it, point size, shading, cameras and clipping.
/// Follows the document and the view's settings, both of which must outlive it.
class LayerPanel : public QWidget {
  Q_OBJECT

 public:
  LayerPanel(Document& document, SceneView& view, QWidget* parent = nullptr);

 private:
  void addLayers(QFormLayout& form);
  void addPoints(QFormLayout& form);
  void addCuts(QFormLayout& form);
  void showDocument();
  void showSettings();
  void cutByBox();
  /// The bounds of the open scene's points; nothing without a scene.
  [[nodiscard]] std::optional<Eigen::AlignedBox3f> sceneBounds() const;

  Document& document_;
  SceneView& view_;
  QComboBox* layer_ = nullptr;
  QComboBox* other_ = nullptr;
  QSlider* blend_ = nullptr;
  QComboBox* size_unit_ = nullptr;
  QSlider* size_px_ = nullptr;
  QCheckBox* eye_dome_ = nullptr;
  QCheckBox* cameras_ = nullptr;
  QCheckBox* box_ = nullptr;
  QCheckBox* plane_ = nullptr;
  std::array<QSlider*, 6> sides_{};  ///< Low x, high x, low y, …; per mille of the scene's extent.
  std::optional<Eigen::AlignedBox3f> bounds_;
};

}  // namespace tagscape
