#pragma once

#include "core/laz/integer_decoder.h"
#include "core/laz/laz_record.h"
#include "core/laz/return_contexts.h"
#include "core/laz/rgb_decoder.h"

#include <optional>

namespace tagscape::laz {

/// Models that come into being when they are first used.
template <std::size_t num_models, std::uint32_t num_symbols>
class LazyModels {
 public:
  SymbolModel& operator[](std::size_t index) {
    auto& model = models_[index];
    if (!model) model.emplace(num_symbols);
    return *model;
  }

 private:
  std::array<std::optional<SymbolModel>, num_models> models_;
};

/// The 20 bytes that all of the point formats 0 to 5 begin with.
class PointDecoder {
 public:
  /// Makes the point before, at `point`, into the next. Intensities are decoded but not kept.
  void decode(ArithmeticDecoder& decoder, std::byte* point);

 private:
  void decodeAttributes(ArithmeticDecoder& decoder, std::uint32_t changed, std::byte* point);
  void decodeCoordinates(ArithmeticDecoder& decoder, std::byte* point);

  static constexpr std::size_t kByteValues = 256;
  SymbolModel changed_values_{64};
  LazyModels<kByteValues, kByteValues> flags_, classes_, user_data_;
  std::array<SymbolModel, 2> scan_angles_{SymbolModel(kByteValues), SymbolModel(kByteValues)};
  IntegerDecoder intensity_{16, 4}, source_{16, 1};
  IntegerDecoder dx_{32, 2}, dy_{32, 22}, z_{32, 20};
  std::array<StreamingMedian, 16> median_dx_, median_dy_;
  std::array<std::uint16_t, 16> last_intensity_{};
  std::array<std::int32_t, 8> last_z_{};
};

/// GPS times: up to four sequences of equal steps.
class TimeDecoder {
 public:
  explicit TimeDecoder(std::uint64_t first) : times_{first} {}
  /// The bits of the next time.
  [[nodiscard]] std::uint64_t decode(ArithmeticDecoder& decoder);

 private:
  /// @return false if it only changed to another sequence.
  bool decodeWithoutStep(ArithmeticDecoder& decoder);
  bool decodeWithStep(ArithmeticDecoder& decoder);
  void decodeStep(ArithmeticDecoder& decoder, std::uint32_t multiple);
  void decodeWhole(ArithmeticDecoder& decoder);
  /// Steps that are far from what they were become the new step when they come four times.
  void countExtreme(std::int32_t step);
  [[nodiscard]] std::int32_t times(std::int32_t factor) const;

  static constexpr std::uint32_t kNumSequences = 4;
  static constexpr std::uint32_t kMaxMultiples = 500, kUnchanged = 511, kWhole = 512;
  SymbolModel multiples_{516}, no_step_{6};
  IntegerDecoder steps_{32, 9};
  std::array<std::uint64_t, kNumSequences> times_{};
  std::array<std::int32_t, kNumSequences> last_steps_{};
  std::array<int, kNumSequences> num_extreme_{};
  std::uint32_t current_ = 0, newest_ = 0;
};

/// The points of a chunk that are compressed one after the other.
class PointwiseChunk {
 public:
  /// @param bytes  from the chunk's begin on, at least a record.
  PointwiseChunk(const Compression& compression, std::span<const std::byte> bytes);

  /// The current point as a LAS record, but for its intensity; the chunk's first one at the beginning.
  [[nodiscard]] std::span<const std::byte> record() const { return record_; }
  /// @return false if the bytes end before.
  bool next();
  /// Bytes that were used, after the chunk's last point.
  [[nodiscard]] std::size_t numBytes() const { return record_.size() + decoder_.position(); }

 private:
  std::vector<std::byte> record_;
  ArithmeticDecoder decoder_;
  PointDecoder point_;
  std::optional<TimeDecoder> time_;
  std::optional<RgbDecoder> color_;
  std::vector<SymbolModel> extra_bytes_;
};

}  // namespace tagscape::laz
