#include "ui/services/thumbnail_loader.h"

#include "core/pipeline/scene_image.h"
#include "ui/render/image_layers.h"

namespace tagscape {
namespace {

constexpr QSize kSize_px(64, 48);
constexpr std::size_t kMaxWanted = 200;  // More than fit on a screen; older requests are dropped.

Result<QImage> makeThumbnail(const ThumbnailKey& key, const SharedScene& scene) {
  const auto image = key.frame < 0 ? representativeImage(key.scene.toStdString())
                                   : scene->pixels->color(static_cast<std::size_t>(key.frame));
  // A failure means that there is no thumbnail.
  return image ? toQImage(*image).scaled(kSize_px, Qt::KeepAspectRatio, Qt::SmoothTransformation) : QImage();
}

}  // namespace

ThumbnailLoader::ThumbnailLoader(SceneTreeModel& model, const Document& document, QObject* parent)
    : QObject(parent), model_(model), document_(document) {
  // Queued, since views request thumbnails while painting.
  connect(&model, &SceneTreeModel::thumbnailWanted, this, &ThumbnailLoader::want, Qt::QueuedConnection);
  constexpr int kRest_ms = 150;
  rest_.setSingleShot(true);
  rest_.setInterval(kRest_ms);
  connect(&document, &Document::frameChanged, &rest_, qOverload<>(&QTimer::start));
  connect(&rest_, &QTimer::timeout, this, [this] {
    if (!is_busy_) next();
  });
  connect(&document, &Document::sceneChanged, this, [this] {
    std::erase_if(wanted_, [](const ThumbnailKey& key) { return key.frame >= 0; });
  });
}

void ThumbnailLoader::want(const ThumbnailKey& key) {
  wanted_.push_front(key);
  while (wanted_.size() > kMaxWanted) {
    model_.forgetWish(wanted_.back());
    wanted_.pop_back();
  }
  if (!is_busy_) next();
}

void ThumbnailLoader::next() {
  is_busy_ = !wanted_.empty() && !rest_.isActive();
  if (!is_busy_) return;
  const ThumbnailKey key = wanted_.front();
  wanted_.pop_front();
  const SharedScene& scene = document_.scene();
  const bool is_of_open_scene = scene && QString::fromStdString(scene->path.string()) == key.scene && scene->pixels;
  if (key.frame >= 0 && !is_of_open_scene) return next();
  runner_.start<QImage>([key, scene](const Job&) { return makeThumbnail(key, scene); },
                        [this, key](Result<QImage> image) {
                          model_.setThumbnail(key, image ? *image : QImage());
                          next();
                        });
}

}  // namespace tagscape
