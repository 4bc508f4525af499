#include "core/annotate/label_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <zlib.h>

namespace tagscape {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr float kUnit_m = 0.001F;

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::InvalidInput, fmt::format("a damaged record: {}", what));
}

template <class T>
void append(std::vector<std::byte>& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xffU));
}

void appendVarint(std::vector<std::byte>& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::byte>(value | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<std::byte>(value));
}

std::vector<std::byte> packed(const std::vector<std::byte>& raw) {
  std::vector<std::byte> out(kHeaderBytes + compressBound(raw.size()));
  uLongf length = out.size() - kHeaderBytes;
  compress2(reinterpret_cast<Bytef*>(out.data()) + kHeaderBytes,
            &length,
            reinterpret_cast<const Bytef*>(raw.data()),
            raw.size(),
            Z_BEST_SPEED);
  out.resize(kHeaderBytes + length);
  std::vector<std::byte> header;
  append<std::uint64_t>(header, raw.size());
  std::copy(header.begin(), header.end(), out.begin() + 4);
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(out.data()) + 4, static_cast<uInt>(out.size() - 4));
  header.clear();
  append<std::uint32_t>(header, static_cast<std::uint32_t>(sum));
  std::copy(header.begin(), header.end(), out.begin());
  return out;
}

std::uint64_t littleEndian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

/// @param max_bytes  what there may be at most before compression.
Result<std::vector<std::byte>> unpacked(std::span<const std::byte> bytes, std::size_t max_bytes) {
  if (bytes.size() < kHeaderBytes) return damaged("it is cut short");
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()) + 4, static_cast<uInt>(bytes.size() - 4));
  if (littleEndian(bytes.first(4)) != sum) return damaged("its checksum is wrong");
  const std::uint64_t length = littleEndian(bytes.subspan(4, 8));
  if (length > max_bytes) return damaged("it is larger than its layer");
  std::vector<std::byte> raw(length);
  uLongf written = raw.size();
  const int code = uncompress(reinterpret_cast<Bytef*>(raw.data()),
                              &written,
                              reinterpret_cast<const Bytef*>(bytes.data()) + kHeaderBytes,
                              bytes.size() - kHeaderBytes);
  if (code != Z_OK || written != raw.size()) return damaged("it cannot be uncompressed");
  return raw;
}

/// Reads what append() wrote; past the end it gives 0 and remembers.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class T>
  T take() {
    if (at_ + sizeof(T) > bytes_.size()) {
      failed_ = true;
      return 0;
    }
    const auto value = static_cast<T>(littleEndian(bytes_.subspan(at_, sizeof(T))));
    at_ += sizeof(T);
    return value;
  }
  std::uint64_t takeVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = take<std::uint8_t>();
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void appendColumns(std::vector<std::byte>& out, std::span<const LabelValue> values) {
  for (const LabelValue& value : values) append(out, value.label);
  for (const LabelValue& value : values) append(out, value.confidence);
  for (const LabelValue& value : values) append(out, value.instance);
  for (const LabelValue& value : values) append(out, value.source);
}

std::vector<LabelValue> takeColumns(Cursor& cursor, std::size_t count) {
  std::vector<LabelValue> values(count);
  for (LabelValue& value : values) value.label = cursor.take<std::uint8_t>();
  for (LabelValue& value : values) value.confidence = cursor.take<std::uint8_t>();
  for (LabelValue& value : values) value.instance = cursor.take<std::uint16_t>();
  for (LabelValue& value : values) value.source = cursor.take<std::uint16_t>();
  return values;
}

}  // namespace

std::vector<std::byte> encodeDelta(const LabelDelta& delta) {
  std::vector<std::byte> raw;
  raw.reserve(delta.size() * (2 + 2 * LabelLayer::kBytesAnElement) + 8);
  append<std::uint32_t>(raw, static_cast<std::uint32_t>(delta.size()));
  std::uint32_t last = 0;
  for (const std::uint32_t element : delta.elements) {
    appendVarint(raw, element - last);
    last = element;
  }
  appendColumns(raw, delta.before);
  appendColumns(raw, delta.after);
  return packed(raw);
}

Result<LabelDelta> decodeDelta(std::span<const std::byte> bytes, std::size_t layer_size) {
  constexpr std::size_t kMaxVarint = 5;
  TAGSCAPE_ASSIGN(const auto raw, unpacked(bytes, 8 + layer_size * (kMaxVarint + 2 * LabelLayer::kBytesAnElement)));
  Cursor cursor(raw);
  const auto count = cursor.take<std::uint32_t>();
  if (count > layer_size) return damaged("it has more elements than its layer");
  LabelDelta delta;
  delta.elements.resize(count);
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t step = cursor.takeVarint();
    last += step;
    if (last >= layer_size || (i > 0 && step == 0)) return damaged("elements that its layer does not have");
    delta.elements[i] = static_cast<std::uint32_t>(last);
  }
  delta.before = takeColumns(cursor, count);
  delta.after = takeColumns(cursor, count);
  if (cursor.failed()) return damaged("it is cut short");
  return delta;
}

std::vector<std::byte> encodeLayer(const LabelLayer& layer) {
  std::vector<std::byte> raw;
  raw.reserve(layer.size() * LabelLayer::kBytesAnElement);
  for (const auto value : layer.labels()) append(raw, value);
  for (const auto value : layer.confidence()) append(raw, value);
  for (const auto value : layer.instances()) append(raw, value);
  for (const auto value : layer.sources()) append(raw, value);
  return packed(raw);
}

Result<LabelLayer> decodeLayer(std::span<const std::byte> bytes, std::size_t layer_size) {
  TAGSCAPE_ASSIGN(const auto raw, unpacked(bytes, layer_size * LabelLayer::kBytesAnElement));
  if (raw.size() != layer_size * LabelLayer::kBytesAnElement) return damaged("it is of another number of elements");
  Cursor cursor(raw);
  return LabelLayer(takeColumns(cursor, layer_size));
}

std::vector<std::byte> encodePositions(std::span<const Eigen::Vector3f> positions_m) {
  Eigen::Vector3f low = Eigen::Vector3f::Constant(std::numeric_limits<float>::max());
  for (const auto& position : positions_m) {
    if (position.allFinite()) low = low.cwiseMin(position);
  }
  if (!positions_m.empty() && low.x() == std::numeric_limits<float>::max()) low.setZero();
  std::vector<std::byte> raw;
  raw.reserve(12 * (positions_m.size() + 1));
  for (int axis = 0; axis < 3; ++axis) append(raw, std::bit_cast<std::uint32_t>(low[axis]));
  for (int axis = 0; axis < 3; ++axis) {
    std::int64_t last = 0;
    for (const auto& position : positions_m) {
      constexpr float kMaxUnits = 1e9F;
      const float units = position.allFinite() ? std::min((position[axis] - low[axis]) / kUnit_m, kMaxUnits) : 0.F;
      const auto whole = static_cast<std::int64_t>(std::lround(units));
      const std::int64_t step = whole - last;
      appendVarint(raw, static_cast<std::uint64_t>(step) << 1U ^ static_cast<std::uint64_t>(step >> 63));
      last = whole;
    }
  }
  return packed(raw);
}

Result<std::vector<Eigen::Vector3f>> decodePositions(std::span<const std::byte> bytes, std::size_t num_points) {
  constexpr std::size_t kMaxVarint = 6;
  TAGSCAPE_ASSIGN(const auto raw, unpacked(bytes, 12 + 3 * kMaxVarint * num_points));
  Cursor cursor(raw);
  Eigen::Vector3f low;
  for (int axis = 0; axis < 3; ++axis) low[axis] = std::bit_cast<float>(cursor.take<std::uint32_t>());
  std::vector<Eigen::Vector3f> positions(num_points);
  for (int axis = 0; axis < 3; ++axis) {
    std::int64_t last = 0;
    for (auto& position : positions) {
      const std::uint64_t coded = cursor.takeVarint();
      last += static_cast<std::int64_t>(coded >> 1U) ^ -static_cast<std::int64_t>(coded & 1U);
      position[axis] = low[axis] + static_cast<float>(last) * kUnit_m;
    }
  }
  if (cursor.failed() || !low.allFinite()) return damaged("it is cut short");
  return positions;
}

}  // namespace tagscape
