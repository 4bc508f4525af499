#include "core/e57/paged_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace tagscape::e57 {
namespace {

constexpr std::string_view kRemedy = "Copy or download the file again";
constexpr std::size_t kSlices = 8;
using CrcTables = std::array<std::array<std::uint32_t, 256>, kSlices>;

/// Table s has the effect of a byte that s further bytes follow.
constexpr CrcTables makeCrcTables() {
  constexpr std::uint32_t kPolynomial = 0x82f63b78;  // of Castagnoli, reversed
  CrcTables tables{};
  for (std::uint32_t value = 0; value < 256; ++value) {
    std::uint32_t crc = value;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
    tables[0][value] = crc;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice) {
    for (std::size_t value = 0; value < 256; ++value) {
      const std::uint32_t before = tables[slice - 1][value];
      tables[slice][value] = (before >> 8) ^ tables[0][before & 0xffU];
    }
  }
  return tables;
}

constexpr CrcTables kCrcTables = makeCrcTables();

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xffffffffU;
  std::size_t i = 0;
  for (; i + kSlices <= bytes.size(); i += kSlices) {
    const std::uint64_t word = load<std::uint64_t>(bytes.data() + i) ^ crc;
    crc = 0;
    for (std::size_t k = 0; k < kSlices; ++k) crc ^= kCrcTables[kSlices - 1 - k][(word >> (8 * k)) & 0xffU];
  }
  for (; i < bytes.size(); ++i)
    crc = (crc >> 8) ^ kCrcTables[0][(crc ^ std::to_integer<std::uint32_t>(bytes[i])) & 0xffU];
  return ~crc;
}

Result<PagedBytes> PagedBytes::open(std::span<const std::byte> file, std::filesystem::path name) {
  constexpr std::size_t kHeaderBytes = 48;
  constexpr std::uint64_t kShortestPage = 64, kLongestPage = std::uint64_t{1} << 24;
  if (file.size() < kHeaderBytes || std::memcmp(file.data(), "ASTM-E57", 8) != 0)
    return failFile(ErrorCode::InvalidInput, name, "it does not begin with the header of an E57 file", kRemedy);
  PagedBytes bytes;
  bytes.file_ = file;
  bytes.name_ = std::move(name);
  const auto version = load<std::uint32_t>(file.data() + 8);
  bytes.page_bytes_ = load<std::uint64_t>(file.data() + 40);
  if (version != 1 || bytes.page_bytes_ < kShortestPage || bytes.page_bytes_ > kLongestPage) {
    return failFile(ErrorCode::InvalidInput,
                    bytes.name_,
                    fmt::format("its version {} or size of pages {} is none of E57", version, bytes.page_bytes_),
                    kRemedy);
  }
  bytes.num_pages_ = file.size() / bytes.page_bytes_;
  bytes.xml_begin_ = bytes.logicalPosition(load<std::uint64_t>(file.data() + 24));
  bytes.xml_bytes_ = load<std::uint64_t>(file.data() + 32);
  if (bytes.xml_begin_ > bytes.size() || bytes.xml_bytes_ > bytes.size() - bytes.xml_begin_) {
    return failFile(
        ErrorCode::InvalidInput,
        bytes.name_,
        fmt::format("it is cut short: of {} bytes {} are there", load<std::uint64_t>(file.data() + 16), file.size()),
        kRemedy);
  }
  return bytes;
}

std::uint64_t PagedBytes::logicalPosition(std::uint64_t physical) const {
  return physical / page_bytes_ * payload() + std::min(physical % page_bytes_, payload());
}

Status PagedBytes::checkPage(std::uint64_t page) const {
  if (page == checked_page_) return {};
  const auto bytes = file_.subspan(page * page_bytes_, page_bytes_);
  const std::uint32_t computed = crc32c(bytes.first(payload()));
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < kChecksumBytes; ++i)
    stored = (stored << 8) | std::to_integer<std::uint32_t>(bytes[payload() + i]);
  if (stored != computed) {
    return failFile(ErrorCode::InvalidInput,
                    name_,
                    fmt::format("page {} of {} is damaged: its checksum does not fit", page, num_pages_),
                    kRemedy);
  }
  checked_page_ = page;
  return {};
}

Status PagedBytes::read(std::uint64_t position, std::span<std::byte> target) const {
  if (position > size() || target.size() > size() - position) {
    return failFile(ErrorCode::InvalidInput,
                    name_,
                    fmt::format("{} bytes from byte {} on lie past its end", target.size(), position),
                    kRemedy);
  }
  while (!target.empty()) {
    const std::uint64_t page = position / payload();
    const std::uint64_t offset = position % payload();
    TAGSCAPE_TRY(checkPage(page));
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), payload() - offset));
    std::memcpy(target.data(), file_.data() + page * page_bytes_ + offset, count);
    target = target.subspan(count);
    position += count;
  }
  return {};
}

}  // namespace tagscape::e57
