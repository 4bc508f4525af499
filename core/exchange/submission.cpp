#include "core/exchange/submission.h"

#include "core/base/files.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/scannet_text.h"
#include "core/exchange/manifest.h"
#include "core/io/image_codec.h"
#include "core/io/zip_archive.h"
#include "core/io/zip_write.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kSemantic = "scannet", kInstances = "scannet-instances", kImages = "label-images";

tl::unexpected<Error> breaks(const fs::path& file, std::string_view rule, std::string_view remedy) {
  return failFile(ErrorCode::InvalidInput, file, rule, remedy);
}

/// "scene0707_00"
bool isSceneName(std::string_view name) {
  constexpr std::string_view kPattern = "sceneNNNN_NN";
  return name.size() == kPattern.size() && std::equal(name.begin(), name.end(), kPattern.begin(), [](char a, char b) {
           return b == 'N' ? std::isdigit(static_cast<unsigned char>(a)) != 0 : a == b;
         });
}

bool isBenchmarkId(std::int64_t id) {
  return id == 0 || (id > 0 && id <= 40 && classByNyu40(static_cast<int>(id)).has_value());
}

Status checkNumbers(const fs::path& file, std::uint64_t num_points, bool is_mask) {
  TAGSCAPE_ASSIGN(const auto numbers, formats::readNumberLines(file));
  if (numbers.size() != num_points)
    return breaks(
        file, fmt::format("it has {} lines, and the mesh has {} vertices", numbers.size(), num_points), "Export again");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool fits = is_mask ? numbers[i] == 0 || numbers[i] == 1 : isBenchmarkId(numbers[i]);
    if (!fits)
      return breaks(file,
                    fmt::format("line {} is {}, which the benchmark does not know", i + 1, numbers[i]),
                    "Export the 20 classes of the benchmark");
  }
  return {};
}

Status checkInstanceList(const fs::path& file) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file));
  std::istringstream lines(text);
  std::string mask;
  int id = 0;
  double confidence = 0;
  for (int number = 1; lines >> mask >> id >> confidence; ++number) {
    const bool is_object = isBenchmarkId(id) && id > 2;  // wall and floor are no objects
    if (!is_object || confidence < 0 || confidence > 1)
      return breaks(file,
                    fmt::format("line {} has id {} and confidence {}", number, id, confidence),
                    "Export the 18 classes of objects");
  }
  return {};
}

Status checkImage(const fs::path& file, std::span<const std::byte> bytes) {
  TAGSCAPE_ASSIGN(const RawDepthImage image, decodePng16(bytes, file));
  const auto bad =
      std::find_if(image.pixels.begin(), image.pixels.end(), [](std::uint16_t id) { return !isBenchmarkId(id); });
  if (bad == image.pixels.end()) return {};
  return breaks(file,
                fmt::format("a pixel is {}, which the benchmark does not know", *bad),
                "Export the 20 classes of the benchmark");
}

/// The name that a file has in the archive; empty for one that does not belong there.
std::string entryName(const ExportedFile& file, const std::string& scene) {
  const fs::path below = fs::path(file.path).lexically_relative(file.format);
  if (file.format == kSemantic) return below == scene + ".txt" ? below.string() : std::string();
  if (file.format == kInstances) return below.string();
  if (below.parent_path().filename() != "label") return {};
  const int number = formats::trailingNumber(below.stem().string()).value_or(0);
  return fmt::format("{}_{:06}.png", scene, number);
}

Status checkRules(const fs::path& path,
                  const std::string& name,
                  const ExportedScene& scene,
                  std::span<const std::byte> bytes,
                  std::string_view format) {
  if (format == kImages) return checkImage(path, bytes);
  const bool is_mask = name.find('/') != std::string::npos;
  if (format == kInstances && !is_mask) return checkInstanceList(path);
  return checkNumbers(path, scene.num_points, is_mask);
}

Status addScene(const fs::path& folder,
                const ExportedScene& scene,
                std::string_view format,
                std::vector<ZipEntry>& entries) {
  if (!isSceneName(scene.name))
    return breaks(folder / format,
                  fmt::format("the benchmark knows no scene '{}'", scene.name),
                  "Submit scenes that are named like scene0707_00");
  for (const ExportedFile& file : scene.files) {
    const std::string name = file.format == format ? entryName(file, scene.name) : std::string();
    if (name.empty()) continue;
    TAGSCAPE_ASSIGN(auto bytes, readFile(folder / file.path));
    TAGSCAPE_TRY(checkRules(folder / file.path, name, scene, bytes, format));
    entries.push_back({name, std::move(bytes)});
  }
  return {};
}

}  // namespace

bool isSubmissionFormat(const ExchangeFormat& format) {
  return format.name == kSemantic || format.name == kInstances || format.name == kImages;
}

Result<fs::path> writeSubmission(const fs::path& folder, const ExchangeFormat& format, const Job& job) {
  std::vector<fs::path> manifests;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(sceneManifestFile(folder, "scene").parent_path(), code))
    manifests.push_back(entry.path());
  std::sort(manifests.begin(), manifests.end());
  std::vector<ZipEntry> entries;
  for (const fs::path& file : manifests) {
    TAGSCAPE_TRY(job.checkStop("Packing"));
    TAGSCAPE_ASSIGN(const ExportedScene scene, readSceneManifest(file));
    TAGSCAPE_TRY(addScene(folder, scene, format.name, entries));
  }
  if (entries.empty())
    return failFile(ErrorCode::NotFound, folder, fmt::format("it has no export as {}", format.name), "Export first");
  const fs::path path = folder / fmt::format("{}-submission.zip", format.name);
  TAGSCAPE_TRY(writeZip(path, entries));
  TAGSCAPE_ASSIGN(const auto archive, ZipArchive::open(path));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    TAGSCAPE_ASSIGN(const auto bytes, archive->read(i, entries[i].bytes.size() + 1));
    if (archive->names()[i] != entries[i].name || bytes != entries[i].bytes)
      return failFile(ErrorCode::Internal,
                      path,
                      fmt::format("reading {} back gave other bytes", entries[i].name),
                      "Check the disk");
  }
  return path;
}

}  // namespace tagscape
