#include "ui/widgets/scene_opener.h"

#include "core/io/scan_layout.h"
#include "core/pipeline/open_scene.h"

#include <variant>

namespace tagscape {
namespace {

using Opened = std::variant<SharedScene, DataSet>;

std::filesystem::path linkFree(const std::filesystem::path& path) {
  std::error_code code;
  auto found = std::filesystem::weakly_canonical(path, code);
  return code ? path : found;
}

Result<Opened> openAny(const std::filesystem::path& path, const Job& job) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code) && detectLayout(path).kind == ScanKind::Unknown) {
    if (auto data_set = scanDataSet(linkFree(path))) {
      for (auto& scene : data_set->scenes) scene.path = linkFree(scene.path);  // Scenes are often links to elsewhere.
      return Opened(std::move(*data_set));
    }
  }
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
