#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

/// One named array of a safetensors file: row-major, little-endian.
struct TensorBlob {
  std::string dtype;                ///< "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL".
  std::vector<std::int64_t> shape;  ///< Empty for a scalar.
  std::vector<std::byte> bytes;
};

/// The content of a safetensors file: arrays by name and free text metadata.
struct TensorFile {
  std::map<std::string, TensorBlob> tensors;
  std::map<std::string, std::string> metadata;
};

/// Bytes of one element, or 0 for a type that the format does not know.
[[nodiscard]] std::size_t elementSize(const std::string& dtype);

/// Replaced atomically. Errors: NotWritable.
[[nodiscard]] Status writeSafetensors(const std::filesystem::path& path, const TensorFile& content);

/// Errors: NotFound; InvalidInput for a header that is cut, longer than 16 MiB, no JSON, or names data outside the
/// file, overlapping data, or a shape that does not match its bytes. Needs the file's size twice (the file and its
/// tensors) and some ten times its header's, whatever the header claims. Source: the published description of the
/// safetensors format (8 byte header length, JSON header, data).
[[nodiscard]] Result<TensorFile> readSafetensors(const std::filesystem::path& path);
/// The free text metadata alone, without reading the tensors. Errors: as readSafetensors, of the header.
[[nodiscard]] Result<std::map<std::string, std::string>> readSafetensorsMetadata(const std::filesystem::path& path);
/// The twin of readSafetensors for bytes in memory; `name` stands for the file in messages.
[[nodiscard]] Result<TensorFile> parseSafetensors(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
