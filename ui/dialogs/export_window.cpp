#include "ui/dialogs/export_window.h"

#include "core/exchange/format_table.h"
#include "ui/dialogs/file_dialogs.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QTimer>

namespace tagscape {
namespace {

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

/// What people read of a format; the table's own words are those of the command line.
QString describe(const ExchangeFormat& format) {
  const QString holds = format.points && format.frames ? ExportWindow::tr("points and frames")
                        : format.points                ? ExportWindow::tr("points")
                                                       : ExportWindow::tr("frames");
  return QStringLiteral("%1 (%2): %3").arg(text(format.name), holds, text(format.summary));
}

template <class Widget>
Widget* named(Widget* widget, const char* name, const QString& accessible) {
  widget->setObjectName(name);
  widget->setAccessibleName(accessible);
  return widget;
}

}  // namespace

ExportWindow::ExportWindow(LabelExporter& exporter, QWidget* parent)
    : QDialog(parent),
      exporter_(exporter),
      layer_(named(new QComboBox(this), "exportLayer", tr("Labels"))),
      formats_(named(new QListWidget(this), "exportFormats", tr("Formats"))),
      confidence_(named(new QDoubleSpinBox(this), "exportConfidence", tr("Confidence"))),
      unlabelled_(named(new QComboBox(this), "exportUnlabelled", tr("Without a label"))),
      instances_(named(new QComboBox(this), "exportInstances", tr("Instances"))),
      frames_(named(new QComboBox(this), "exportFrames", tr("Frames"))),
      folder_(named(new QLineEdit(this), "exportFolder", tr("Folder to write to"))),
      plan_(new QLabel(this)),
      delay_(new QTimer(this)) {
  setObjectName("exportDialog");
  setWindowTitle(tr("Export labels"));
  setAttribute(Qt::WA_DeleteOnClose);
  makeLayers();
  makeFormats();
  makeOptions();
  plan_->setObjectName("exportPlan");
  plan_->setWordWrap(true);
  plan_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* browse = new QPushButton(tr("Choose…"), this);
  browse->setObjectName("chooseExportFolder");
  connect(browse, &QPushButton::clicked, this, [this] {
    const QString chosen = askForFolder(this, tr("Folder to write to"), folder_->text());
    if (!chosen.isEmpty()) folder_->setText(chosen);
  });
  auto* folder_row = new QHBoxLayout;
  folder_row->addWidget(folder_);
  folder_row->addWidget(browse);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  write_ = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
  write_->setObjectName("startExport");
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(this, &QDialog::accepted, this, &ExportWindow::remember);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Labels"), layer_);
  form->addRow(tr("Formats"), formats_);
  form->addRow(tr("Only from a confidence of"), confidence_);
  form->addRow(tr("Without a label"), unlabelled_);
  form->addRow(tr("Instances"), instances_);
  form->addRow(tr("Labels of frames"), frames_);
  form->addRow(tr("Folder"), folder_row);
  form->addRow(plan_);
  form->addRow(buttons);
  restore();
  connectChanges();
  plan();
}

void ExportWindow::makeLayers() {
  if (exporter_.document().cams()) layer_->addItem(tr("Prediction"), static_cast<int>(ExportLayer::Prediction));
  const SharedScene& scene = exporter_.document().scene();
  if (scene && !scene->point_labels.empty()) layer_->addItem(tr("Ground truth"), static_cast<int>(ExportLayer::Truth));
}

void ExportWindow::makeFormats() {
  constexpr int kMinWidth_px = 620, kRows = 9;
  for (const ExchangeFormat& format : exchangeFormats()) {
    auto* item = new QListWidgetItem(describe(format), formats_);
    item->setData(Qt::UserRole, text(format.name));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(Qt::Unchecked);
  }
  formats_->setMinimumWidth(kMinWidth_px);
  formats_->setMinimumHeight(kRows * formats_->sizeHintForRow(0));
}

void ExportWindow::makeOptions() {
  constexpr double kStep = .05;
  confidence_->setRange(0, 1);
  confidence_->setSingleStep(kStep);
  unlabelled_->addItem(tr("stays without a label"), -1);
  const ExchangeClasses& classes = scanNetClasses();
  for (std::size_t row = 0; row < classes.size(); ++row)
    unlabelled_->addItem(tr("becomes \"%1\"").arg(text(classes[row].name)), static_cast<int>(row));
  using Instances = LayerOptions::Instances;
  instances_->addItem(tr("those of the labels"), static_cast<int>(Instances::AsTheyAre));
  instances_->addItem(tr("connected parts of a class"), static_cast<int>(Instances::Connected));
  instances_->addItem(tr("none"), static_cast<int>(Instances::None));
  using Frames = LayerOptions::Frames;
  frames_->addItem(tr("of the image network, or else of the points"), static_cast<int>(Frames::Auto));
  frames_->addItem(tr("of the points that each frame sees"), static_cast<int>(Frames::Projected));
}

void ExportWindow::connectChanges() {
  constexpr int kTyping_ms = 250;
  delay_->setSingleShot(true);
  delay_->setInterval(kTyping_ms);
  connect(delay_, &QTimer::timeout, this, &ExportWindow::plan);
  const auto changed = [this] {
    write_->setEnabled(!options().formats.empty() && !folder().isEmpty() && layer_->count() > 0);
    delay_->start();
  };
  connect(formats_, &QListWidget::itemChanged, this, changed);
  connect(folder_, &QLineEdit::textChanged, this, changed);
  connect(confidence_, &QDoubleSpinBox::valueChanged, this, changed);
  for (QComboBox* box : {layer_, unlabelled_, instances_, frames_})
    connect(box, &QComboBox::currentIndexChanged, this, changed);
  changed();
}

void ExportWindow::restore() {
  const QSettings settings;
  folder_->setText(settings.value("export/folder", QDir::homePath()).toString());
  const QStringList names = settings.value("export/formats", QStringList{"ply", "scannet"}).toStringList();
  for (int i = 0; i < formats_->count(); ++i) {
    QListWidgetItem* item = formats_->item(i);
    item->setCheckState(names.contains(item->data(Qt::UserRole).toString()) ? Qt::Checked : Qt::Unchecked);
  }
}

void ExportWindow::remember() const {
  QStringList names;
  for (const ExchangeFormat* format : options().formats) names += text(format->name);
  QSettings().setValue("export/formats", names);
}

QString ExportWindow::folder() const { return folder_->text().trimmed(); }

ExportLayer ExportWindow::layer() const { return static_cast<ExportLayer>(layer_->currentData().toInt()); }

ExportOptions ExportWindow::options() const {
  ExportOptions options;
  for (int i = 0; i < formats_->count(); ++i) {
    const QListWidgetItem* item = formats_->item(i);
    if (item->checkState() != Qt::Checked) continue;
    if (const auto format = exchangeFormatNamed(item->data(Qt::UserRole).toString().toStdString()))
      options.formats.push_back(*format);
  }
  options.layer.min_confidence = static_cast<float>(confidence_->value());
  if (const int row = unlabelled_->currentData().toInt(); row >= 0)
    options.layer.unlabelled_as = static_cast<std::uint16_t>(row);
  options.layer.instances = static_cast<LayerOptions::Instances>(instances_->currentData().toInt());
  options.layer.frames = static_cast<LayerOptions::Frames>(frames_->currentData().toInt());
  options.program = "tagscape-studio";
  return options;
}

void ExportWindow::plan() {
  if (layer_->count() == 0 || options().formats.empty() || folder().isEmpty()) {
    planner_.drop();
    plan_->setText(tr("Choose labels, a format and a folder."));
    return;
  }
  plan_->setText(tr("Counting files…"));
  using Plan = std::vector<PlannedFormat>;
  planner_.start<Plan>(
      [scene = exporter_.document().scene(),
       make = exporter_.layer(layer()),
       folder = folder().toStdString(),
       options = options()](const Job& job) -> Result<Plan> {
        TAGSCAPE_ASSIGN(ExchangeLayer labels, make());
        return planExport(folder, scene, std::move(labels), options, job);
      },
      [this](Result<Plan> plan) { showPlan(plan); });
}

void ExportWindow::showPlan(const Result<std::vector<PlannedFormat>>& plan) {
  if (!plan) {
    plan_->setText(QString::fromStdString(plan.error().message));
    return;
  }
  QStringList lines;
  bool is_possible = true;
  for (const PlannedFormat& planned : *plan) {
    const QString place = QString::fromStdString(planned.folder.string());
    const QString count = QString::number(planned.num_files), replaced = QString::number(planned.num_replaced);
    if (!planned.problem.empty()) {
      lines += QString::fromStdString(planned.problem);
    } else if (planned.num_replaced == 0) {
      lines += tr("Files in %1: %2").arg(place, count);
    } else {
      lines += tr("Files in %1: %2, replacing %3").arg(place, count, replaced);
    }
    is_possible = is_possible && planned.problem.empty();
  }
  lines += tr("Every file is read back and compared after it is written.");
  plan_->setText(lines.join('\n'));
  write_->setEnabled(is_possible);
}

}  // namespace tagscape
