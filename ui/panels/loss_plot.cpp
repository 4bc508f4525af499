#include "ui/panels/loss_plot.h"

#include <QLabel>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <array>

namespace tagscape {
namespace {

/// Okabe & Ito's colours, readable on light and dark.
constexpr std::array<QRgb, 7> kCurveColors{
    0xff56b4e9, 0xffe69f00, 0xff009e73, 0xffcc79a7, 0xffd55e00, 0xff8f8fd8, 0xffb8a520};

bool isLoss(const std::string& name) { return name.rfind("loss", 0) == 0; }

/// "loss_2d_to_3d" -> "2d to 3d".
QString curveTitle(const std::string& name) {
  QString title = QString::fromStdString(name).mid(4);
  title.replace('_', ' ');
  title = title.trimmed();
  return title.isEmpty() ? LossPlot::tr("loss") : title;
}

}  // namespace

LossPlot::LossPlot(QWidget* parent)
    : QWidget(parent),
      plot_(new QCustomPlot(this)),
      empty_(new QLabel(tr("Loss curves appear here once a training runs."), this)) {
  setObjectName("lossPlot");
  setAccessibleName(tr("Loss curves"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(plot_);
  layout->addWidget(empty_);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setEnabled(false);
  plot_->hide();
  setMinimumHeight(110);
  plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot_->xAxis->setLabel(tr("step"));
  plot_->axisRect()->setAutoMargins(QCP::msAll);
  plot_->axisRect()->setMinimumMargins(QMargins(6, 6, 10, 2));
  plot_->legend->setVisible(true);
  plot_->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
  const auto detach = [this] { follows_ = false; };
  connect(plot_, &QCustomPlot::mouseWheel, this, detach);
  connect(plot_, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
    if (event->buttons() != Qt::NoButton) follows_ = false;
  });
  connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] {
    follows_ = true;
    rescale();
  });
  applyPalette();
}

void LossPlot::clear() {
  plot_->clearGraphs();
  curves_.clear();
  follows_ = true;
  plot_->hide();
  empty_->show();
}

QCPGraph* LossPlot::curve(const std::string& name) {
  QCPGraph*& graph = curves_[name];
  if (!graph) {
    graph = plot_->addGraph();
    graph->setName(curveTitle(name));
    const QColor color = QColor::fromRgb(kCurveColors[(curves_.size() - 1) % kCurveColors.size()]);
    graph->setPen(QPen(color, name == "loss_total" ? 2.2 : 1.4));
  }
  return graph;
}

void LossPlot::append(const std::vector<MetricsRow>& rows) {
  for (const MetricsRow& row : rows) {
    for (const auto& [name, value] : row.values) {
      if (isLoss(name)) curve(name)->addData(static_cast<double>(row.step), value);
    }
  }
  plot_->setVisible(!curves_.empty());
  empty_->setVisible(curves_.empty());
  if (follows_) {
    rescale();
  } else {
    plot_->replot(QCustomPlot::rpQueuedReplot);
  }
}

void LossPlot::rescale() {
  plot_->rescaleAxes();
  plot_->yAxis->setRangeLower(std::min(0.0, plot_->yAxis->range().lower));
  plot_->yAxis->scaleRange(1.05, plot_->yAxis->range().lower);
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LossPlot::applyPalette() {
  const QColor text = palette().color(QPalette::WindowText);
  QColor faint = text;
  faint.setAlpha(40);
  QColor quiet = text;
  quiet.setAlpha(150);
  plot_->setBackground(palette().brush(QPalette::Base));
  for (QCPAxis* axis : {plot_->xAxis, plot_->yAxis}) {
    axis->setBasePen(QPen(faint));
    axis->setTickPen(QPen(faint));
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(quiet);
    axis->setLabelColor(quiet);
    axis->grid()->setPen(QPen(faint, 1, Qt::DotLine));
    axis->grid()->setZeroLinePen(QPen(faint));
  }
  QColor paper = palette().color(QPalette::Base);
  paper.setAlpha(190);
  plot_->legend->setBrush(paper);
  plot_->legend->setBorderPen(Qt::NoPen);
  plot_->legend->setTextColor(text);
  plot_->legend->setRowSpacing(-4);
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LossPlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) applyPalette();
  QWidget::changeEvent(event);
}

}  // namespace tagscape
