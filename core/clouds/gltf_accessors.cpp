#include "core/clouds/gltf_accessors.h"

#include "core/io/byte_cursor.h"
#include "core/io/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

namespace tagscape::gltf_detail {
namespace {

/// Bytes of a component by its type in the file; 0 for none.
std::size_t sizeOf(std::uint64_t component) {
  switch (component) {
    case 5120:
    case 5121:
      return 1;
    case 5122:
    case 5123:
      return 2;
    case 5125:
    case 5126:
      return 4;
    default:
      return 0;
  }
}

template <class T>
double load(const std::byte* from, bool normalized) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  if (!normalized || std::is_floating_point_v<T>) return static_cast<double>(value);
  return std::max(-1.0, static_cast<double>(value) / static_cast<double>(std::numeric_limits<T>::max()));
}

double loadComponent(std::uint64_t component, const std::byte* from, bool normalized) {
  switch (component) {
    case 5120:
      return load<std::int8_t>(from, normalized);
    case 5121:
      return load<std::uint8_t>(from, normalized);
    case 5122:
      return load<std::int16_t>(from, normalized);
    case 5123:
      return load<std::uint16_t>(from, normalized);
    case 5125:
      return load<std::uint32_t>(from, normalized);
    default:
      return load<float>(from, normalized);
  }
}

std::size_t widthOf(std::string_view type) {
  if (type == "SCALAR") return 1;
  if (type == "VEC2") return 2;
  if (type == "VEC3") return 3;
  if (type == "VEC4") return 4;
  return 0;
}

std::string textIn(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>()
                                                                               : std::string();
}

std::optional<std::vector<std::byte>> decodeBase64(std::string_view text) {
  std::vector<std::byte> bytes;
  std::uint32_t bits = 0;
  int num_bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    num_bits += 6;
    if (num_bits < 8) continue;
    num_bits -= 8;
    bytes.push_back(static_cast<std::byte>((bits >> num_bits) & 255));
  }
  return bytes;
}

}  // namespace

std::uint64_t wholeIn(const json& object, const char* key, std::uint64_t otherwise) {
  constexpr double kLargest = 9007199254740992.0;
  if (!object.is_object() || !object.contains(key) || !object[key].is_number()) return otherwise;
  const auto value = object[key].get<double>();
  return value >= 0 && value <= kLargest ? static_cast<std::uint64_t>(value) : otherwise;
}

const json& listIn(const json& object, const char* key) {
  static const json kNone = json::array();
  return object.is_object() && object.contains(key) && object[key].is_array() ? object[key] : kNone;
}

tl::unexpected<Error> Accessors::refuse(std::string_view problem) const {
  return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
}

Result<Accessors> Accessors::open(std::span<const std::byte> bytes,
                                  const std::filesystem::path& name,
                                  const BufferReader& read) {
  Accessors accessors;
  accessors.name_ = name;
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("glTF")) TAGSCAPE_TRY(accessors.openGlb(bytes, text));
  TAGSCAPE_ASSIGN(accessors.document_, parseJson(text, name));
  for (const auto& extension : listIn(accessors.document_, "extensionsRequired")) {
    const std::string required = extension.is_string() ? extension.get<std::string>() : std::string();
    if (required != "KHR_draco_mesh_compression" && required != "EXT_meshopt_compression") continue;
    return failFile(ErrorCode::Unsupported,
                    name,
                    fmt::format("its meshes are compressed ({}), which is not read", required),
                    "Export it without compression");
  }
  TAGSCAPE_TRY(accessors.readBuffers(read));
  return accessors;
}

Status Accessors::openGlb(std::span<const std::byte> bytes, std::string_view& text) {
  ByteCursor cursor(bytes, name_, kRemedy);
  constexpr std::uint64_t kMagicAndVersion = 8;
  constexpr std::uint32_t kJson = 0x4E4F534A;
  constexpr std::uint32_t kBinary = 0x004E4942;
  TAGSCAPE_TRY(cursor.take(kMagicAndVersion + sizeof(std::uint32_t)));
  text = {};
  while (cursor.remaining() >= 2 * sizeof(std::uint32_t)) {
    TAGSCAPE_ASSIGN(const auto length, cursor.number<std::uint32_t>());
    TAGSCAPE_ASSIGN(const auto type, cursor.number<std::uint32_t>());
    TAGSCAPE_ASSIGN(const auto chunk, cursor.take(length));
    if (type == kJson && text.empty()) text = {reinterpret_cast<const char*>(chunk.data()), chunk.size()};
    if (type == kBinary && binary_chunk_.empty()) binary_chunk_.assign(chunk.begin(), chunk.end());
  }
  return {};
}

Status Accessors::readBuffers(const BufferReader& read) {
  constexpr std::size_t kMaxBuffers = 10000;
  const json& buffers = listIn(document_, "buffers");
  if (buffers.size() > kMaxBuffers) return refuse("it has more than 10,000 buffers");
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const std::string uri = textIn(buffers[i], "uri");
    std::vector<std::byte> bytes;
    if (uri.empty()) {
      bytes = std::move(binary_chunk_);
    } else if (uri.starts_with("data:")) {
      const auto comma = uri.find(";base64,");
      auto decoded = comma == std::string::npos ? std::nullopt : decodeBase64(std::string_view(uri).substr(comma + 8));
      if (!decoded) return refuse(fmt::format("buffer {} is no base64", i));
      bytes = std::move(*decoded);
    } else {
      TAGSCAPE_ASSIGN(bytes, read(uri));
    }
    num_bytes_ += bytes.size();
    buffers_.push_back(std::move(bytes));
  }
  return {};
}

Result<Accessors::View> Accessors::view(std::uint64_t index) const {
  const json& views = listIn(document_, "bufferViews");
  if (index >= views.size()) return refuse(fmt::format("bufferView {} does not exist", index));
  const json& view = views[index];
  const std::uint64_t buffer = wholeIn(view, "buffer", buffers_.size());
  if (buffer >= buffers_.size()) return refuse(fmt::format("bufferView {} names a buffer that does not exist", index));
  const auto& bytes = buffers_[buffer];
  const std::uint64_t offset = wholeIn(view, "byteOffset", 0);
  const std::uint64_t length = wholeIn(view, "byteLength", 0);
  if (offset > bytes.size() || length > bytes.size() - offset) {
    return refuse(
        fmt::format("bufferView {} ends at byte {}, but its buffer has {}", index, offset + length, bytes.size()));
  }
  constexpr std::uint64_t kMaxStride = 65536;
  return View{std::span(bytes).subspan(offset, length), std::min(wholeIn(view, "byteStride", 0), kMaxStride)};
}

Status Accessors::fill(const json& accessor, std::size_t count, Array& array) const {
  const std::uint64_t component = wholeIn(accessor, "componentType", 0);
  const std::size_t row_bytes = sizeOf(component) * array.width;
  TAGSCAPE_ASSIGN(const View view, this->view(wholeIn(accessor, "bufferView", ~std::uint64_t{0})));
  const std::uint64_t offset = wholeIn(accessor, "byteOffset", 0);
  const std::size_t stride = view.stride == 0 ? row_bytes : view.stride;
  const bool fits = count == 0 || (offset <= view.bytes.size() && row_bytes <= view.bytes.size() - offset &&
                                   (count - 1) <= (view.bytes.size() - offset - row_bytes) / stride);
  if (!fits) return refuse("its bytes end before its rows do");
  const bool normalized = accessor.contains("normalized") && accessor["normalized"] == true;
  array.values.reserve(count * array.width);
  for (std::size_t row = 0; row < count; ++row) {
    const std::byte* from = view.bytes.data() + offset + row * stride;
    for (std::size_t i = 0; i < array.width; ++i)
      array.values.push_back(loadComponent(component, from + i * sizeOf(component), normalized));
  }
  return {};
}

Status Accessors::fillSparse(const json& accessor, Array& array) const {
  const json& sparse = accessor["sparse"];
  const std::uint64_t count = wholeIn(sparse, "count", 0);
  if (count > array.size() || !sparse.is_object() || !sparse.contains("indices") || !sparse.contains("values"))
    return refuse("it is sparse without indices and values");
  Array indices{{}, 1}, values{{}, array.width};
  json of_values = sparse["values"];
  if (!of_values.is_object() || sizeOf(wholeIn(sparse["indices"], "componentType", 0)) == 0)
    return refuse("its sparse indices have no type");
  of_values["componentType"] = accessor["componentType"];
  TAGSCAPE_TRY(fill(sparse["indices"], count, indices));
  TAGSCAPE_TRY(fill(of_values, count, values));
  for (std::size_t i = 0; i < count; ++i) {
    if (!(indices.values[i] >= 0 && indices.values[i] < static_cast<double>(array.size())))
      return refuse("a sparse index is larger than its count");
    const auto row = static_cast<std::size_t>(indices.values[i]);
    std::copy_n(values.values.begin() + static_cast<std::ptrdiff_t>(i * array.width),
                array.width,
                array.values.begin() + static_cast<std::ptrdiff_t>(row * array.width));
  }
  return {};
}

Result<Array> Accessors::array(std::uint64_t index) const {
  const json& accessors = listIn(document_, "accessors");
  if (index >= accessors.size()) return refuse(fmt::format("accessor {} does not exist", index));
  const json& accessor = accessors[index];
  Array array{{}, widthOf(textIn(accessor, "type"))};
  if (array.width == 0 || sizeOf(wholeIn(accessor, "componentType", 0)) == 0)
    return refuse(fmt::format("accessor {} has no known type", index));
  const std::uint64_t count = wholeIn(accessor, "count", 0);
  const bool has_view = accessor.contains("bufferView");
  constexpr std::uint64_t kMaxWithoutBytes = std::uint64_t{1} << 20;  // rows that are all 0, but for a few
  if (!has_view && count > kMaxWithoutBytes) return refuse(fmt::format("accessor {} has no bytes", index));
  Status filled;
  if (has_view) {
    filled = fill(accessor, count, array);
  } else {
    array.values.assign(count * array.width, 0);
  }
  if (filled && accessor.contains("sparse")) filled = fillSparse(accessor, array);
  if (!filled) return refuse(fmt::format("accessor {}: {}", index, filled.error().message));
  return array;
}

}  // namespace tagscape::gltf_detail
