#include "core/io/zip_write.h"

#include "core/base/files.h"

#include <cstdint>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <zlib.h>

namespace tagscape {
namespace {

constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kFirstDay = 0x0021;  // 1 January 1980, the earliest date of the format

void put16(std::ostream& file, std::uint32_t value) {
  const char bytes[2]{static_cast<char>(value & 0xFFU), static_cast<char>(value >> 8U & 0xFFU)};
  file.write(bytes, 2);
}
void put32(std::ostream& file, std::uint32_t value) {
  put16(file, value & 0xFFFFU);
  put16(file, value >> 16U);
}

struct Placed {
  std::uint32_t offset = 0;
  std::uint32_t checksum = 0;
};

/// What the header before an entry and its line in the directory share.
void putCommonFields(std::ostream& file, const ZipEntry& entry, const Placed& placed) {
  put16(file, kVersion);
  put16(file, 0);  // flags
  put16(file, 0);  // stored
  put16(file, 0);  // time
  put16(file, kFirstDay);
  put32(file, placed.checksum);
  put32(file, static_cast<std::uint32_t>(entry.bytes.size()));
  put32(file, static_cast<std::uint32_t>(entry.bytes.size()));
  put16(file, static_cast<std::uint32_t>(entry.name.size()));
  put16(file, 0);  // extra field
}

void putEntry(std::ostream& file, const ZipEntry& entry, const Placed& placed) {
  put32(file, 0x04034b50);
  putCommonFields(file, entry, placed);
  file << entry.name;
  file.write(reinterpret_cast<const char*>(entry.bytes.data()), static_cast<std::streamsize>(entry.bytes.size()));
}

void putDirectoryLine(std::ostream& file, const ZipEntry& entry, const Placed& placed) {
  put32(file, 0x02014b50);
  put16(file, kVersion);  // made by
  putCommonFields(file, entry, placed);
  put16(file, 0);  // comment
  put16(file, 0);  // disk
  put16(file, 0);  // internal attributes
  put32(file, 0);  // external attributes
  put32(file, placed.offset);
  file << entry.name;
}

void putEnd(std::ostream& file, std::size_t num_entries, std::uint32_t directory_size, std::uint32_t directory_offset) {
  put32(file, 0x06054b50);
  put32(file, 0);  // disks
  put16(file, static_cast<std::uint32_t>(num_entries));
  put16(file, static_cast<std::uint32_t>(num_entries));
  put32(file, directory_size);
  put32(file, directory_offset);
  put16(file, 0);  // comment
}

struct ZipPlan {
  std::vector<Placed> placed;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_size = 0;
};

Result<ZipPlan> planZip(const std::vector<ZipEntry>& entries, const std::filesystem::path& name) {
  constexpr std::uint64_t kHeaderBytes = 30;
  constexpr std::uint64_t kLineBytes = 46;
  ZipPlan plan;
  for (const auto& entry : entries) {
    const auto* bytes = reinterpret_cast<const Bytef*>(entry.bytes.data());
    const auto checksum = static_cast<std::uint32_t>(::crc32_z(0, bytes, entry.bytes.size()));
    plan.placed.push_back({static_cast<std::uint32_t>(plan.directory_offset), checksum});
    plan.directory_offset += kHeaderBytes + entry.name.size() + entry.bytes.size();
    plan.directory_size += kLineBytes + entry.name.size();
  }
  if (entries.size() > UINT16_MAX || plan.directory_offset + plan.directory_size > UINT32_MAX) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "a plain zip file holds no more than 65,535 entries and 4 GB",
                    "Write fewer or smaller images");
  }
  return plan;
}

void putZip(std::ostream& file, const std::vector<ZipEntry>& entries, const ZipPlan& plan) {
  for (std::size_t i = 0; i < entries.size(); ++i) putEntry(file, entries[i], plan.placed[i]);
  for (std::size_t i = 0; i < entries.size(); ++i) putDirectoryLine(file, entries[i], plan.placed[i]);
  putEnd(file,
         entries.size(),
         static_cast<std::uint32_t>(plan.directory_size),
         static_cast<std::uint32_t>(plan.directory_offset));
}

}  // namespace

Status writeZip(const std::filesystem::path& path, const std::vector<ZipEntry>& entries) {
  TAGSCAPE_ASSIGN(const ZipPlan plan, planZip(entries, path));
  return writeFileAtomically(path, [&](std::ostream& file) { putZip(file, entries, plan); });
}

Result<std::vector<std::byte>> encodeZip(const std::vector<ZipEntry>& entries, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const ZipPlan plan, planZip(entries, name));
  std::ostringstream file;
  putZip(file, entries, plan);
  const std::string text = std::move(file).str();
  const auto bytes = std::as_bytes(std::span(text));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace tagscape
