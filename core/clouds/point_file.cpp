#include "core/clouds/point_file.h"

#include "core/base/files.h"
#include "core/clouds/e57.h"
#include "core/clouds/gltf.h"
#include "core/clouds/las.h"
#include "core/clouds/obj.h"
#include "core/clouds/pcd.h"
#include "core/clouds/ply.h"
#include "core/clouds/stl_off.h"
#include "core/clouds/text_cloud.h"
#include "core/io/byte_source.h"
#include "core/io/stand_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 30;

using Bytes = std::span<const std::byte>;

std::string_view textOf(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

Result<CloudContent> readGltf(Bytes bytes, const fs::path& path) {
  return parseGltf(bytes, path, [&](const std::string& uri) -> Result<std::vector<std::byte>> {
    const fs::path relative(uri);
    const bool escapes = relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end();
    if (escapes)
      return failFile(ErrorCode::InvalidInput,
                      path,
                      fmt::format("it names \"{:.80}\", outside its folder", uri),
                      "Export it as GLB");
    const fs::path file = path.parent_path() / relative;
    std::error_code code;
    if (!fs::exists(file, code)) {
      return failFile(ErrorCode::NotFound,
                      path,
                      fmt::format("its coordinates are in {:.80}, which is missing beside it", uri),
                      "Put that file there, or export as GLB");
    }
    return readFile(file, kMaxBytes);
  });
}

/// A kind of file: its extension and its reader.
struct Kind {
  std::string_view extension;
  Result<CloudContent> (*parse)(Bytes bytes, const fs::path& path);
};

constexpr std::array<Kind, 10> kKinds{{
    {".ply", [](Bytes b, const fs::path& p) { return parsePly(b, p); }},
    {".pcd", [](Bytes b, const fs::path& p) { return parsePcd(b, p); }},
    {".obj", [](Bytes b, const fs::path& p) { return parseObj(textOf(b), p); }},
    {".stl", [](Bytes b, const fs::path& p) { return parseStl(b, p); }},
    {".off", [](Bytes b, const fs::path& p) { return parseOff(textOf(b), p); }},
    {".gltf", &readGltf},
    {".glb", &readGltf},
    {".las", [](Bytes b, const fs::path& p) { return parseLas(b, p); }},
    {".laz", [](Bytes b, const fs::path& p) { return parseLas(b, p); }},
    {".e57", [](Bytes b, const fs::path& p) { return parseE57(b, p); }},
}};

std::string extensionOf(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(
      extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return extension;
}

const Kind* kindOf(std::string_view extension) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) { return kind.extension == extension; });
  return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace

bool isPointFile(const fs::path& path) {
  const std::string extension = extensionOf(path);
  return kindOf(extension) != nullptr || isTextCloudExtension(extension);
}

Result<CloudContent> readPointFile(const fs::path& path) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return failFile(ErrorCode::NotFound, path, "no such file", "Check the path");
  const std::string extension = extensionOf(path);
  if (!isPointFile(path)) {
    return failFile(ErrorCode::Unsupported,
                    path,
                    fmt::format("\"{}\" is no kind of scan that can be read", extension),
                    "Save it as PLY; PCD, XYZ, PTS, TXT, CSV, OBJ, STL, OFF, GLTF, GLB, LAS, LAZ and E57 are read too");
  }
  TAGSCAPE_ASSIGN(const auto bytes, FileBytes::read(path, kMaxBytes));
  if (const StandIn other = standInOf(bytes.span()); !other.problem.empty())
    return failFile(ErrorCode::InvalidInput, path, other.problem, other.remedy);
  const Kind* kind = kindOf(extension);
  TAGSCAPE_ASSIGN(auto content,
                  kind != nullptr ? kind->parse(bytes.span(), path) : parseTextCloud(textOf(bytes.span()), path));
  if (content.mesh.vertices.size() == 0)
    return failFile(ErrorCode::InvalidInput, path, "it holds no points", "Check that it is the right file");
  return content;
}

}  // namespace tagscape
