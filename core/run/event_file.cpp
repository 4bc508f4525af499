#include "core/run/event_file.h"

#include "core/base/files.h"

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <unistd.h>

namespace tagscape {
namespace {

double secondsSinceEpoch() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

constexpr std::array<std::uint32_t, 256> crcTable() {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;  // Castagnoli's, bits reversed
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
    table[i] = value;
  }
  return table;
}

/// TensorFlow masks checksums, so that a record of records does not check itself.
std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U; }

template <class T>
void putBytes(std::string& to, T value) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &value, sizeof(T));  // little-endian, as every machine this runs on
  to.append(bytes.data(), bytes.size());
}

// Protocol buffers: a key is field number * 8 + wire type.
enum Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void putVarint(std::string& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to += static_cast<char>((value & 0x7F) | 0x80);
  to += static_cast<char>(value);
}
void putKey(std::string& to, unsigned field, Wire wire) { putVarint(to, field * 8 + wire); }
void putText(std::string& to, unsigned field, std::string_view text) {
  putKey(to, field, kBytes);
  putVarint(to, text.size());
  to += text;
}

/// An Event up to its step.
std::string eventAt(std::int64_t step) {
  std::string event;
  putKey(event, 1, kFixed64);
  putBytes(event, secondsSinceEpoch());
  putKey(event, 2, kVarint);
  putVarint(event, static_cast<std::uint64_t>(step));
  return event;
}

/// "loss_2d_cls" becomes "loss/2d_cls": TensorBoard groups curves by what stands before the slash.
std::string tagOf(const std::string& name) {
  for (const char* group : {"loss_", "lr_", "grad_norm_"}) {
    const std::size_t length = std::strlen(group);
    if (name.starts_with(group)) return name.substr(0, length - 1) + "/" + name.substr(length);
  }
  return name;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = crcTable();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char byte : bytes) crc = kTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

Result<EventFile> EventFile::create(const std::filesystem::path& folder) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  EventFile file(folder / ("events.out.tfevents." + std::to_string(static_cast<std::int64_t>(secondsSinceEpoch())) +
                           "." + host.data() + "." + std::to_string(getpid())));
  std::string first = eventAt(0);
  putText(first, 3, "brain.Event:2");
  TAGSCAPE_TRY(file.appendRecord(first));
  return file;
}

Status EventFile::append(const MetricsRow& row) const {
  std::string summary;
  for (const auto& [name, value] : row.values) {
    std::string scalar;
    putText(scalar, 1, tagOf(name));
    putKey(scalar, 2, kFixed32);
    putBytes(scalar, static_cast<float>(value));
    putText(summary, 1, scalar);
  }
  std::string event = eventAt(row.step);
  putText(event, 5, summary);
  return appendRecord(event);
}

Status EventFile::appendRecord(std::string_view message) const {
  std::string length;
  putBytes(length, static_cast<std::uint64_t>(message.size()));
  std::string record = length;
  putBytes(record, masked(crc32c(length)));
  record += message;
  putBytes(record, masked(crc32c(message)));
  return appendToFile(path_, record);
}

}  // namespace tagscape
