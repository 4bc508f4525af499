#include "core/pipeline/mesh_cache.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/layouts/scan_layout.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string_view>

namespace tagscape {
namespace fs = std::filesystem;
using Json = nlohmann::json;
namespace {

constexpr int kFusingVersion = 3;  // raise when the same files and options give another mesh

/// FNV-1a over everything that decides the result.
class Signature {
 public:
  void add(std::string_view text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0);
  }
  void addFile(const fs::directory_entry& entry) {
    std::error_code code;
    add(entry.path().filename().string());
    add(std::to_string(entry.file_size(code)));
    add(std::to_string(entry.last_write_time(code).time_since_epoch().count()));
  }
  [[nodiscard]] std::string hex() const { return fmt::format("{:016x}", hash_); }

 private:
  void mix(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

void addFolder(const fs::path& folder, Signature& signature) {
  std::error_code code;
  std::map<std::string, fs::directory_entry> entries;  // by name: the order on disk is arbitrary
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    entries.emplace(it->path().filename().string(), *it);
  }
  for (const auto& [name, entry] : entries) signature.addFile(entry);
}

void addFile(const fs::path& file, Signature& signature) {
  std::error_code code;
  if (fs::is_regular_file(file, code)) signature.addFile(fs::directory_entry(file, code));
}

/// The files that frames and their poses come from. Tags and labels do not change a mesh.
void addSources(const ScanLayout& layout, Signature& signature) {
  std::error_code code;
  for (const auto& source : sourcesOf(layout)) {
    const std::string name = source.filename().string();
    if (name == "tags.json" || name.starts_with("label")) continue;
    if (fs::is_directory(source, code))
      addFolder(source, signature);
    else
      addFile(source, signature);
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
  Signature signature;
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
