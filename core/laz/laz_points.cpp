#include "core/laz/laz_points.h"

#include "core/laz/layered_points.h"
#include "core/laz/little_endian.h"

#include <algorithm>

namespace tagscape::laz {
namespace {

constexpr std::string_view kRemedy = "Copy or download the file again";

struct ChunkEntry {
  std::uint64_t num_points = 0, num_bytes = 0;
};

class Points {
 public:
  Points(std::span<const std::byte> file,
         const Compression& compression,
         const PointBlock& block,
         const PointSink& sink)
      : file_(file), compression_(compression), sink_(sink), end_(file.size()), num_left_(block.num_points) {
    position_ = block.begin;
    if (!compression_.has_chunks) return;
    position_ += sizeof(std::uint64_t);
    readTable(block.begin);
  }

  /// Whether points can be decoded: chunks of varying size that are compressed point by point need the table.
  [[nodiscard]] bool isReadable() const {
    return compression_.is_layered || compression_.chunk_size != kVariableChunks || !table_.empty();
  }

  std::uint64_t decode() {
    for (std::size_t i = 0; num_left_ > 0 && decodeChunk(i); ++i) {
    }
    return num_decoded_;
  }

 private:
  /// The table lies behind the points; its place is in the first eight bytes, or the file's last ones.
  void readTable(std::uint64_t begin) {
    const auto isPlace = [&](std::uint64_t place) { return place > begin && place + 8 <= file_.size(); };
    if (begin + sizeof(std::uint64_t) > file_.size()) return;
    auto place = load<std::uint64_t>(file_.data() + begin);
    if (!isPlace(place)) place = load<std::uint64_t>(file_.data() + file_.size() - sizeof(std::uint64_t));
    if (!isPlace(place)) return;
    end_ = place;
    const auto num_chunks = load<std::uint32_t>(file_.data() + place + 4);
    if (num_chunks > (end_ - begin) / compression_.record_bytes) return;  // each begins with a record
    ArithmeticDecoder decoder(file_.subspan(place + 8));
    IntegerDecoder numbers(32, 2);
    ChunkEntry last;
    for (std::uint32_t i = 0; i < num_chunks; ++i) {
      const auto read = [&](std::uint64_t before, std::uint32_t context) {
        const std::int32_t number = numbers.decode(decoder, static_cast<std::int32_t>(before), context);
        return std::uint64_t{static_cast<std::uint32_t>(number)};
      };
      last.num_points = compression_.chunk_size == kVariableChunks ? read(last.num_points, 0) : compression_.chunk_size;
      last.num_bytes = read(last.num_bytes, 1);
      table_.push_back(last);
    }
    if (decoder.isPastEnd()) table_.clear();
  }

  [[nodiscard]] std::uint64_t pointsOf(std::size_t index) const {
    if (!compression_.has_chunks) return num_left_;
    return std::min(index < table_.size() ? table_[index].num_points : compression_.chunk_size, num_left_);
  }

  void hand(std::span<const std::byte> record) {
    sink_(record);
    ++num_decoded_;
    --num_left_;
  }

  /// @return whether points can follow.
  bool decodeChunk(std::size_t index) {
    if (!table_.empty() && index >= table_.size()) return false;
    if (position_ >= end_ || end_ - position_ < compression_.record_bytes) return false;
    auto bytes = file_.subspan(position_, end_ - position_);
    if (!table_.empty()) bytes = bytes.first(std::min<std::uint64_t>(bytes.size(), table_[index].num_bytes));
    if (bytes.size() < compression_.record_bytes) return false;
    const std::uint64_t num_points = pointsOf(index);
    const std::uint64_t num_bytes = compression_.is_layered ? decodeLayered(bytes) : decodePointwise(bytes, num_points);
    position_ += table_.empty() ? num_bytes : table_[index].num_bytes;
    return num_bytes > 0;
  }

  /// @return the bytes of the chunk, 0 if it is cut short.
  std::uint64_t decodePointwise(std::span<const std::byte> bytes, std::uint64_t num_points) {
    PointwiseChunk chunk(compression_, bytes);
    for (std::uint64_t i = 0; i < num_points; ++i) {
      if (i > 0 && !chunk.next()) return 0;
      hand(chunk.record());
    }
    return chunk.numBytes();
  }

  std::uint64_t decodeLayered(std::span<const std::byte> bytes) {
    auto chunk = LayeredChunk::open(compression_, bytes);
    if (!chunk) return 0;
    const std::uint64_t num_points = std::min<std::uint64_t>(chunk->numPoints(), num_left_);
    for (std::uint64_t i = 0; i < num_points; ++i) {
      if (i > 0 && !chunk->next()) return 0;
      hand(chunk->record());
    }
    return chunk->numBytes();
  }

  std::span<const std::byte> file_;
  const Compression& compression_;
  const PointSink& sink_;
  std::uint64_t position_ = 0, end_;
  std::uint64_t num_left_, num_decoded_ = 0;
  std::vector<ChunkEntry> table_;
};

}  // namespace

Result<std::uint64_t> decodePoints(std::span<const std::byte> file,
                                   const Compression& compression,
                                   const PointBlock& block,
                                   const std::filesystem::path& name,
                                   const PointSink& sink) {
  Points points(file, compression, block, sink);
  if (!points.isReadable())
    return failFile(ErrorCode::InvalidInput, name, "the table of its chunks of points is missing or damaged", kRemedy);
  return points.decode();
}

}  // namespace tagscape::laz
