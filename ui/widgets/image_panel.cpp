#include "ui/widgets/image_panel.h"

#include "ui/render/colors.h"
#include "ui/widgets/image_canvas.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QVBoxLayout>

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

QString reasonText(Visibility reason) {
  switch (reason) {
    case Visibility::Visible:
      return ImagePanel::tr("visible");
    case Visibility::Occluded:
      return ImagePanel::tr("occluded");
    case Visibility::InFront:
      return ImagePanel::tr("looked through");
    case Visibility::NoDepth:
      return ImagePanel::tr("no depth");
    case Visibility::Outside:
      return ImagePanel::tr("outside");
    case Visibility::Behind:
      return ImagePanel::tr("behind");
    case Visibility::NoPose:
      return ImagePanel::tr("no pose");
  }
  return {};
}

}  // namespace

ImagePanel::ImagePanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      canvas_(new ImageCanvas(this)),
      overlay_(new QComboBox(this)),
      depth_(new QComboBox(this)),
      opacity_(percentSlider("overlayOpacity", tr("Opacity of the overlay"), this)),
      threshold_(percentSlider("camThreshold", tr("CAM threshold"), this)),
      threshold_label_(new QLabel(tr("CAM from"), this)),
      legend_(new QLabel(this)) {
  setObjectName("imagePanel");
  overlay_->setObjectName("overlayChoice");
  overlay_->setAccessibleName(tr("Overlay of the image"));
  overlay_->addItem(tr("No overlay"), static_cast<int>(FrameOverlay::None));
  overlay_->addItem(tr("2D CAM"), static_cast<int>(FrameOverlay::Cam2d));
  overlay_->addItem(tr("Projected 3D CAM"), static_cast<int>(FrameOverlay::ProjectedCam));
  overlay_->addItem(tr("Occlusion"), static_cast<int>(FrameOverlay::Occlusion));
  overlay_->addItem(tr("Ground truth"), static_cast<int>(FrameOverlay::Truth));
  depth_->setObjectName("depthChoice");
  depth_->setAccessibleName(tr("Depth that decides occlusion"));
  depth_->setToolTip(tr("Depth that decides occlusion"));
  depth_->addItem(tr("Sensor or mesh"), static_cast<int>(DepthSource::Auto));
  depth_->addItem(tr("Sensor"), static_cast<int>(DepthSource::Sensor));
  depth_->addItem(tr("Mesh"), static_cast<int>(DepthSource::Surface));
  legend_->setObjectName("occlusionLegend");
  legend_->setAccessibleName(tr("Legend of the occlusion overlay"));
  legend_->setTextFormat(Qt::RichText);
  legend_->setWordWrap(true);
  legend_->setContentsMargins(6, 2, 6, 4);

  auto* controls = new QHBoxLayout;
  controls->setContentsMargins(6, 4, 6, 4);
  controls->setSpacing(8);
  controls->addWidget(overlay_);
  controls->addWidget(depth_);
  controls->addWidget(new QLabel(tr("Opacity"), this));
  controls->addWidget(opacity_, 1);
  controls->addWidget(threshold_label_);
  controls->addWidget(threshold_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(controls);
  layout->addWidget(canvas_, 1);
  layout->addWidget(legend_);
  legend_->hide();
  connectControls();
  followDocument();
}

void ImagePanel::connectControls() {
  connect(overlay_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setOverlay(static_cast<FrameOverlay>(overlay_->currentData().toInt()));
  });
  connect(depth_, &QComboBox::currentIndexChanged, this, [this] {
    document_.setDepthSource(static_cast<DepthSource>(depth_->currentData().toInt()));
  });
  connect(opacity_, &QSlider::valueChanged, this, [this](int percent) {
    document_.setOverlayOpacity(static_cast<float>(percent) / 100);
  });
  connect(threshold_, &QSlider::valueChanged, this, [this](int percent) {
    // The overlay of the 3D view sets finer steps than this slider has; only another step is a wish.
    if (qRound(document_.camThreshold() * 100) != percent) document_.setCamThreshold(static_cast<float>(percent) / 100);
  });
}

void ImagePanel::followDocument() {
  const auto show_overlay = [this] {
    const FrameOverlay overlay = document_.overlay();
    overlay_->setCurrentIndex(overlay_->findData(static_cast<int>(overlay)));
    opacity_->setEnabled(overlay != FrameOverlay::None);
    const bool is_cam = overlay == FrameOverlay::Cam2d || overlay == FrameOverlay::ProjectedCam;
    threshold_->setVisible(is_cam);
    threshold_label_->setVisible(is_cam);
    depth_->setVisible(overlay == FrameOverlay::Occlusion || overlay == FrameOverlay::ProjectedCam);
  };
  const auto show_opacity = [this] {
    opacity_->setValue(qRound(document_.overlayOpacity() * 100));
    canvas_->setOverlayOpacity(document_.overlayOpacity());
  };
  const auto show_threshold = [this] { threshold_->setValue(qRound(document_.camThreshold() * 100)); };
  connect(&document_, &Document::overlayChanged, this, show_overlay);
  connect(&document_, &Document::depthSourceChanged, this, [this](DepthSource source) {
    depth_->setCurrentIndex(depth_->findData(static_cast<int>(source)));
  });
  connect(&document_, &Document::overlayOpacityChanged, this, show_opacity);
  connect(&document_, &Document::camThresholdChanged, this, show_threshold);
  show_overlay();
  show_opacity();
  show_threshold();
}

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
                         .arg(QString(reasonText(reason)).replace(' ', QStringLiteral("&nbsp;")),
                              QLocale().toString(static_cast<qulonglong>(count)));
  }
  legend_->setText(rows.join(QStringLiteral(" &nbsp; ")));
}

}  // namespace tagscape
