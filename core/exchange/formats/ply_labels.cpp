#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/scalar_columns.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kClassComment = "comment class ";

std::string singleLine(std::string text) {
  for (char& letter : text) {
    if (letter == '\n' || letter == '\r') letter = ' ';
  }
  return text;
}

/// The names of ids in comments "class ID NAME", as the writer puts them there.
std::map<std::int32_t, std::string> namesIn(std::string_view header) {
  std::map<std::int32_t, std::string> names;
  for (std::size_t at = header.find(kClassComment); at != std::string_view::npos;
       at = header.find(kClassComment, at + 1)) {
    std::string_view line = header.substr(at + kClassComment.size());
    line = line.substr(0, line.find_first_of("\r\n"));
    std::int32_t id = 0;
    const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), id);
    const auto blank = line.find(' ');
    if (problem == std::errc() && blank != std::string_view::npos && end == line.data() + blank)
      names[id] = line.substr(blank + 1);
  }
  return names;
}

}  // namespace

Status writePlyLabels(const ExportScene& scene, const FileSink& sink) {
  const ExchangeLayer& layer = *scene.layer;
  PlyContent content{.mesh = scene.scene->mesh, .offset_m = scene.scene->offset_m};
  addScalars(layer, content.vertex_scalars);
  std::string comment = singleLine(fmt::format("labels of {} {}", scene.scene->name, layer.provenance));
  for (const auto& info : layer.classes) comment += fmt::format("\n{}{} {}", kClassComment, info.id, info.name);
  return sink(scene.scene->name + "_labels.ply", encodePly(content, comment));
}

Result<ForeignLabels> readPlyLabels(const fs::path& place, const std::string& scene) {
  const bool has_own_name = !scene.empty() && fs::exists(place / (scene + "_labels.ply"));
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, has_own_name ? "_labels.ply" : ".ply"));
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  TAGSCAPE_ASSIGN(CloudContent content, parsePly(bytes, file));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(ForeignLabels labels, labelsOfScalars(std::move(content), file));
  const auto names = namesIn(text.substr(0, text.find("end_header")));
  if (!names.empty()) {
    labels.names = names;
    labels.meaning = IdMeaning::Named;
  }
  return labels;
}

}  // namespace tagscape::formats
