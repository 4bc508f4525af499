#include "core/io/npy_array.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

namespace tagscape {
namespace {

static_assert(std::endian::native == std::endian::little, "the header says that values are little-endian");

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kAlignment = 64;  // of the first value, as the format asks
constexpr std::string_view kRemedy = "Save it with numpy.save, as a plain array of numbers";

tl::unexpected<Error> refuse(const std::filesystem::path& name, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, name, problem, kRemedy);
}

struct Header {
  std::string_view dictionary;
  std::size_t size = 0;  ///< Bytes before the values.
};

Result<Header> findHeader(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  constexpr std::size_t kShort = 10, kLong = 12;
  if (text.size() < kShort || !text.starts_with(kMagic)) return refuse(name, "it does not begin as a .npy file does");
  const auto version = std::to_integer<int>(bytes[kMagic.size()]);
  const std::size_t before = version == 1 ? kShort : kLong;
  if (version < 1 || version > 3) return refuse(name, fmt::format("version {} of the format is not known", version));
  if (text.size() < before) return refuse(name, "its header is cut short");
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, before - 8);
  if (length > text.size() - before) return refuse(name, "its header is cut short");
  return Header{text.substr(before, length), before + length};
}

/// What follows 'key': in the dictionary.
std::optional<std::string_view> valueOf(std::string_view dictionary, std::string_view key) {
  const auto found = dictionary.find(fmt::format("'{}'", key));
  if (found == std::string_view::npos) return std::nullopt;
  const auto colon = dictionary.find(':', found);
  if (colon == std::string_view::npos) return std::nullopt;
  const auto begin = dictionary.find_first_not_of(' ', colon + 1);
  return begin == std::string_view::npos ? std::nullopt : std::optional(dictionary.substr(begin));
}

std::optional<NpyType> typeNamed(std::string_view descr) {
  if (descr.size() < 5 || descr[0] != '\'') return std::nullopt;
  const char order = descr[1], kind = descr[2];
  int bytes = 0;
  const auto [end, problem] = std::from_chars(descr.data() + 3, descr.data() + descr.size(), bytes);
  if (problem != std::errc() || *end != '\'') return std::nullopt;
  const bool is_known = (kind == 'f' && (bytes == 4 || bytes == 8)) || (kind == 'b' && bytes == 1) ||
                        ((kind == 'i' || kind == 'u') && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8));
  if (!is_known || (order == '>' && bytes > 1)) return std::nullopt;
  return NpyType{kind, bytes};
}

std::optional<std::vector<std::int64_t>> shapeIn(std::string_view tuple) {
  constexpr std::size_t kMaxDimensions = 8;
  const auto end = tuple.find(')');
  if (tuple.empty() || tuple[0] != '(' || end == std::string_view::npos) return std::nullopt;
  std::vector<std::int64_t> shape;
  const char* at = tuple.data() + 1;
  const char* const last = tuple.data() + end;
  while (at != last) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t side = 0;
    const auto [stopped, problem] = std::from_chars(at, last, side);
    if (problem != std::errc() || side < 0 || shape.size() == kMaxDimensions) return std::nullopt;
    shape.push_back(side);
    at = stopped;
  }
  return shape;
}

/// How many values a shape holds; nothing if that overflows.
std::optional<std::uint64_t> countOf(const std::vector<std::int64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::int64_t side : shape) {
    const auto factor = static_cast<std::uint64_t>(side);
    if (factor != 0 && count > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
    count *= factor;
  }
  return count;
}

/// Columns one after the other become rows.
void transpose(NpyArray& array) {
  const auto size = static_cast<std::size_t>(array.type.bytes);
  const auto rows = static_cast<std::size_t>(array.shape[0]), columns = static_cast<std::size_t>(array.shape[1]);
  std::vector<std::byte> turned(array.values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c)
      std::memcpy(turned.data() + (r * columns + c) * size, array.values.data() + (c * rows + r) * size, size);
  }
  array.values = std::move(turned);
}

template <class T>
double load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return static_cast<double>(value);
}

}  // namespace

double NpyArray::at(std::size_t i) const {
  const std::byte* from = values.data() + i * static_cast<std::size_t>(type.bytes);
  if (type.kind == 'f') return type.bytes == 4 ? load<float>(from) : load<double>(from);
  const bool is_signed = type.kind == 'i';
  switch (type.bytes) {
    case 1:
      return is_signed ? load<std::int8_t>(from) : load<std::uint8_t>(from);
    case 2:
      return is_signed ? load<std::int16_t>(from) : load<std::uint16_t>(from);
    case 4:
      return is_signed ? load<std::int32_t>(from) : load<std::uint32_t>(from);
    default:
      return is_signed ? load<std::int64_t>(from) : load<std::uint64_t>(from);
  }
}

Result<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const Header header, findHeader(bytes, name));
  const auto descr = valueOf(header.dictionary, "descr"), tuple = valueOf(header.dictionary, "shape");
  const auto order = valueOf(header.dictionary, "fortran_order");
  const auto type = descr ? typeNamed(*descr) : std::nullopt;
  if (!type) return refuse(name, "its values are no plain little-endian numbers");
  const auto shape = tuple ? shapeIn(*tuple) : std::nullopt;
  const auto count = shape ? countOf(*shape) : std::nullopt;
  if (!count || !order) return refuse(name, "its header has no usable shape");
  const std::size_t available = bytes.size() - header.size;
  if (*count != available / static_cast<std::size_t>(type->bytes) ||
      available % static_cast<std::size_t>(type->bytes) != 0)
    return refuse(name, fmt::format("its header announces {} values, but {} bytes follow it", *count, available));
  const bool is_fortran = order->starts_with("True");
  if (is_fortran && shape->size() > 2) return refuse(name, "an array of more than two dimensions in Fortran's order");
  const auto body = bytes.subspan(header.size);
  NpyArray array{*type, *shape, {body.begin(), body.end()}};
  if (is_fortran && shape->size() == 2) transpose(array);
  return array;
}

std::vector<std::byte> encodeNpyBytes(NpyType type,
                                      const std::vector<std::int64_t>& shape,
                                      std::span<const std::byte> values) {
  const auto count = countOf(shape);
  if (!count || *count * static_cast<std::uint64_t>(type.bytes) != values.size())
    throw std::logic_error("encodeNpyBytes: the shape does not fit the values");
  std::string sides;
  for (const std::int64_t side : shape) sides += fmt::format("{}, ", side);
  // A tuple of one needs its comma, the others may not end with ", ".
  if (!shape.empty()) sides.resize(sides.size() - (shape.size() > 1 ? 2 : 1));
  std::string text = fmt::format("{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                 type.bytes == 1 ? '|' : '<',
                                 type.kind,
                                 type.bytes,
                                 sides);
  constexpr std::size_t kBefore = 10;
  text.append((kAlignment - (kBefore + text.size() + 1) % kAlignment) % kAlignment, ' ');
  text += '\n';
  std::string start(kMagic);
  start += '\x01';
  start += '\0';
  start += static_cast<char>(text.size() & 0xffU);
  start += static_cast<char>(text.size() >> 8U);
  start += text;
  std::vector<std::byte> bytes(start.size() + values.size());
  std::memcpy(bytes.data(), start.data(), start.size());
  if (!values.empty()) std::memcpy(bytes.data() + start.size(), values.data(), values.size());
  return bytes;
}

}  // namespace tagscape
