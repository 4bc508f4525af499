#pragma once

#include "core/laz/arithmetic_decoder.h"

namespace tagscape::laz {

using Rgb16 = std::array<std::uint16_t, 3>;

/// Decodes colours as differences of bytes from the colour before; green and blue follow red.
class RgbDecoder {
 public:
  RgbDecoder();
  [[nodiscard]] Rgb16 decode(ArithmeticDecoder& decoder, const Rgb16& last);

 private:
  SymbolModel changed_bytes_;
  std::vector<SymbolModel> bytes_;  ///< Low and high of red, green and blue.
};

}  // namespace tagscape::laz
