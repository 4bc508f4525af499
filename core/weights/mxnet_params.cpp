#include "core/weights/mxnet_params.h"

#include "core/io/byte_cursor.h"
#include "core/io/byte_source.h"
#include "core/io/tensor_size.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

namespace tagscape {
namespace {

constexpr std::uint64_t kFileMagic = 0x112;
constexpr std::uint32_t kMagicV1 = 0xF993fac8;  // 64-bit sides
constexpr std::uint32_t kMagicV2 = 0xF993fac9;  // and a kind of storage
constexpr std::uint32_t kMagicV3 = 0xF993faca;  // and numpy's meaning of "no sides": a single value
constexpr std::uint32_t kMaxSides = 32;
constexpr std::uint64_t kMaxArrays = 1'000'000;
constexpr std::string_view kRemedy = "Download or copy the file again, and compare its checksum";

/// By MXNet's type flag.
constexpr std::array<const char*, 7> kTypes{"F32", "F64", "F16", "U8", "I32", "I8", "I64"};

/// The sides of an array; nothing if it has none and carries no values.
using Shape = std::optional<std::vector<std::int64_t>>;

template <class Side>
Result<Shape> readSides(ByteCursor& bytes, std::uint32_t count) {
  if (count > kMaxSides) return bytes.refuse(fmt::format("an array of {} dimensions", count));
  std::vector<std::int64_t> sides;
  for (std::uint32_t i = 0; i < count; ++i) {
    TAGSCAPE_ASSIGN(const Side side, bytes.number<Side>());
    sides.push_back(static_cast<std::int64_t>(side));
  }
  return Shape(std::move(sides));
}

/// Everything before the context: the layout's mark, the kind of storage, the sides.
Result<Shape> readShape(ByteCursor& bytes) {
  TAGSCAPE_ASSIGN(const auto magic, bytes.number<std::uint32_t>());
  const bool has_storage = magic == kMagicV2 || magic == kMagicV3;
  if (!has_storage && magic != kMagicV1) {
    // The oldest layout has no mark: this is the number of sides, and they have 32 bits.
    if (magic == 0) return Shape();
    return readSides<std::uint32_t>(bytes, magic);
  }
  if (has_storage) {
    TAGSCAPE_ASSIGN(const auto storage, bytes.number<std::int32_t>());
    if (storage != 0) return bytes.refuse(fmt::format("a sparse array (storage {}), which no weights are", storage));
  }
  TAGSCAPE_ASSIGN(const auto count, bytes.number<std::int32_t>());
  if (count == -1 || (count == 0 && magic != kMagicV3)) return Shape();
  return readSides<std::int64_t>(bytes, static_cast<std::uint32_t>(count));
}

Result<std::optional<TensorBlob>> readArray(ByteCursor& bytes) {
  TAGSCAPE_ASSIGN(auto shape, readShape(bytes));
  if (!shape) return std::optional<TensorBlob>();
  TAGSCAPE_TRY(bytes.number<std::int32_t>());  // the device that it lay on, and its number: of no interest
  TAGSCAPE_TRY(bytes.number<std::int32_t>());
  TAGSCAPE_ASSIGN(const auto type, bytes.number<std::int32_t>());
  if (type < 0 || static_cast<std::size_t>(type) >= kTypes.size()) {
    return bytes.refuse(fmt::format("an array of the unknown type {}", type));
  }
  TensorBlob blob{kTypes[static_cast<std::size_t>(type)], std::move(*shape), {}};
  const auto size = tensorBytes(blob.shape, elementSize(blob.dtype));
  if (!size) return bytes.refuse(fmt::format("an array of the impossible shape [{}]", fmt::join(blob.shape, ", ")));
  TAGSCAPE_ASSIGN(const auto values, bytes.take(*size));
  blob.bytes.assign(values.begin(), values.end());
  return std::optional(std::move(blob));
}

Result<std::vector<std::string>> readNames(ByteCursor& bytes, std::size_t num_arrays) {
  TAGSCAPE_ASSIGN(const auto count, bytes.number<std::uint64_t>());
  if (count != 0 && count != num_arrays) {
    return bytes.refuse(fmt::format("{} names for {} arrays", count, num_arrays));
  }
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < num_arrays; ++i) {
    if (count == 0) {
      names.push_back(std::to_string(i));
      continue;
    }
    TAGSCAPE_ASSIGN(const auto length, bytes.number<std::uint64_t>());
    TAGSCAPE_ASSIGN(const auto name, bytes.text(length));
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

bool looksLikeMxnetParams(std::span<const std::byte> bytes) {
  std::uint64_t magic = 0;
  if (bytes.size() < sizeof(magic)) return false;
  std::memcpy(&magic, bytes.data(), sizeof(magic));
  return magic == kFileMagic;
}

Result<TensorFile> readMxnetParams(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const FileBytes file, FileBytes::read(path, kMaxWeightFileBytes));
  return parseMxnetParams(file.span(), path);
}

Result<TensorFile> parseMxnetParams(std::span<const std::byte> content, const std::filesystem::path& name) {
  ByteCursor bytes(content, name, kRemedy);
  TAGSCAPE_ASSIGN(const auto magic, bytes.number<std::uint64_t>());
  if (magic != kFileMagic) return bytes.refuseAt(0, "not an MXNet parameter file");
  TAGSCAPE_TRY(bytes.number<std::uint64_t>());
  TAGSCAPE_ASSIGN(const auto num_arrays, bytes.number<std::uint64_t>());
  if (num_arrays > std::min(kMaxArrays, bytes.remaining() / sizeof(std::uint32_t))) {
    return bytes.refuse(fmt::format("it claims {} arrays, more than such a file has", num_arrays));
  }
  // Arrays come before their names. The list grows as they are read: a claim alone allocates nothing.
  std::vector<std::optional<TensorBlob>> arrays;
  for (std::uint64_t i = 0; i < num_arrays; ++i) {
    TAGSCAPE_ASSIGN(auto array, readArray(bytes));
    arrays.push_back(std::move(array));
  }
  TAGSCAPE_ASSIGN(const auto names, readNames(bytes, arrays.size()));
  if (bytes.remaining() > 0) return bytes.refuse(fmt::format("{} bytes too many", bytes.remaining()));
  TensorFile found;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (!arrays[i]) continue;
    if (!found.tensors.emplace(names[i], std::move(*arrays[i])).second) {
      return bytes.refuse(fmt::format("two arrays are called \"{:.80}\"", names[i]));
    }
  }
  return found;
}

}  // namespace tagscape
