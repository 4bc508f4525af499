#pragma once

#include "core/exchange/exchange_format.h"

#include <nlohmann/json_fwd.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// What the writers and readers of several formats need.
namespace tagscape::formats {

/// Bytes that grow, little-endian.
class ByteBuffer {
 public:
  void reserve(std::size_t size) { bytes_.reserve(size); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  void put(const void* data, std::size_t size) {
    const auto* begin = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { put(&value, sizeof(value)); }
  void put(std::string_view text) { put(text.data(), text.size()); }
  /// Text in a field of this many bytes, filled with zeros.
  void putPadded(std::string_view text, std::size_t size) {
    put(text.substr(0, size));
    bytes_.resize(bytes_.size() + size - std::min(size, text.size()));
  }
  [[nodiscard]] std::vector<std::byte> take() && { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

[[nodiscard]] std::vector<std::byte> bytesOfText(std::string_view text);
/// Without blanks, as large files are.
[[nodiscard]] std::vector<std::byte> bytesOfJson(const nlohmann::ordered_json& value);
/// A whole JSON file. Errors: NotFound; InvalidInput naming the byte.
[[nodiscard]] Result<nlohmann::json> readJson(const std::filesystem::path& path);

/// A whole number in an object; `otherwise` where there is none.
[[nodiscard]] std::int64_t numberIn(const nlohmann::json& object, const char* key, std::int64_t otherwise = -1);
/// The same, brought into 0 … 2^32 - 1: numbers of objects.
[[nodiscard]] std::uint32_t countIn(const nlohmann::json& object, const char* key);

/// The id that files have for a row of the classes; 0 for kUnlabelled.
[[nodiscard]] inline std::uint16_t idOf(const ExchangeClasses& classes, std::uint16_t row) {
  return row == kUnlabelled ? std::uint16_t{0} : classes[row].id;
}
/// "#aec7e8"
[[nodiscard]] std::string hexColor(const Color8& rgb);
/// The same back; black where the text is no colour.
[[nodiscard]] Color8 colorFromHex(std::string_view text);

/// Where a point stands in the scan's files: with the offset of large coordinates added.
[[nodiscard]] inline Eigen::Vector3d placeOf(const Scene& scene, std::size_t point) {
  return scene.points().positions_m[point].cast<double>() + scene.offset_m;
}
/// The point's colour; grey where the scan has none.
[[nodiscard]] Color8 colorOf(const Scene& scene, std::size_t point);

/// 0 (kForeignNone) … as ids of files are read: 0 is no label.
[[nodiscard]] inline std::int32_t foreignId(std::int64_t id) {
  return id <= 0 || id > INT32_MAX ? kForeignNone : static_cast<std::int32_t>(id);
}

/// The file of a scene: `place` itself if it is a file, else <place>/<scene><ending>; with an empty `scene` the only
/// file there that ends so. Errors: NotFound naming what was looked for; InvalidInput if several could be meant.
[[nodiscard]] Result<std::filesystem::path> sceneFile(const std::filesystem::path& place,
                                                      const std::string& scene,
                                                      std::string_view ending);
/// The folder of a scene: <place>/<scene> where that is a folder, or `place` itself if it has `inside`; with an empty
/// scene the only folder in `place` that has it. Errors: as sceneFile.
[[nodiscard]] Result<std::filesystem::path> sceneFolder(const std::filesystem::path& place,
                                                        const std::string& scene,
                                                        std::string_view inside);

/// Files <number>.png and the like in a folder, by number, ascending; others are passed over.
[[nodiscard]] std::vector<std::pair<int, std::filesystem::path>> numberedFiles(const std::filesystem::path& folder,
                                                                               std::string_view extension);
/// The number at the end of a name without its extension: "room_000012" is 12.
[[nodiscard]] std::optional<int> trailingNumber(std::string_view stem);

/// A key of 32 hexadecimal digits that is the same for the same text.
[[nodiscard]] std::string keyFor(std::string_view text);

/// Every (class, instance) among points or pixels, in the order of (class row, instance), with the positions that have
/// it. kUnlabelled is left out.
struct LabelledGroup {
  std::uint16_t row = 0;
  std::uint32_t instance = 0;  ///< 0: those of the class without one.
  std::vector<std::uint32_t> members;
};
[[nodiscard]] std::vector<LabelledGroup> groupsOf(std::span<const std::uint16_t> rows,
                                                  std::span<const std::uint32_t> instances);

}  // namespace tagscape::formats
