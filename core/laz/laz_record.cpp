#include "core/laz/laz_record.h"

#include "core/laz/little_endian.h"

#include <fmt/format.h>

namespace tagscape::laz {
namespace {

constexpr std::string_view kRemedy = "Write it as LAS, for example with las2las or CloudCompare";

enum ItemType : std::uint16_t {
  kBytes = 0,
  kPoint10 = 6,
  kTime = 7,
  kColor12 = 8,
  kWave13 = 9,
  kPoint14 = 10,
  kColor14 = 11,
  kColorInfrared14 = 12,
  kWave14 = 13,
  kBytes14 = 14
};

struct Item {
  std::uint16_t type, size, version;
};

/// @return false if the item is not known, or not where it must be.
bool addItem(const Item& item, bool is_first, Compression& compression) {
  constexpr std::uint16_t kPointwise = 2, kLayered = 3, kLayeredApart = 4;
  const bool is_layered = item.version == kLayered || item.version == kLayeredApart;
  compression.record_bytes += item.size;
  if (is_first) {
    compression.is_layered = item.type == kPoint14;
    compression.keeps_colors_apart = item.version == kLayeredApart;
    constexpr std::size_t kPointLayers = 9;
    compression.num_layers = kPointLayers;
    return (item.type == kPoint10 && item.size == 20 && item.version == kPointwise) ||
           (item.type == kPoint14 && item.size == 30 && is_layered);
  }
  switch (item.type) {
    case kTime:
      compression.has_time = true;
      return !compression.is_layered && item.size == 8 && item.version == kPointwise;
    case kColor12:
      compression.has_color = true;
      return !compression.is_layered && item.size == 6 && item.version == kPointwise;
    case kBytes:
      compression.num_extra_bytes += item.size;
      return !compression.is_layered && item.version == kPointwise;
    case kColor14:
    case kColorInfrared14:
      compression.has_color = true;
      compression.num_layers += item.type == kColor14 ? 1 : 2;
      return compression.is_layered && item.size == (item.type == kColor14 ? 6 : 8) && is_layered;
    case kWave14:
      compression.num_layers += 1;
      return compression.is_layered && is_layered;
    case kBytes14:
      compression.num_layers += item.size;
      return compression.is_layered && is_layered;
    default:
      return false;
  }
}

}  // namespace

Result<Compression> parseCompression(std::span<const std::byte> record, const std::filesystem::path& name) {
  constexpr std::size_t kItemsBegin = 34, kItemBytes = 6;
  constexpr std::uint16_t kOneRun = 1, kLayers = 3;
  const auto refuse = [&](const std::string& problem) {
    return failFile(ErrorCode::Unsupported, name, problem, kRemedy);
  };
  if (record.size() < kItemsBegin)
    return failFile(ErrorCode::InvalidInput, name, "the record on its compression is cut short", "Copy the file again");
  const auto compressor = load<std::uint16_t>(record.data());
  const auto num_items = load<std::uint16_t>(record.data() + kItemsBegin - 2);
  if (compressor < kOneRun || compressor > kLayers || load<std::uint16_t>(record.data() + 2) != 0)
    return refuse(fmt::format("its compression {} is not known", compressor));
  if (num_items == 0 || record.size() < kItemsBegin + kItemBytes * num_items)
    return failFile(ErrorCode::InvalidInput, name, "the record on its compression is cut short", "Copy the file again");
  Compression compression{.has_chunks = compressor != kOneRun, .chunk_size = load<std::uint32_t>(record.data() + 12)};
  for (std::size_t i = 0; i < num_items; ++i) {
    const std::byte* at = record.data() + kItemsBegin + kItemBytes * i;
    const Item item{load<std::uint16_t>(at), load<std::uint16_t>(at + 2), load<std::uint16_t>(at + 4)};
    if (!addItem(item, i == 0, compression)) {
      return refuse(
          item.type == kWave13
              ? "wave packets of point formats 4 and 5 are not read where they are compressed"
              : fmt::format("a part of its points (type {}, version {}) is not known", item.type, item.version));
    }
  }
  if (compression.is_layered != (compressor == kLayers) || compression.chunk_size == 0)
    return refuse("its compression contradicts itself");
  return compression;
}

}  // namespace tagscape::laz
