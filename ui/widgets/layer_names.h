#pragma once

#include "ui/models/document.h"
#include "ui/widgets/point_layers.h"

#include <QCoreApplication>
#include <QString>

namespace tagscape {

/// What a layer is called on screen; `class_name` is that of the chosen class. Without one: for a list of layers.
[[nodiscard]] inline QString layerTitle(PointLayer layer, const QString& class_name = {}) {
  const auto tr = [](const char* text) { return QCoreApplication::translate("Layers", text); };
  const auto of = [&](const QString& title) {
    return class_name.isEmpty() ? title : title + QStringLiteral(" · ") + class_name;
  };
  switch (layer) {
    case PointLayer::Rgb:
      return tr("Colour");
    case PointLayer::Cam:
      return of(tr("3D CAM"));
    case PointLayer::Prediction:
      return tr("Prediction");
    case PointLayer::Truth:
      return tr("Ground truth");
    case PointLayer::LiftedCam:
      return of(tr("Lifted 2D CAM"));
    case PointLayer::Disagreement:
      return of(tr("Disagreement"));
    case PointLayer::Confidence:
      return tr("Confidence");
    case PointLayer::Reason:
      return tr("Occlusion");
    case PointLayer::Error:
      return tr("Error");
    case PointLayer::Segment:
      return tr("Segments");
  }
  return {};
}

}  // namespace tagscape
