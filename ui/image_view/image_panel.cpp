#include "ui/image_view/image_panel.h"

#include "ui/image_view/image_canvas.h"
#include "ui/render/colors.h"
#include "ui/render/visibility_text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tagscape {
namespace {

QSlider* percentSlider(const QString& object_name, const QString& accessible_name, QWidget* parent) {
  auto* slider = new QSlider(Qt::Horizontal, parent);
  slider->setObjectName(object_name);
  slider->setAccessibleName(accessible_name);
  slider->setToolTip(accessible_name);
  slider->setRange(0, 100);
  slider->setMinimumWidth(60);
  return slider;
}

QComboBox* overlayChoice(const QString& object_name, const QString& accessible_name, QWidget* parent) {
  auto* choice = new QComboBox(parent);
  choice->setObjectName(object_name);
  choice->setAccessibleName(accessible_name);
  choice->setToolTip(accessible_name);
  choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  choice->addItem(ImagePanel::tr("No overlay"), static_cast<int>(FrameOverlay::None));
  choice->addItem(ImagePanel::tr("2D CAM"), static_cast<int>(FrameOverlay::Cam2d));
  choice->addItem(ImagePanel::tr("Projected 3D CAM"), static_cast<int>(FrameOverlay::ProjectedCam));
  choice->addItem(ImagePanel::tr("Occlusion"), static_cast<int>(FrameOverlay::Occlusion));
  choice->addItem(ImagePanel::tr("Ground truth"), static_cast<int>(FrameOverlay::Truth));
  choice->addItem(ImagePanel::tr("Prediction"), static_cast<int>(FrameOverlay::Prediction));
  choice->addItem(ImagePanel::tr("Pseudo-labels"), static_cast<int>(FrameOverlay::PseudoLabel));
  choice->addItem(ImagePanel::tr("Labels of the project"), static_cast<int>(FrameOverlay::Labels));
  return choice;
}

void choose(QComboBox* choice, int data) { choice->setCurrentIndex(choice->findData(data)); }

}  // namespace

ImagePanel::ImagePanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      canvas_(new ImageCanvas(this)),
      base_(new QComboBox(this)),
      overlay_(overlayChoice("overlayChoice", tr("Overlay of the image"), this)),
      swipe_(new QToolButton(this)),
      compared_(overlayChoice("comparedChoice", tr("Overlay right of the divider"), this)),
      depth_(new QComboBox(this)),
      opacity_(percentSlider("overlayOpacity", tr("Opacity of the overlay"), this)),
      threshold_(percentSlider("camThreshold", tr("CAM threshold"), this)),
      threshold_label_(new QLabel(tr("CAM threshold"), this)),
      value_(new QLabel(this)),
      place_(new QLabel(this)),
      legend_(new QLabel(this)) {
  setObjectName("imagePanel");
  legend_->setObjectName("occlusionLegend");
  legend_->setAccessibleName(tr("Legend of the occlusion overlay"));
  legend_->setTextFormat(Qt::RichText);
  legend_->setWordWrap(true);
  legend_->setContentsMargins(6, 2, 6, 4);
  value_->setObjectName("pixelValue");
  value_->setAccessibleName(tr("Values of the pixel under the cursor"));
  place_->setObjectName("placeText");
  place_->setAccessibleName(tr("Information about the point under the cursor"));
  for (QLabel* label : {value_, place_}) {
    label->setContentsMargins(6, 1, 6, 1);
    // A long text must not make the dock wider.
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  }
  // Always two lines high, so that the image does not jump with the text.
  place_->setWordWrap(true);
  place_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  place_->setFixedHeight(2 * place_->fontMetrics().lineSpacing() + 2);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(layerRow());
  layout->addLayout(adjustmentRow());
  layout->addWidget(canvas_, 1);
  layout->addWidget(value_);
  layout->addWidget(place_);
  layout->addWidget(legend_);
  legend_->hide();
  connectControls();
  followDocument();
}

QHBoxLayout* ImagePanel::layerRow() {
  base_->setObjectName("baseChoice");
  base_->setAccessibleName(tr("Base image"));
  base_->addItem(tr("Colour"), static_cast<int>(FrameBase::Color));
  base_->addItem(tr("Depth"), static_cast<int>(FrameBase::Depth));
  swipe_->setObjectName("swipeToggle");
  swipe_->setText(tr("Swipe"));
  swipe_->setAccessibleName(tr("Swipe between two overlays"));
  swipe_->setToolTip(tr("Compare two overlays at a movable divider"));
  swipe_->setCheckable(true);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 4, 6, 0);
  for (QWidget* control : {static_cast<QWidget*>(base_),
                           static_cast<QWidget*>(overlay_),
                           static_cast<QWidget*>(swipe_),
                           static_cast<QWidget*>(compared_)})
    row->addWidget(control);
  row->addStretch();
  return row;
}

QHBoxLayout* ImagePanel::adjustmentRow() {
  depth_->setObjectName("depthChoice");
  depth_->setAccessibleName(tr("Depth that decides occlusion"));
  depth_->setToolTip(tr("Depth that decides occlusion"));
  depth_->addItem(tr("Sensor or mesh"), static_cast<int>(DepthSource::Auto));
  depth_->addItem(tr("Sensor"), static_cast<int>(DepthSource::Sensor));
  depth_->addItem(tr("Mesh"), static_cast<int>(DepthSource::Surface));
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 2, 6, 4);
  row->setSpacing(8);
  row->addWidget(depth_);
  row->addWidget(new QLabel(tr("Opacity"), this));
  row->addWidget(opacity_, 1);
  row->addWidget(threshold_label_);
  row->addWidget(threshold_, 1);
  return row;
}

void ImagePanel::connectControls() {
  connect(base_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setFrameBase(static_cast<FrameBase>(base_->currentData().toInt()));
  });
  connect(overlay_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setOverlay(static_cast<FrameOverlay>(overlay_->currentData().toInt()));
  });
  connect(compared_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setComparedOverlay(static_cast<FrameOverlay>(compared_->currentData().toInt()));
  });
  connect(swipe_, &QToolButton::toggled, &document_, &Document::setSwiped);
  connect(depth_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setDepthSource(static_cast<DepthSource>(depth_->currentData().toInt()));
  });
  connect(opacity_, &QSlider::valueChanged, this, [this](int percent) {
    document_.setOverlayOpacity(static_cast<float>(percent) / 100);
  });
  connect(threshold_, &QSlider::valueChanged, this, [this](int percent) {
    // The 3D view's overlay has finer steps than this slider; only a different step is a change.
    if (qRound(document_.camThreshold() * 100) != percent) document_.setCamThreshold(static_cast<float>(percent) / 100);
  });
  connect(canvas_, &ImageCanvas::hovered, this, [this](QPointF pixel) { value_->setText(canvas_->valueText(pixel)); });
  connect(canvas_, &ImageCanvas::left, value_, &QLabel::clear);
}

void ImagePanel::followDocument() {
  connect(&document_, &Document::overlayChanged, this, &ImagePanel::showControls);
  connect(&document_, &Document::comparisonChanged, this, &ImagePanel::showControls);
  connect(&document_, &Document::depthSourceChanged, this, [this](DepthSource source) {
    choose(depth_, static_cast<int>(source));
  });
  const auto show_opacity = [this] {
    opacity_->setValue(qRound(document_.overlayOpacity() * 100));
    canvas_->setOverlayOpacity(document_.overlayOpacity());
  };
  const auto show_threshold = [this] { threshold_->setValue(qRound(document_.camThreshold() * 100)); };
  connect(&document_, &Document::overlayOpacityChanged, this, show_opacity);
  connect(&document_, &Document::camThresholdChanged, this, show_threshold);
  showControls();
  show_opacity();
  show_threshold();
}

void ImagePanel::showControls() {
  const FrameOverlay first = document_.overlay();
  const FrameOverlay second = document_.isSwiped() ? document_.comparedOverlay() : FrameOverlay::None;
  choose(base_, static_cast<int>(document_.frameBase()));
  choose(overlay_, static_cast<int>(first));
  choose(compared_, static_cast<int>(document_.comparedOverlay()));
  swipe_->setChecked(document_.isSwiped());
  compared_->setVisible(document_.isSwiped());
  opacity_->setEnabled(first != FrameOverlay::None || second != FrameOverlay::None);
  const auto shows = [&](std::initializer_list<FrameOverlay> kinds) {
    return std::any_of(kinds.begin(), kinds.end(), [&](FrameOverlay kind) { return kind == first || kind == second; });
  };
  const bool is_cam = shows({FrameOverlay::Cam2d, FrameOverlay::ProjectedCam, FrameOverlay::PseudoLabel});
  threshold_->setVisible(is_cam);
  threshold_label_->setVisible(is_cam);
  depth_->setVisible(document_.frameBase() == FrameBase::Depth ||
                     shows({FrameOverlay::Occlusion, FrameOverlay::ProjectedCam, FrameOverlay::Prediction}));
}

QList<QWidget*> ImagePanel::arrowKeyControls() const {
  return {base_, overlay_, compared_, depth_, opacity_, threshold_};
}

void ImagePanel::setPlaceText(const QString& text) { place_->setText(text); }

void ImagePanel::setPicture(const FramePicture& picture) {
  canvas_->setPicture(picture);
  showLegend(picture);
}

void ImagePanel::showLegend(const FramePicture& picture) {
  legend_->setVisible(picture.reason_counts.has_value());
  if (!picture.reason_counts) return;
  QStringList rows;
  for (int i = 0; i < kNumVisibilities; ++i) {
    const std::size_t count = (*picture.reason_counts)[static_cast<std::size_t>(i)];
    const auto reason = static_cast<Visibility>(i);
    const bool is_drawn = reason != Visibility::Outside && reason != Visibility::Behind;
    if (count == 0) continue;
    const QString swatch =
        is_drawn ? QStringLiteral("<span style='color:%1'>■</span>&nbsp;").arg(toQColor(reasonColor(reason)).name())
                 : QString();
    rows += swatch + tr("%1&nbsp;%2")
                         .arg(QString(visibilityText(reason)).replace(' ', QStringLiteral("&nbsp;")),
                              QLocale().toString(static_cast<qulonglong>(count)));
  }
  legend_->setText(rows.join(QStringLiteral(" &nbsp; ")));
}

}  // namespace tagscape
