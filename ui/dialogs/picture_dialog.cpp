#include "ui/dialogs/picture_dialog.h"

#include "ui/dialogs/file_dialogs.h"
#include "ui/render/picture_tiles.h"
#include "ui/view3d/picture_files.h"
#include "ui/view3d/scene_view.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>

namespace tagscape {
namespace {

QSpinBox* spinBox(const char* object_name, const QString& name, int low, int high, int value, QWidget* parent) {
  auto* box = new QSpinBox(parent);
  box->setObjectName(QLatin1String(object_name));
  box->setAccessibleName(name);
  box->setRange(low, high);
  box->setValue(value);
  return box;
}

}  // namespace

PictureDialog::PictureDialog(SceneView& view, QWidget* parent) : QDialog(parent), view_(view) {
  setObjectName("pictureDialog");
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Picture of the 3D view"));
  constexpr int kNarrowest_px = 360;  // Wide enough for the title.
  setMinimumWidth(kNarrowest_px);
  const double ratio = view.devicePixelRatioF();
  width_ =
      spinBox("pictureWidth", tr("Width in pixels"), 16, kLargestPictureSide_px, qRound(view.width() * ratio), this);
  height_ =
      spinBox("pictureHeight", tr("Height in pixels"), 16, kLargestPictureSide_px, qRound(view.height() * ratio), this);
  num_frames_ = spinBox("pictureFrames", tr("Pictures of a full turn"), 2, 10'000, 120, this);
  transparent_ = new QCheckBox(tr("Transparent background"), this);
  transparent_->setObjectName("pictureTransparent");
  save_picture_ = new QPushButton(tr("Save picture…"), this);
  save_picture_->setObjectName("savePicture");
  save_turntable_ = new QPushButton(tr("Save a full turn…"), this);
  save_turntable_->setObjectName("saveTurntable");
  stop_ = new QPushButton(tr("Stop"), this);
  stop_->setObjectName("stopTurntable");
  setBusy(false);
  state_ = new QLabel(this);
  state_->setObjectName("pictureState");
  state_->setWordWrap(true);
  state_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Width"), width_);
  form->addRow(tr("Height"), height_);
  form->addRow(transparent_);
  form->addRow(tr("Pictures of a turn"), num_frames_);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {save_picture_, save_turntable_, stop_}) buttons->addWidget(button);
  form->addRow(buttons);
  form->addRow(state_);
  connect(save_picture_, &QPushButton::clicked, this, [this] {
    const QString file = askForPictureFile(this, tr("Save picture"), "view.png");
    if (!file.isEmpty()) savePictureTo(file);
  });
  connect(save_turntable_, &QPushButton::clicked, this, [this] {
    const QString folder = askForPictureFolder(this, tr("Folder for the pictures"));
    if (!folder.isEmpty()) saveTurntableTo(folder);
  });
  connect(stop_, &QPushButton::clicked, this, [this] { is_stopped_ = true; });
  connect(this, &QDialog::finished, this, [this] { is_stopped_ = true; });
}

void PictureDialog::savePictureTo(const QString& file) {
  setBusy(true);
  const QPointer<PictureDialog> self(this);
  const QSize size(width_->value(), height_->value());
  const auto picture = view_.picture(size, transparent_->isChecked(), [&](int done, int total) {
    if (self) tell(tr("Drawing part %1 of %2").arg(done + 1).arg(total));
    QCoreApplication::processEvents();
    return self && !is_stopped_;
  });
  const Status saved = picture ? savePicture(*picture, file) : Status(fail(picture.error()));
  if (!self) return;
  setBusy(false);
  tell(saved ? tr("Saved %1").arg(file) : QString::fromStdString(saved.error().message));
}

void PictureDialog::saveTurntableTo(const QString& folder) {
  const Turntable turntable{num_frames_->value(), {width_->value(), height_->value()}, transparent_->isChecked()};
  setBusy(true);
  const QPointer<PictureDialog> self(this);
  const Status saved = saveTurntable(view_, turntable, folder, [&](int done) {
    if (self) tell(tr("Picture %1 of %2").arg(done + 1).arg(turntable.num_frames));
    QCoreApplication::processEvents();  // On the GUI thread, which has the window's context.
    return self && !is_stopped_ && view_.window()->isVisible();
  });
  if (!self) return;
  setBusy(false);
  tell(saved ? tr("Saved %1 pictures in %2").arg(turntable.num_frames).arg(folder)
             : QString::fromStdString(saved.error().message));
}

/// Events are processed while pictures are rendered.
void PictureDialog::setBusy(bool is_busy) {
  is_stopped_ = false;
  for (QWidget* control :
       std::initializer_list<QWidget*>{save_picture_, save_turntable_, width_, height_, num_frames_, transparent_})
    control->setEnabled(!is_busy);
  stop_->setEnabled(is_busy);
}

void PictureDialog::tell(const QString& text) {
  state_->setText(text);
  const int needed_px =
      layout()->totalHeightForWidth(width());  // An error message may be longer than the previous text.
  if (needed_px > height()) resize(width(), needed_px);
}

}  // namespace tagscape
