#include "ui/panels/start_page.h"

#include "ui/services/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLayoutItem>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace tagscape {

StartPage::StartPage(QWidget* parent) : QWidget(parent), busy_(new QLabel(this)), recent_(new QVBoxLayout) {
  setObjectName("startPage");
  constexpr int kNarrowest_px = 240;
  setMinimumWidth(
      kNarrowest_px);  // Otherwise the 3D view, which is in the same stack, could not be narrower than this page.
  auto* title = new QLabel(tr("Tagscape"), this);
  QFont large = title->font();
  large.setPointSizeF(large.pointSizeF() * 2.4);
  large.setWeight(QFont::DemiBold);
  title->setFont(large);
  auto* text = new QLabel(tr("Turns class tags of indoor RGB-D scans into dense 2D and 3D labels."), this);
  auto* hint = new QLabel(
      tr("Or drop it here: a ScanNet scene or a whole data set, frames, a .sens recording, a mesh or a point cloud."),
      this);
  hint->setObjectName("dropHint");
  hint->setEnabled(false);
  for (QLabel* label : {text, hint}) {
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignHCenter);
  }
  auto* open = new QPushButton(lineIcon(IconShape::Open), tr("Open a folder…"), this);
  open->setObjectName("openScene");
  setFocusProxy(open);
  open->setAccessibleName(tr("Open a scene"));
  open->setDefault(true);
  auto* open_file = new QPushButton(tr("Open a file…"), this);
  open_file->setObjectName("openFile");
  open_file->setAccessibleName(tr("Open a recording, a mesh or a point cloud"));
  sample_ = new QPushButton(this);  // Created last, for the order of Tab.
  sample_->setObjectName("makeSample");
  sample_->setToolTip(tr("Makes three furnished rooms with known labels, and opens the first"));
  busy_->setObjectName("sampleBusy");
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(12);
  for (QPushButton* button : {open, open_file, sample_}) {
    button->setMinimumSize(170, 38);
    buttons->addWidget(button);
  }
  auto* layout = new QVBoxLayout(this);
  layout->addStretch(2);
  layout->addWidget(title, 0, Qt::AlignHCenter);
  layout->addWidget(text);
  layout->addSpacing(22);
  auto* centred = new QHBoxLayout;
  centred->addStretch();
  centred->addLayout(buttons);
  centred->addStretch();
  layout->addLayout(centred);
  layout->addSpacing(14);
  layout->addWidget(hint);
  layout->addWidget(busy_, 0, Qt::AlignHCenter);
  layout->addSpacing(10);
  layout->addLayout(recent_);
  layout->addStretch(3);
  connect(open, &QPushButton::clicked, this, &StartPage::openAsked);
  connect(open_file, &QPushButton::clicked, this, &StartPage::openFileAsked);
  connect(sample_, &QPushButton::clicked, this, [this] { is_busy_ ? Q_EMIT sampleStopAsked() : Q_EMIT sampleAsked(); });
  setSampleIdle();
}

void StartPage::setRecent(const QStringList& paths) {
  constexpr int kMax = 5;
  while (QLayoutItem* item = recent_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  QWidget* before = sample_;
  for (const QString& path : paths.mid(0, kMax)) {
    auto* button = new QPushButton(path, this);
    button->setObjectName("recentScene");
    button->setAccessibleName(tr("Open %1 again").arg(path));
    button->setFlat(true);
    button->setAutoDefault(true);  // Return opens it, as for the other buttons.
    connect(button, &QPushButton::clicked, this, [this, path] { Q_EMIT recentAsked(path); });
    recent_->addWidget(button, 0, Qt::AlignHCenter);
    setTabOrder(std::exchange(before, button), button);
  }
}

void StartPage::setSampleProgress(int num_scenes_done, int num_scenes) {
  is_busy_ = true;
  sample_->setText(tr("Stop"));
  sample_->setAccessibleName(tr("Stop making sample scenes"));
  busy_->setText(tr("Making sample scenes… %1 of %2").arg(num_scenes_done).arg(num_scenes));
}

void StartPage::setSampleIdle() {
  is_busy_ = false;
  sample_->setText(tr("Make sample scenes"));
  sample_->setAccessibleName(tr("Make sample scenes"));
  busy_->clear();
}

}  // namespace tagscape
