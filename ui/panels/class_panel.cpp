#include "ui/panels/class_panel.h"

#include "ui/services/inference_controller.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace tagscape {
namespace {

/// Taller rows are easier to read and to click.
class RoomyRows : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 8);
  }
};

QToolButton* textButton(const QString& object_name, const QString& text, const QString& help, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setObjectName(object_name);
  button->setText(text);
  button->setAccessibleName(text);
  button->setToolTip(help);
  return button;
}

QDoubleSpinBox* valueBox(const QString& object_name, const QString& accessible_name, QWidget* parent) {
  auto* box = new QDoubleSpinBox(parent);
  box->setObjectName(object_name);
  box->setAccessibleName(accessible_name);
  box->setToolTip(accessible_name);
  box->setRange(0, 1);
  box->setSingleStep(.05);
  box->setDecimals(2);
  return box;
}

QString namesOf(const TagSet& classes) {
  QStringList names;
  for (std::size_t i = 0; i < kNumClasses; ++i) {
    if (classes.test(i)) names += QString::fromStdString(std::string(classCatalog()[i].name));
  }
  return names.join(QStringLiteral(", "));
}

}  // namespace

ClassPanel::ClassPanel(Document& document, InferenceController& inference, QWidget* parent)
    : QWidget(parent),
      document_(document),
      inference_(inference),
      model_(document),
      table_(new QTreeView(this)),
      tags_note_(new QLabel(this)),
      act_(textButton("predictLacked", QString(), QString(), this)),
      reset_tags_(textButton("resetTags", tr("Reset"), tr("Restore the tags of the scan"), this)),
      solo_(textButton("soloClass", tr("Solo"), tr("Show only the chosen class; again: show all"), this)),
      show_all_(textButton("showAllClasses", tr("Show all"), tr("Show every class again"), this)),
      palette_(new QComboBox(this)),
      heat_map_(new QComboBox(this)),
      lock_(
          textButton("lockRange", tr("Lock"), tr("Spread the heat map over this range of values, in all views"), this)),
      low_(valueBox("heatLow", tr("Value of the heat map's first colour"), this)),
      high_(valueBox("heatHigh", tr("Value of the heat map's last colour"), this)) {
  setObjectName("classPanel");
  makeTable();
  tags_note_->setObjectName("tagsNote");
  tags_note_->setWordWrap(true);
  auto* tags_row = new QHBoxLayout;
  tags_row->addStretch();
  tags_row->addWidget(act_);
  tags_row->addWidget(reset_tags_);
  auto* tags_part = new QVBoxLayout;
  tags_part->setContentsMargins(6, 2, 6, 2);
  tags_part->addWidget(tags_note_);
  tags_part->addLayout(tags_row);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(table_, 1);
  layout->addLayout(tags_part);
  layout->addLayout(visibilityRow());
  layout->addLayout(colorRow());
  layout->addLayout(rangeRow());
  connectAll();
  showColumns();
  showChosen();
  showDisplayStyle();
  showTags();
}

void ClassPanel::connectAll() {
  connect(reset_tags_, &QToolButton::clicked, &document_, &Document::resetTags);
  connect(&document_, &Document::classChanged, this, &ClassPanel::showChosen);
  connect(&document_, &Document::camsChanged, this, &ClassPanel::showColumns);
  connect(&document_, &Document::sceneChanged, this, &ClassPanel::showColumns);
  connect(&document_, &Document::tagsChanged, this, &ClassPanel::showTags);
  connect(&document_, &Document::camsChanged, this, &ClassPanel::showTags);
  connect(&document_, &Document::sceneChanged, this, &ClassPanel::showTags);
  connect(&document_.displayStyle(), &DisplayStyle::changed, this, &ClassPanel::showDisplayStyle);
  connect(act_, &QToolButton::clicked, this, &ClassPanel::act);
  connect(&document_, &Document::frameChanged, this, &ClassPanel::showTags);
  connect(&inference_, &InferenceController::changed, this, [this] {
    if (!inference_.isBusy()) percent_ = -1;
    showTags();
  });
  connect(&inference_, &InferenceController::predicted, this, &ClassPanel::showTags);
  connect(&inference_, &InferenceController::progressed, this, [this](const QString&, qint64 done, qint64 total) {
    percent_ = total > 0 ? static_cast<int>(100 * done / total) : -1;
    showTags();
  });
}

void ClassPanel::makeTable() {
  table_->setObjectName("classTable");
  table_->setAccessibleName(tr("Classes"));
  table_->setModel(&model_);
  table_->setRootIsDecorated(false);
  table_->setUniformRowHeights(true);
  table_->setAllColumnsShowFocus(true);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setIconSize({13, 13});
  table_->setItemDelegate(new RoomyRows(table_));
  table_->header()->setMinimumSectionSize(30);
  table_->header()->setStretchLastSection(false);
  table_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->header()->setSectionResizeMode(ClassModel::Name, QHeaderView::Stretch);
  table_->setColumnHidden(ClassModel::NumPoints, true);
  table_->header()->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(table_->header(), &QWidget::customContextMenuRequested, this, &ClassPanel::chooseColumns);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
    if (current.isValid()) document_.setClassIndex(current.row());
  });
}

QLayout* ClassPanel::visibilityRow() {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 0, 6, 0);
  row->addWidget(solo_);
  row->addWidget(show_all_);
  row->addStretch();
  connect(solo_, &QToolButton::clicked, this, [this] { document_.displayStyle().solo(document_.classIndex()); });
  connect(show_all_, &QToolButton::clicked, &document_.displayStyle(), &DisplayStyle::showAll);
  return row;
}

QLayout* ClassPanel::colorRow() {
  palette_->setObjectName("paletteChoice");
  palette_->setAccessibleName(tr("Colours of the classes"));
  palette_->setToolTip(tr("Colours of the classes on screen; files always have ScanNet's"));
  palette_->addItem(tr("ScanNet's colours"), static_cast<int>(ClassPalette::ScanNet));
  palette_->addItem(tr("Distinct, also when colour-blind"), static_cast<int>(ClassPalette::Distinct));
  palette_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  connect(palette_, &QComboBox::currentIndexChanged, this, [this] {
    document_.displayStyle().setPalette(static_cast<ClassPalette>(palette_->currentData().toInt()));
  });
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 0, 6, 0);
  row->addWidget(palette_, 1);
  return row;
}

QLayout* ClassPanel::rangeRow() {
  heat_map_->setObjectName("heatMapChoice");
  heat_map_->setAccessibleName(tr("Heat map"));
  heat_map_->setToolTip(tr("Colours of CAM values and depth"));
  for (const auto& [name, map] : {std::pair("Viridis", HeatMap::Viridis),
                                  std::pair("Cividis", HeatMap::Cividis),
                                  std::pair("Inferno", HeatMap::Inferno),
                                  std::pair("Turbo", HeatMap::Turbo)}) {
    heat_map_->addItem(QString::fromLatin1(name), static_cast<int>(map));
  }
  connect(heat_map_, &QComboBox::currentIndexChanged, this, [this] {
    document_.displayStyle().setHeatMap(static_cast<HeatMap>(heat_map_->currentData().toInt()));
  });
  lock_->setCheckable(true);
  const auto lock = [this] {
    if (lock_->isChecked()) {
      document_.displayStyle().lockRange(static_cast<float>(low_->value()), static_cast<float>(high_->value()));
    } else {
      document_.displayStyle().unlockRange();
    }
  };
  connect(lock_, &QToolButton::toggled, this, [this, lock] {
    for (QDoubleSpinBox* box : {low_, high_}) box->setEnabled(lock_->isChecked());
    lock();
  });
  for (QDoubleSpinBox* box : {low_, high_}) {
    box->setEnabled(false);
    connect(box, &QDoubleSpinBox::valueChanged, this, lock);
  }
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 0, 6, 6);
  row->addWidget(heat_map_, 1);
  row->addWidget(lock_);
  row->addWidget(low_);
  row->addWidget(high_);
  return row;
}

void ClassPanel::chooseColumns(const QPoint& place) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int column = ClassModel::SceneTag; column < ClassModel::NumColumns; ++column) {
    QAction* action = menu->addAction(model_.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    action->setCheckable(true);
    action->setChecked(!table_->isColumnHidden(column));
    connect(action, &QAction::toggled, table_, [this, column](bool shown) {
      table_->setColumnHidden(column, !shown);
      keepNamesReadable();
    });
  }
  menu->popup(table_->header()->mapToGlobal(place));
}

void ClassPanel::showColumns() {
  table_->setColumnHidden(ClassModel::PredictedFraction, document_.cams() == nullptr);
  table_->setColumnHidden(ClassModel::Iou,
                          !document_.cams() || !document_.scene() || document_.scene()->point_labels.empty());
  keepNamesReadable();
}

/// The names must stay readable with any number of columns in any language.
void ClassPanel::keepNamesReadable() {
  constexpr int kAirInColumn_px = 12;
  int width = table_->iconSize().width() + table_->fontMetrics().horizontalAdvance("bookshelf") + 2 * kAirInColumn_px +
              style()->pixelMetric(QStyle::PM_ScrollBarExtent);
  for (int column = ClassModel::Name + 1; column < ClassModel::NumColumns; ++column) {
    const QString title = model_.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    if (!table_->isColumnHidden(column)) width += table_->fontMetrics().horizontalAdvance(title) + kAirInColumn_px;
  }
  table_->setMinimumWidth(width);
}

void ClassPanel::showChosen() {
  const QModelIndex chosen = model_.index(document_.classIndex(), 0);
  if (table_->currentIndex().row() != chosen.row()) table_->setCurrentIndex(chosen);
}

void ClassPanel::showDisplayStyle() {
  const DisplayStyle& look = document_.displayStyle();
  palette_->setCurrentIndex(palette_->findData(static_cast<int>(look.palette())));
  heat_map_->setCurrentIndex(heat_map_->findData(static_cast<int>(look.heatMap())));
  show_all_->setEnabled(look.hiddenClasses().any());
  const HeatRange range = look.heatRange();
  // The 3D view can lock it too. A lock on the whole range, which is what an open one has, is this panel's own.
  const HeatRange shown{static_cast<float>(low_->value()), static_cast<float>(high_->value())};
  if (look.isRangeLocked() || shown != HeatRange()) {
    const QSignalBlocker quiet_lock(lock_);
    lock_->setChecked(look.isRangeLocked());
    for (QDoubleSpinBox* box : {low_, high_}) box->setEnabled(look.isRangeLocked());
  }
  const QSignalBlocker quiet_low(low_), quiet_high(high_);
  low_->setValue(static_cast<double>(range.low));
  high_->setValue(static_cast<double>(range.high));
}

void ClassPanel::showTags() {
  const bool is_what_if = document_.hasChangedTags();
  reset_tags_->setVisible(is_what_if);
  tags_note_->setVisible(is_what_if);
  act_->setVisible(false);
  if (!is_what_if) return;
  const TagSet lacked = document_.lackedByPoints() | document_.lackedByFrame();
  if (lacked.any()) return showLacked(lacked);
  const TagSet in_vain = document_.addedInVain();
  const QString note = tr("Preview with edited tags");
  tags_note_->setText(in_vain.none() ? note
                                     : note + QStringLiteral(". ") + tr("No activation for: %1").arg(namesOf(in_vain)));
}

void ClassPanel::showLacked(const TagSet& lacked) {
  const QString classes = namesOf(lacked);
  const auto show = [this](const QString& note, const QString& action) {
    tags_note_->setText(note);
    act_->setText(action);
    act_->setAccessibleName(action);
    act_->setVisible(!action.isEmpty());
  };
  if (inference_.client().state() == PredictionClient::State::Starting)
    return show(tr("Loading networks to predict %1…").arg(classes), {});
  if (inference_.isBusy()) {
    return show(percent_ < 0 ? tr("Predicting with all classes, to show %1…").arg(classes)
                             : tr("Predicting with all classes, to show %1… %2 %").arg(classes).arg(percent_),
                tr("Cancel"));
  }
  // Masked classes are not in the prediction; they need another one.
  const QString lacks = tr("This prediction was made with the scan's own tags and does not include: %1.").arg(classes);
  if (inference_.client().state() == PredictionClient::State::Off)
    return show(lacks + ' ' + tr("Open a run to predict it."), tr("Open a run…"));
  show(lacks, tr("Predict"));
}

void ClassPanel::act() {
  if (inference_.client().state() == PredictionClient::State::Off) {
    Q_EMIT openRunAsked();
  } else if (inference_.isBusy()) {
    inference_.cancel();
  } else {
    inference_.predictLacked();
  }
}

}  // namespace tagscape
