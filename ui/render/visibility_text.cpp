#include "ui/render/visibility_text.h"

#include <QCoreApplication>

#include <cmath>

namespace tagscape {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Visibility)
};

}  // namespace

QString visibilityText(Visibility visibility) {
  switch (visibility) {
    case Visibility::Visible:
      return Words::tr("visible");
    case Visibility::Outside:
      return Words::tr("outside the image");
    case Visibility::Behind:
      return Words::tr("behind the camera");
    case Visibility::Occluded:
      return Words::tr("occluded");
    case Visibility::InFront:
      return Words::tr("in front of the surface");
    case Visibility::NoDepth:
      return Words::tr("no depth");
    case Visibility::NoPose:
      return Words::tr("no pose");
  }
  return {};
}

QString visibilityText(const PointVisibility& visibility) {
  const auto distance_cm = [&] {
    return QString::number(std::abs(static_cast<double>(visibility.depth_difference_m)) * 100, 'f', 0);
  };
  if (visibility.reason == Visibility::Occluded) return Words::tr("occluded by %1 cm").arg(distance_cm());
  if (visibility.reason == Visibility::InFront) return Words::tr("in front of the surface by %1 cm").arg(distance_cm());
  return visibilityText(visibility.reason);
}

}  // namespace tagscape
