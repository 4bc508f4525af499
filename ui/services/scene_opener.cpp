#include "ui/services/scene_opener.h"

#include "core/pipeline/open_scene.h"

#include <variant>

namespace tagscape {
namespace {

using Opened = std::variant<SharedScene, DataSet>;

Result<Opened> openAny(const std::filesystem::path& path, const Job& job) {
  if (auto data_set = findDataSet(path)) return Opened(std::move(*data_set));
  TAGSCAPE_ASSIGN(auto scene, openScene(path, {}, job));
  return Opened(std::move(scene));
}

}  // namespace

SceneOpener::SceneOpener(Document& document, QObject* parent) : QObject(parent), document_(document) {}

void SceneOpener::open(const std::filesystem::path& path) {
  runner_.start<Opened>([path](const Job& job) { return openAny(path, job); },
                        [this, path](Result<Opened> result) {
                          if (!result) {
                            Q_EMIT failed(path, result.error());
                          } else if (auto* data_set = std::get_if<DataSet>(&*result)) {
                            Q_EMIT dataSetFound(*data_set);
                          } else {
                            document_.setScene(std::get<SharedScene>(std::move(*result)));
                            Q_EMIT opened(path);
                          }
                        });
}

}  // namespace tagscape
