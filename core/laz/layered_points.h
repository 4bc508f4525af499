#pragma once

#include "core/laz/pointwise_points.h"

namespace tagscape::laz {

/// The points of a chunk whose quantities are compressed each by itself. Coordinates, returns, classes, flags and
/// colours are decoded; the other layers are skipped.
class LayeredChunk {
 public:
  /// @param bytes  from the chunk's begin on.
  /// @return nothing if they end before the chunk does.
  [[nodiscard]] static std::optional<LayeredChunk> open(const Compression& compression,
                                                        std::span<const std::byte> bytes);

  [[nodiscard]] std::uint32_t numPoints() const { return num_points_; }
  /// The current point as a LAS record; what is not decoded is that of the chunk's first point.
  [[nodiscard]] std::span<const std::byte> record() const { return record_; }
  /// @return false if a layer ends before.
  bool next();
  /// Bytes of the whole chunk.
  [[nodiscard]] std::size_t numBytes() const { return num_bytes_; }

 private:
  struct Point {
    std::int32_t x = 0, y = 0, z = 0;
    std::uint32_t return_number = 0, num_returns = 0;
    std::uint32_t flags = 0;  ///< Four bits of the class, then the direction and the edge of a flight line.
    std::uint32_t category = 0;
  };
  /// What is known of a channel of the scanner.
  struct Channel {
    explicit Channel(const Point& first) : last(first) { last_z.fill(first.z); }

    Point last;
    bool time_changed = false;  ///< Of its last point.
    std::vector<SymbolModel> changed_values{8, SymbolModel(128)};
    SymbolModel next_channel{3}, return_step{13};
    LazyModels<16, 16> num_returns, return_numbers;
    IntegerDecoder dx{32, 2}, dy{32, 22}, z{32, 20};
    std::array<StreamingMedian, 12> median_dx, median_dy;
    std::array<std::int32_t, 8> last_z{};
    LazyModels<64, 256> categories;
    LazyModels<64, 64> flags;
  };
  /// Version 4 of the items keeps the colours of channels apart. Version 3 means to, but a point counts for channel 0
  /// unless it changes the channel, and after a change it is predicted from the last colour of the channel before,
  /// which it replaces, unless the channel is new. All that read and write it do so.
  struct ChannelColors {
    Rgb16 last{};
    std::optional<RgbDecoder> decoder;
  };

  LayeredChunk() = default;
  void loadFirst();
  void changeChannel();
  /// @return the context of the return among those of its pulse.
  std::uint32_t decodeReturns(std::uint32_t changed, bool time_changes, Point& point);
  void decodeCoordinates(bool time_changes, Channel& channel);
  void decodeColor(std::uint32_t channel);
  void storePoint(const Point& point);

  std::vector<std::byte> record_;
  std::uint32_t num_points_ = 0;
  std::size_t num_bytes_ = 0;
  bool keeps_colors_apart_ = false, has_color_ = false;
  ArithmeticDecoder xy_;
  std::optional<ArithmeticDecoder> z_, categories_, flags_, colors_;  ///< Nothing where all points are alike.
  std::array<std::optional<Channel>, 4> channels_;
  std::array<ChannelColors, 4> channel_colors_;
  std::uint32_t current_ = 0, color_channel_ = 0;
};

}  // namespace tagscape::laz
