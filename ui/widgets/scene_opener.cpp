#include "ui/widgets/scene_opener.h"

#include "core/pipeline/open_scene.h"

namespace tagscape {

SceneOpener::SceneOpener(Document& document, QObject* parent) : QObject(parent), document_(document) {}

void SceneOpener::open(const std::filesystem::path& path) {
  runner_.start<SharedScene>([path](const Job& job) { return openScene(path, {}, job); },
                             [this, path](Result<SharedScene> scene) {
                               if (!scene) {
                                 Q_EMIT failed(path, scene.error());
                                 return;
                               }
                               document_.setScene(std::move(*scene));
                               Q_EMIT opened(path);
                             });
}

}  // namespace tagscape
