#pragma once

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace tagscape {

class SceneView;

/// Saves a picture of the 3D view at a chosen size, or the pictures of a full turn for a video. Deletes itself when
/// closed.
class PictureDialog : public QDialog {
  Q_OBJECT

 public:
  explicit PictureDialog(SceneView& view, QWidget* parent = nullptr);

  /// What the two buttons do once a path was chosen.
  void savePictureTo(const QString& file);
  void saveTurntableTo(const QString& folder);

 private:
  void setBusy(bool is_busy);
  void tell(const QString& text);

  SceneView& view_;
  QSpinBox* width_ = nullptr;
  QSpinBox* height_ = nullptr;
  QSpinBox* num_frames_ = nullptr;
  QCheckBox* transparent_ = nullptr;
  QPushButton* save_picture_ = nullptr;
  QPushButton* save_turntable_ = nullptr;
  QPushButton* stop_ = nullptr;
  QLabel* state_ = nullptr;
  bool is_stopped_ = false;
};

}  // namespace tagscape
