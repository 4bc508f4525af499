#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape::laz {

/// Adaptive probabilities of the symbols 0 … n - 1, n from 2 to 2048. They begin equal.
class SymbolModel {
 public:
  explicit SymbolModel(std::uint32_t num_symbols);

 private:
  friend class ArithmeticDecoder;
  void update();

  std::uint32_t num_symbols_;
  std::uint32_t total_count_ = 0;
  std::uint32_t update_cycle_;
  std::uint32_t symbols_until_update_ = 0;
  std::vector<std::uint32_t> distribution_;  ///< Cumulative, in units of 2^-15.
  std::vector<std::uint32_t> counts_;
  std::uint32_t table_shift_ = 0;
  std::vector<std::uint32_t> table_;  ///< First guess by the upper bits of a value; empty for few symbols.
};

/// The adaptive probability of a bit.
class BitModel {
 private:
  friend class ArithmeticDecoder;
  void update();

  std::uint32_t zero_count_ = 1;
  std::uint32_t count_ = 2;
  std::uint32_t zero_probability_ = 1U << 12;  ///< In units of 2^-13.
  std::uint32_t update_cycle_ = 4;
  std::uint32_t bits_until_update_ = 4;
};

/// Decodes symbols from bytes. Past the end of the bytes it goes on with zeros and says so.
/// Source: A. Said, Introduction to Arithmetic Coding - Theory and Practice, HP Labs report HPL-2004-76, 2004; the
/// constants are those of LASzip.
class ArithmeticDecoder {
 public:
  ArithmeticDecoder() = default;
  explicit ArithmeticDecoder(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint32_t symbol(SymbolModel& model);
  [[nodiscard]] std::uint32_t bit(BitModel& model);
  /// @param num_bits  1 … 32, each of both values equally probable.
  [[nodiscard]] std::uint32_t bits(std::uint32_t num_bits);

  /// Whether more bytes were needed than there are: what was decoded since means nothing.
  [[nodiscard]] bool isPastEnd() const { return is_past_end_; }
  /// How many bytes were read.
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  std::uint32_t nextByte();
  void renormalize();

  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  std::uint32_t value_ = 0;  ///< Below `length_`.
  std::uint32_t length_ = 0xffffffffU;
  bool is_past_end_ = false;
};

}  // namespace tagscape::laz
