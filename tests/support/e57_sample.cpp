#include "tests/support/e57_sample.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

namespace tagscape::testing {
namespace {

constexpr std::size_t kPage = 1024, kPayload = 1020, kHeader = 48, kSection = 32;

template <class T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

std::uint64_t physical(std::uint64_t logical) { return logical / kPayload * kPage + logical % kPayload; }

/// Bit by bit, as the definition says.
std::uint32_t checksum(std::span<const std::byte> bytes) {
  std::uint32_t crc = ~0U;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

/// Values one after the other, lowest bits first.
std::string streamOf(const E57Column& column) {
  std::vector<bool> bits;
  for (const double value : column.values) {
    const std::uint64_t stored = column.num_bits == 32 ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                                       : static_cast<std::uint64_t>(value);
    for (std::uint32_t bit = 0; bit < column.num_bits; ++bit) bits.push_back(((stored >> bit) & 1U) != 0);
  }
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) bytes[i / 8] = static_cast<char>(bytes[i / 8] | (1 << (i % 8)));
  }
  return bytes;
}

std::string packetsOf(const E57ScanSample& scan, std::size_t bytes_a_packet) {
  std::vector<std::string> streams;
  std::size_t longest = 0;
  for (const auto& column : scan.columns) {
    streams.push_back(streamOf(column));
    longest = std::max(longest, streams.back().size());
  }
  std::string packets;
  for (std::size_t at = 0; at < longest; at += bytes_a_packet) {
    std::string lengths, parts;
    for (const auto& stream : streams) {
      const std::string part = at < stream.size() ? stream.substr(at, bytes_a_packet) : "";
      append(lengths, static_cast<std::uint16_t>(part.size()));
      parts += part;
    }
    std::string packet;
    append(packet, static_cast<std::uint16_t>(streams.size()));
    packet += lengths + parts;
    packet.resize((packet.size() + 3) / 4 * 4);
    append(packets, std::uint8_t{1});
    append(packets, std::uint8_t{0});
    append(packets, static_cast<std::uint16_t>(packet.size() + 4 - 1));
    packets += packet;
  }
  return packets;
}

std::vector<std::byte> paged(std::string logical) {
  logical.resize((logical.size() + kPayload - 1) / kPayload * kPayload);
  const auto bytes = std::as_bytes(std::span(logical));
  std::vector<std::byte> file;
  for (std::size_t at = 0; at < bytes.size(); at += kPayload) {
    const auto page = bytes.subspan(at, kPayload);
    file.insert(file.end(), page.begin(), page.end());
    file.resize(file.size() + kPage - kPayload);
  }
  renewE57Checksums(file);
  return file;
}

}  // namespace

void renewE57Checksums(std::vector<std::byte>& file) {
  for (std::size_t at = 0; at + kPage <= file.size(); at += kPage) {
    const auto page = std::span(file).subspan(at, kPage);
    const std::uint32_t crc = checksum(page.first(kPayload));
    for (std::size_t i = 0; i < kPage - kPayload; ++i)
      page[kPayload + i] = static_cast<std::byte>((crc >> (24 - 8 * i)) & 0xffU);
  }
}

std::vector<std::byte> encodeE57(const E57Sample& sample) {
  std::string logical(kHeader, '\0');
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<e57Root type=\"Structure\"><data3D type=\"Vector\">";
  for (const auto& scan : sample.scans) {
    logical.resize((logical.size() + 3) / 4 * 4);
    const std::uint64_t begin = logical.size();
    const std::string packets = packetsOf(scan, sample.bytes_a_packet);
    append(logical, std::uint64_t{1});  // a section of points, and seven bytes of nothing
    append(logical, static_cast<std::uint64_t>(kSection + packets.size()));
    append(logical, physical(begin + kSection));
    append(logical, std::uint64_t{0});
    logical += packets;
    const std::uint64_t count = scan.num_points > 0 ? scan.num_points : scan.columns.at(0).values.size();
    xml += "<vectorChild type=\"Structure\"><name type=\"String\"><![CDATA[" + scan.name + "]]></name>" + scan.xml +
           "<points type=\"CompressedVector\" fileOffset=\"" + std::to_string(physical(begin)) + "\" recordCount=\"" +
           std::to_string(count) + "\"><prototype type=\"Structure\">";
    for (const auto& column : scan.columns) xml += column.xml;
    xml += "</prototype></points></vectorChild>";
  }
  xml += "</data3D></e57Root>";
  std::string header = "ASTM-E57";
  append(header, std::uint32_t{1});
  append(header, std::uint32_t{0});
  append(header, static_cast<std::uint64_t>((logical.size() + xml.size() + kPayload - 1) / kPayload * kPage));
  append(header, physical(logical.size()));
  append(header, static_cast<std::uint64_t>(xml.size()));
  append(header, std::uint64_t{kPage});
  std::copy(header.begin(), header.end(), logical.begin());
  return paged(logical + xml);
}

}  // namespace tagscape::testing
