#include "core/e57/compressed_vector.h"

#include "core/e57/field_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace tagscape::e57 {
namespace {

constexpr std::string_view kRemedy = "Copy or download the file again";

struct Column {
  std::size_t stream = 0;  ///< The field's place in the scan.
  FieldDecoder decoder;
};

class PointDecoder {
 public:
  PointDecoder(const PagedBytes& bytes, const Scan& scan, const PointSink& sink)
      : bytes_(bytes), scan_(scan), sink_(sink) {}

  Status choose(std::span<const std::string> names) {
    bool varies = false;
    for (const auto& name : names) {
      const auto field =
          std::find_if(scan_.fields.begin(), scan_.fields.end(), [&](const Field& f) { return f.name == name; });
      if (field == scan_.fields.end() || field->type == FieldType::Text)
        return refuse(fmt::format("its field {:.40} is missing or holds text", name));
      columns_.push_back({static_cast<std::size_t>(field - scan_.fields.begin()), FieldDecoder(*field)});
      varies = varies || !columns_.back().decoder.isConstant();
    }
    if (!varies) return refuse("all of its points are alike");
    return {};
  }

  Result<std::uint64_t> decode() {
    constexpr std::size_t kHeaderBytes = 32;
    constexpr std::uint8_t kCompressedVector = 1;
    std::array<std::byte, kHeaderBytes> header;
    TAGSCAPE_TRY(bytes_.read(scan_.begin, header));
    if (std::to_integer<std::uint8_t>(header[0]) != kCompressedVector)
      return refuse("there are no points where it says");
    std::uint64_t section_bytes = 0, data_begin = 0;
    std::memcpy(&section_bytes, header.data() + 8, sizeof(section_bytes));
    std::memcpy(&data_begin, header.data() + 16, sizeof(data_begin));
    std::uint64_t position = bytes_.logicalPosition(data_begin);
    const std::uint64_t end = std::min(bytes_.size(), scan_.begin + std::min(section_bytes, bytes_.size()));
    while (num_decoded_ < scan_.num_points && position + kPacketHeader <= end) {
      TAGSCAPE_ASSIGN(const std::uint64_t packet_bytes, readPacket(position));
      position += packet_bytes;
    }
    return num_decoded_;
  }

 private:
  static constexpr std::size_t kPacketHeader = 4;

  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(
        ErrorCode::InvalidInput, bytes_.name(), fmt::format("scan \"{:.60}\": {}", scan_.name, problem), kRemedy);
  }

  template <class T>
  [[nodiscard]] T inPacket(std::size_t offset) const {
    T value;
    std::memcpy(&value, packet_.data() + offset, sizeof(T));
    return value;
  }

  /// @return its length.
  Result<std::uint64_t> readPacket(std::uint64_t position) {
    constexpr std::uint8_t kIndex = 0, kData = 1, kEmpty = 2;
    packet_.resize(kPacketHeader);
    TAGSCAPE_TRY(bytes_.read(position, packet_));
    const auto type = inPacket<std::uint8_t>(0);
    const std::size_t length = std::size_t{inPacket<std::uint16_t>(2)} + 1;
    if (type == kIndex || type == kEmpty) return length;
    if (type != kData || length < kPacketHeader + 2) return refuse(fmt::format("a packet of type {} is unknown", type));
    packet_.resize(length);
    TAGSCAPE_TRY(bytes_.read(position, packet_));
    TAGSCAPE_TRY(readStreams());
    return length;
  }

  Status readStreams() {
    constexpr std::uint8_t kRestart = 1;
    const bool restarts = (inPacket<std::uint8_t>(1) & kRestart) != 0;
    const std::size_t num_streams = inPacket<std::uint16_t>(kPacketHeader);
    const std::size_t lengths_at = kPacketHeader + 2;
    std::size_t at = lengths_at + 2 * num_streams;
    if (num_streams != scan_.fields.size() || at > packet_.size())
      return refuse(fmt::format("a packet has {} streams, its fields are {}", num_streams, scan_.fields.size()));
    for (std::size_t stream = 0; stream < num_streams; ++stream) {
      const std::size_t length = inPacket<std::uint16_t>(lengths_at + 2 * stream);
      if (length > packet_.size() - at) return refuse("a stream reaches past its packet");
      for (auto& column : columns_) {
        if (column.stream == stream) column.decoder.append(std::span(packet_).subspan(at, length), restarts);
      }
      at += length;
    }
    handPoints();
    return {};
  }

  /// Streams of a packet may hold different numbers of values: points go on as soon as they are whole.
  void handPoints() {
    std::uint64_t count = scan_.num_points - num_decoded_;
    for (const auto& column : columns_) {
      if (!column.decoder.isConstant()) count = std::min<std::uint64_t>(count, column.decoder.values().size());
    }
    std::vector<double> values(columns_.size());
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < values.size(); ++k) {
        const FieldDecoder& decoder = columns_[k].decoder;
        values[k] = decoder.isConstant() ? decoder.constant() : decoder.values()[i];
      }
      sink_(values);
    }
    for (auto& column : columns_) {
      if (!column.decoder.isConstant()) column.decoder.drop(count);
    }
    num_decoded_ += count;
  }

  const PagedBytes& bytes_;
  const Scan& scan_;
  const PointSink& sink_;
  std::vector<Column> columns_;
  std::vector<std::byte> packet_;
  std::uint64_t num_decoded_ = 0;
};

}  // namespace

Result<std::uint64_t> decodePoints(const PagedBytes& bytes,
                                   const Scan& scan,
                                   std::span<const std::string> names,
                                   const PointSink& sink) {
  PointDecoder decoder(bytes, scan, sink);
  TAGSCAPE_TRY(decoder.choose(names));
  return decoder.decode();
}

}  // namespace tagscape::e57
