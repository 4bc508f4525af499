#include "ui/panels/layer_panel.h"

#include "ui/services/layer_names.h"
#include "ui/view3d/scene_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>

namespace tagscape {
namespace {

constexpr int kPerMille = 1000;

QSlider* slider(const QString& object_name, const QString& accessible_name, int low, int high, QWidget* parent) {
  auto* made = new QSlider(Qt::Horizontal, parent);
  made->setObjectName(object_name);
  made->setAccessibleName(accessible_name);
  made->setRange(low, high);
  return made;
}

QCheckBox* checkBox(const QString& object_name, const QString& text, QWidget* parent) {
  auto* made = new QCheckBox(text, parent);
  made->setObjectName(object_name);
  return made;
}

QString idOf(PointLayer layer) { return QString::fromLatin1(layer.id.data(), static_cast<qsizetype>(layer.id.size())); }

/// Nothing in the row for no layer.
std::optional<PointLayer> chosenIn(const QComboBox& box) {
  const ColorLayer* row = findColorLayer(box.currentData().toString().toStdString());
  return row ? std::optional(PointLayer{row->id}) : std::nullopt;
}

void fillWithLayers(QComboBox& box) {
  for (const ColorLayer& row : colorLayers()) box.addItem(titleOf(row), idOf({row.id}));
}

}  // namespace

LayerPanel::LayerPanel(Document& document, SceneView& view, QWidget* parent)
    : QWidget(parent), document_(document), view_(view) {
  setObjectName("layerPanel");
  auto* form = new QFormLayout(this);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  addLayers(*form);
  addPoints(*form);
  addCuts(*form);
  connect(&document_, &Document::layerChanged, this, &LayerPanel::showDocument);
  connect(&document_, &Document::sceneChanged, this, [this] {
    bounds_ = sceneBounds();
    showSettings();
  });
  connect(&view_.settings(), &ViewSettings::changed, this, &LayerPanel::showSettings);
  showDocument();
  showSettings();
}

void LayerPanel::addLayers(QFormLayout& form) {
  layer_ = new QComboBox(this);
  layer_->setObjectName("layerChoice");
  layer_->setAccessibleName(tr("Layer of the 3D view"));
  fillWithLayers(*layer_);
  other_ = new QComboBox(this);
  other_->setObjectName("otherLayerChoice");
  other_->setAccessibleName(tr("Blended layer"));
  other_->addItem(tr("None"), QString());
  fillWithLayers(*other_);
  blend_ = slider("layerBlend", tr("Opacity of the blended layer"), 0, kPerMille, this);
  form.addRow(tr("Layer"), layer_);
  form.addRow(tr("Blend with"), other_);
  form.addRow(tr("Mix"), blend_);
  connect(layer_, &QComboBox::activated, this, [this] {
    if (const auto chosen = chosenIn(*layer_)) document_.setLayer(*chosen);
  });
  connect(other_, &QComboBox::activated, this, [this] { view_.settings().setOtherLayer(chosenIn(*other_)); });
  connect(blend_, &QSlider::valueChanged, this, [this](int value) {
    view_.settings().setBlend(static_cast<float>(value) / kPerMille);
  });
}

void LayerPanel::addPoints(QFormLayout& form) {
  size_unit_ = new QComboBox(this);
  size_unit_->setObjectName("pointSizeUnit");
  size_unit_->setAccessibleName(tr("Point size mode"));
  size_unit_->addItems({tr("As in the scene"), tr("In pixels")});
  size_px_ = slider("pointSizePx", tr("Size of a point in pixels"), 1, 24, this);
  eye_dome_ = checkBox("eyeDome", tr("Shade by depth (eye-dome lighting)"), this);
  cameras_ = checkBox("showCameras", tr("Frame cameras"), this);
  form.addRow(tr("Point size"), size_unit_);
  form.addRow(tr("Pixels"), size_px_);
  form.addRow(eye_dome_);
  form.addRow(cameras_);
  const auto resize = [this] {
    const bool in_px = size_unit_->currentIndex() == 1;
    view_.settings().setPointSize_px(in_px ? static_cast<float>(size_px_->value()) : 0.F);
  };
  connect(size_unit_, &QComboBox::activated, this, resize);
  connect(size_px_, &QSlider::valueChanged, this, resize);
  connect(eye_dome_, &QCheckBox::toggled, this, [this](bool on) { view_.settings().setEyeDome(on); });
  connect(cameras_, &QCheckBox::toggled, this, [this](bool on) { view_.settings().setShowsFrames(on); });
}

void LayerPanel::addCuts(QFormLayout& form) {
  plane_ = checkBox("clipPlane", tr("Clip in front of pivot"), this);
  box_ = checkBox("clipBox", tr("Crop box"), this);
  form.addRow(plane_);
  form.addRow(box_);
  const QString axes[]{tr("x"), tr("y"), tr("z")};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    auto* row = new QHBoxLayout;
    for (std::size_t end = 0; end < 2; ++end) {
      const QString name = end == 0 ? tr("From, along %1").arg(axes[axis]) : tr("To, along %1").arg(axes[axis]);
      QSlider*& side = sides_[axis * 2 + end];
      side = slider(QStringLiteral("clipSide%1").arg(axis * 2 + end), name, 0, kPerMille, this);
      side->setValue(end == 0 ? 0 : kPerMille);
      row->addWidget(side);
      connect(side, &QSlider::valueChanged, this, &LayerPanel::cutByBox);
    }
    form.addRow(axes[axis], row);
  }
  connect(box_, &QCheckBox::toggled, this, &LayerPanel::cutByBox);
  connect(plane_, &QCheckBox::toggled, this, [this](bool on) {
    if (on) return view_.cutAtTarget();
    view_.settings().setClipPlane({});
  });
}

std::optional<Eigen::AlignedBox3f> LayerPanel::sceneBounds() const {
  if (!document_.scene()) return std::nullopt;
  Eigen::AlignedBox3f bounds;
  for (const Eigen::Vector3f& point : document_.scene()->points().positions_m) {
    if (point.allFinite()) bounds.extend(point);
  }
  return bounds.isEmpty() ? std::nullopt : std::optional(bounds);
}

void LayerPanel::cutByBox() {
  if (!box_->isChecked() || !bounds_) return view_.settings().setClipBox_m({});
  Eigen::AlignedBox3f box;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto i = static_cast<Eigen::Index>(axis);
    const float low = bounds_->min()[i], extent = bounds_->max()[i] - low;
    box.min()[i] = low + extent * static_cast<float>(sides_[axis * 2]->value()) / kPerMille;
    box.max()[i] = low + extent * static_cast<float>(sides_[axis * 2 + 1]->value()) / kPerMille;
  }
  view_.settings().setClipBox_m(box);
}

void LayerPanel::showDocument() { layer_->setCurrentIndex(layer_->findData(idOf(document_.layer()))); }

void LayerPanel::showSettings() {
  const ViewSettings& settings = view_.settings();
  const QSignalBlocker blockers[]{QSignalBlocker(blend_),
                                  QSignalBlocker(size_px_),
                                  QSignalBlocker(eye_dome_),
                                  QSignalBlocker(cameras_),
                                  QSignalBlocker(box_),
                                  QSignalBlocker(plane_)};
  const auto other = settings.otherLayer();
  other_->setCurrentIndex(other_->findData(other ? idOf(*other) : QString()));
  blend_->setValue(qRound(settings.blend() * kPerMille));
  blend_->setEnabled(other.has_value());
  const bool in_px = settings.pointSize_px() > 0;
  size_unit_->setCurrentIndex(in_px ? 1 : 0);
  size_px_->setEnabled(in_px);
  if (in_px) size_px_->setValue(qRound(settings.pointSize_px()));
  eye_dome_->setChecked(settings.isEyeDome());
  cameras_->setChecked(settings.showsFrames());
  box_->setChecked(settings.clipBox_m().has_value());
  plane_->setChecked(settings.clipPlane().has_value());
  for (QSlider* side : sides_) side->setEnabled(box_->isChecked());
}

}  // namespace tagscape
