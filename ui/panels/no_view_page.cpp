#include "ui/panels/no_view_page.h"

#include <QLabel>
#include <QVBoxLayout>

namespace tagscape {

NoViewPage::NoViewPage(QWidget* parent) : QWidget(parent), reason_(new QLabel(this)) {
  setObjectName("noViewPage");
  auto* title = new QLabel(tr("The 3D view cannot draw"), this);
  QFont large = title->font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setWeight(QFont::DemiBold);
  title->setFont(large);
  reason_->setObjectName("noViewReason");
  auto* rest = new QLabel(tr("Images, tags, training and predictions work without it."), this);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 24);
  layout->setSpacing(12);
  layout->addStretch(2);
  for (QLabel* label : {title, reason_, rest}) {
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(
        Qt::TextSelectableByMouse);  // With keyboard selection the arrow keys would not select frames.
    layout->addWidget(label);
  }
  layout->addStretch(3);
}

void NoViewPage::setReason(const QString& reason) {
  reason_->setText(reason);
  reason_->setAccessibleName(reason);
}

}  // namespace tagscape
