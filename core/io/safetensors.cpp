#include "core/io/safetensors.h"

#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/io/tensor_size.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <span>
#include <stdexcept>

namespace tagscape {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian data, copied as it is");

// The largest networks there are have some hundred kilobytes; parsed, a header needs many times its size.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{16} << 20;
constexpr std::string_view kRemedy = "Copy or write the file again";

tl::unexpected<Error> refuse(const std::filesystem::path& name, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, name, problem, kRemedy);
}

struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A tensor as the header describes it; its bytes are copied only after all of them were checked.
struct Described {
  std::string key;
  TensorBlob blob;
  Extent extent;
};

Result<Described> describe(const std::string& key,
                           const json& entry,
                           std::size_t data_bytes,
                           const std::filesystem::path& name) {
  Described found{key, {}, {}};
  std::vector<std::uint64_t> offsets;
  try {
    found.blob.dtype = entry.at("dtype").get<std::string>();
    for (const auto& side : entry.at("shape")) found.blob.shape.push_back(wholeNumber(side).value_or(-1));
    for (const auto& offset : entry.at("data_offsets"))
      offsets.push_back(static_cast<std::uint64_t>(wholeNumber(offset).value_or(-1)));
  } catch (const json::exception&) {
    return refuse(name, fmt::format("tensor \"{}\" lacks a usable dtype, shape or data_offsets", key));
  }
  const std::size_t element_bytes = elementSize(found.blob.dtype);
  if (element_bytes == 0)
    return refuse(name, fmt::format("tensor \"{}\" has the unknown type \"{}\"", key, found.blob.dtype));
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes) {
    return refuse(name, fmt::format("tensor \"{}\" reaches past the end of the file", key));
  }
  const auto expected = tensorBytes(found.blob.shape, element_bytes);
  if (!expected || *expected != offsets[1] - offsets[0]) {
    return refuse(
        name, fmt::format("tensor \"{}\" has {} bytes, which does not fit its shape", key, offsets[1] - offsets[0]));
  }
  found.extent = {offsets[0], offsets[1]};
  return found;
}

/// Overlapping tensors could claim many times the file's size in memory.
Status checkNoOverlap(const std::vector<Described>& tensors, const std::filesystem::path& name) {
  std::vector<Extent> extents;
  for (const auto& tensor : tensors) extents.push_back(tensor.extent);
  std::erase_if(extents, [](const Extent& extent) { return extent.begin == extent.end; });
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].begin < extents[i - 1].end)
      return refuse(name, fmt::format("tensors overlap at data byte {}", extents[i].begin));
  }
  return {};
}

/// How many bytes the JSON header has, from the first 8 bytes of a file of `file_bytes`.
Result<std::uint64_t> headerBytes(std::span<const std::byte> bytes,
                                  std::uintmax_t file_bytes,
                                  const std::filesystem::path& name) {
  std::uint64_t header_bytes = 0;
  if (bytes.size() < sizeof(header_bytes)) return refuse(name, "shorter than a safetensors header");
  std::memcpy(&header_bytes, bytes.data(), sizeof(header_bytes));
  if (header_bytes > file_bytes - sizeof(header_bytes)) {
    return refuse(name, fmt::format("its header claims {} bytes, more than the file has", header_bytes));
  }
  if (header_bytes > kMaxHeaderBytes) {
    return refuse(
        name, fmt::format("its header has {} bytes, more than the {} that are read", header_bytes, kMaxHeaderBytes));
  }
  return header_bytes;
}

/// The JSON header. Duplicate keys and deep nesting do not matter: the last wins, and only two levels are looked at.
Result<json> parseHeader(std::span<const std::byte> bytes, const std::filesystem::path& name, std::size_t& data_begin) {
  TAGSCAPE_ASSIGN(const std::uint64_t header_bytes, headerBytes(bytes, bytes.size(), name));
  const auto* begin = reinterpret_cast<const char*>(bytes.data()) + sizeof(header_bytes);
  json header = json::parse(begin, begin + header_bytes, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) return refuse(name, "its header is no JSON object");
  data_begin = sizeof(header_bytes) + header_bytes;
  return header;
}

std::map<std::string, std::string> metadataOf(const json& header) {
  std::map<std::string, std::string> metadata;
  const auto found = header.find("__metadata__");
  if (found == header.end() || !found->is_object()) return metadata;
  for (const auto& [key, value] : found->items()) {
    if (value.is_string()) metadata[key] = value.get<std::string>();
  }
  return metadata;
}

}  // namespace

std::size_t elementSize(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
  if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
  return 0;
}

Status writeSafetensors(const std::filesystem::path& path, const TensorFile& content) {
  json header = json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::uint64_t offset = 0;
  for (const auto& [key, blob] : content.tensors) {
    const auto expected = tensorBytes(blob.shape, elementSize(blob.dtype));
    if (!expected || *expected != blob.bytes.size()) throw std::logic_error("writeSafetensors: shape of " + key);
    header[key] = {
        {"dtype", blob.dtype}, {"shape", blob.shape}, {"data_offsets", {offset, offset + blob.bytes.size()}}};
    offset += blob.bytes.size();
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
  text.append((8 - text.size() % 8) % 8, ' ');  // data starts at a multiple of 8, so that it can be mapped
  return writeFileAtomically(path, [&](std::ostream& file) {
    const std::uint64_t header_bytes = text.size();
    file.write(reinterpret_cast<const char*>(&header_bytes), sizeof(header_bytes));
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto& [key, blob] : content.tensors) {
      file.write(reinterpret_cast<const char*>(blob.bytes.data()), static_cast<std::streamsize>(blob.bytes.size()));
    }
  });
}

Result<TensorFile> readSafetensors(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(path, kMaxWeightFileBytes));
  return parseSafetensors(bytes, path);
}

Result<std::map<std::string, std::string>> readSafetensorsMetadata(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    return failFile(ErrorCode::NotFound, path, "no such file", "Check the path");
  const std::uintmax_t file_bytes = std::filesystem::file_size(path, code);
  std::ifstream file(path, std::ios::binary);
  std::vector<std::byte> bytes(sizeof(std::uint64_t));
  const auto readOn = [&](std::size_t from) {
    file.read(reinterpret_cast<char*>(bytes.data() + from), static_cast<std::streamsize>(bytes.size() - from));
    return file.gcount() == static_cast<std::streamsize>(bytes.size() - from);
  };
  if (code || !readOn(0)) return refuse(path, "shorter than a safetensors header");
  TAGSCAPE_ASSIGN(const std::uint64_t header_bytes, headerBytes(bytes, file_bytes, path));
  bytes.resize(sizeof(std::uint64_t) + header_bytes);
  if (!readOn(sizeof(std::uint64_t))) return refuse(path, "reading its header failed");
  std::size_t ignored = 0;
  TAGSCAPE_ASSIGN(const json header, parseHeader(bytes, path, ignored));
  return metadataOf(header);
}

Result<TensorFile> parseSafetensors(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  std::size_t data_begin = 0;
  TAGSCAPE_ASSIGN(const json header, parseHeader(bytes, name, data_begin));
  const auto data = bytes.subspan(data_begin);
  TensorFile content;
  content.metadata = metadataOf(header);
  std::vector<Described> tensors;
  for (const auto& [key, entry] : header.items()) {
    if (key == "__metadata__") continue;
    TAGSCAPE_ASSIGN(auto described, describe(key, entry, data.size(), name));
    tensors.push_back(std::move(described));
  }
  TAGSCAPE_TRY(checkNoOverlap(tensors, name));
  for (auto& [key, blob, extent] : tensors) {
    const auto source = data.subspan(extent.begin, extent.end - extent.begin);
    blob.bytes.assign(source.begin(), source.end());
    content.tensors[key] = std::move(blob);
  }
  return content;
}

}  // namespace tagscape
