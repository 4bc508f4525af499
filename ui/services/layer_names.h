#pragma once

#include "ui/models/document.h"
#include "ui/services/point_layers.h"

#include <QCoreApplication>
#include <QString>

namespace tagscape {

/// Names of layers and visibilities in the person's language.
struct LayerWords {
  Q_DECLARE_TR_FUNCTIONS(Layers)
};

/// What a layer is called on screen; `class_name` is that of the chosen class. Without one: for a list of layers.
[[nodiscard]] inline QString layerTitle(PointLayer layer, const QString& class_name = {}) {
  const auto of = [&](const QString& title) {
    return class_name.isEmpty() ? title : title + QStringLiteral(" · ") + class_name;
  };
  switch (layer) {
    case PointLayer::Rgb:
      return LayerWords::tr("Colour");
    case PointLayer::Cam:
      return of(LayerWords::tr("3D CAM"));
    case PointLayer::Prediction:
      return LayerWords::tr("Prediction");
    case PointLayer::Truth:
      return LayerWords::tr("Ground truth");
    case PointLayer::LiftedCam:
      return of(LayerWords::tr("Lifted 2D CAM"));
    case PointLayer::Disagreement:
      return of(LayerWords::tr("Disagreement"));
    case PointLayer::Confidence:
      return LayerWords::tr("Confidence");
    case PointLayer::Reason:
      return LayerWords::tr("Occlusion");
    case PointLayer::Error:
      return LayerWords::tr("Error");
    case PointLayer::Segment:
      return LayerWords::tr("Segments");
  }
  return {};
}

/// What the depth test says of a point, as in legends.
[[nodiscard]] inline QString reasonText(Visibility reason) {
  switch (reason) {
    case Visibility::Visible:
      return LayerWords::tr("visible");
    case Visibility::Outside:
      return LayerWords::tr("outside the image");
    case Visibility::Behind:
      return LayerWords::tr("behind the camera");
    case Visibility::Occluded:
      return LayerWords::tr("occluded");
    case Visibility::InFront:
      return LayerWords::tr("in front of the measured surface");
    case Visibility::NoDepth:
      return LayerWords::tr("no depth");
    case Visibility::NoPose:
      return LayerWords::tr("no pose");
  }
  return {};
}

}  // namespace tagscape
