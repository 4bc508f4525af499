#pragma once

#include "core/laz/arithmetic_decoder.h"

namespace tagscape::laz {

/// Decodes integers as differences from a prediction: first how many bits the difference has, by a context, then those
/// bits, the upper eight of them by their probability.
/// Source: M. Isenburg, LASzip: lossless compression of LiDAR data, Photogrammetric Engineering & Remote Sensing 79(2),
/// 2013.
class IntegerDecoder {
 public:
  /// @param num_bits  of the integers, 8, 16 or 32.
  IntegerDecoder(std::uint32_t num_bits, std::uint32_t num_contexts);

  /// @param context  below the number of contexts.
  [[nodiscard]] std::int32_t decode(ArithmeticDecoder& decoder, std::int32_t prediction, std::uint32_t context);

  /// How many bits the last difference had.
  [[nodiscard]] std::uint32_t lastBits() const { return last_bits_; }

 private:
  [[nodiscard]] std::uint32_t difference(ArithmeticDecoder& decoder);

  std::uint32_t num_bits_;
  std::uint32_t last_bits_ = 0;
  std::vector<SymbolModel> lengths_;  ///< One per context.
  BitModel single_bit_;
  std::vector<SymbolModel> upper_bits_;  ///< Of differences of 1, 2, … bits.
};

}  // namespace tagscape::laz
