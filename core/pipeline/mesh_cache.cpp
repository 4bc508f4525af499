#include "core/pipeline/mesh_cache.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/layouts/scan_layout.h"
#include "core/pipeline/source_signature.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tagscape {
namespace fs = std::filesystem;
using Json = nlohmann::json;
namespace {

constexpr int kFusingVersion = 3;  // raise when the same files and options give another mesh

/// The files that frames and their poses come from. Tags and labels do not change a mesh.
void addSources(const ScanLayout& layout, SourceSignature& signature) {
  for (const auto& source : sourcesOf(layout)) {
    const std::string name = source.filename().string();
    if (name == "tags.json" || name.starts_with("label")) continue;
    signature.addPath(source);
  }
}

fs::path skippedFile(const fs::path& mesh_file) { return fs::path(mesh_file).replace_extension(".skipped.json"); }

std::optional<std::vector<SceneWarning>> readSkipped(const fs::path& file) {
  constexpr std::uintmax_t kMaxBytes = std::uintmax_t{64} << 20;
  const auto text = readTextFile(file, kMaxBytes);
  const Json rows = Json::parse(text ? *text : std::string(), nullptr, /*allow_exceptions=*/false);
  if (!rows.is_array()) return std::nullopt;
  std::vector<SceneWarning> skipped;
  for (const Json& row : rows) {
    const auto text_of = [&](const char* key) {
      return row.is_object() && row.contains(key) && row[key].is_string() ? row[key].get<std::string>() : std::string();
    };
    skipped.push_back({text_of("file"), text_of("message")});
  }
  return skipped;
}

}  // namespace

fs::path fusedMeshFile(const Scene& scene, const FuseOptions& options, const Conventions& given) {
  SourceSignature signature;
  signature.add(scene.path.string());
  signature.add(fmt::format("{} {} {} {}", kFusingVersion, options.voxel_m, options.truncation_m, options.max_depth_m));
  signature.add(given.text());
  addSources(detectLayout(scene.path), signature);
  return userCacheFolder() / "fused" / fmt::format("{}-{}.ply", scene.name, signature.hex());
}

std::optional<FusedMesh> readFusedMesh(const fs::path& file) {
  std::error_code code;
  if (!fs::exists(file, code)) return std::nullopt;
  auto content = readPly(file);
  auto skipped = readSkipped(skippedFile(file));
  if (!content || content->mesh.vertices.size() == 0 || !skipped) return std::nullopt;
  return FusedMesh{std::move(content->mesh), std::move(*skipped)};
}

Status writeFusedMesh(const fs::path& file, const Mesh& mesh, const std::vector<SceneWarning>& skipped) {
  Json rows = Json::array();
  for (const SceneWarning& warning : skipped)
    rows.push_back({{"file", warning.file.string()}, {"message", warning.message}});
  TAGSCAPE_TRY(writeFileAtomically(skippedFile(file), rows.dump(1, ' ', false, Json::error_handler_t::replace)));
  return writePly(file, {mesh, {}}, "fused by Tagscape; may be deleted");
}

}  // namespace tagscape
