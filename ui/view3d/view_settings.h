#pragma once

#include "ui/models/document.h"
#include "ui/render/point_style.h"

#include <QObject>

#include <algorithm>
#include <optional>

namespace tagscape {

/// The user's settings of the 3D view, besides those of the document and its DisplayStyle. Each setter that changes
/// something emits changed(). GUI thread.
class ViewSettings : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// The layer blended with the document's; none by default.
  [[nodiscard]] std::optional<PointLayer> otherLayer() const { return other_layer_; }
  [[nodiscard]] float blend() const { return blend_; }
  [[nodiscard]] float pointSize_px() const { return point_size_px_; }  ///< Logical pixels; 0: by size in the world.
  [[nodiscard]] bool isEyeDome() const { return is_eye_dome_; }
  [[nodiscard]] bool showsFrames() const { return shows_frames_; }
  [[nodiscard]] const std::optional<Eigen::AlignedBox3f>& clipBox_m() const { return clip_box_m_; }
  [[nodiscard]] const std::optional<Eigen::Vector4f>& clipPlane() const { return clip_plane_; }

  void setOtherLayer(std::optional<PointLayer> layer) { set(other_layer_, layer); }
  void setBlend(float part) { set(blend_, std::clamp(part, 0.F, 1.F)); }
  void setPointSize_px(float size_px) { set(point_size_px_, std::clamp(size_px, 0.F, 64.F)); }
  void setEyeDome(bool is_on) { set(is_eye_dome_, is_on); }
  void setShowsFrames(bool shows) { set(shows_frames_, shows); }
  /// Only points inside the box are drawn. m, world frame.
  void setClipBox_m(const std::optional<Eigen::AlignedBox3f>& box) {
    const bool same = clip_box_m_.has_value() == box.has_value() &&
                      (!box || (box->min() == clip_box_m_->min() && box->max() == clip_box_m_->max()));
    clip_box_m_ = box;
    if (!same) Q_EMIT changed();
  }
  /// Only points p with n.p + d >= 0 are drawn; (n, d), world frame.
  void setClipPlane(const std::optional<Eigen::Vector4f>& plane) { set(clip_plane_, plane); }

 Q_SIGNALS:
  void changed();

 private:
  template <class T>
  void set(T& member, const T& value) {
    if (member == value) return;
    member = value;
    Q_EMIT changed();
  }

  std::optional<PointLayer> other_layer_;
  float blend_ = 0.5F;
  float point_size_px_ = 0;
  bool is_eye_dome_ = false;
  bool shows_frames_ = true;
  std::optional<Eigen::AlignedBox3f> clip_box_m_;
  std::optional<Eigen::Vector4f> clip_plane_;
};

}  // namespace tagscape
