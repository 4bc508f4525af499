#include "core/exchange/formats/coco_rle.h"

#include <fmt/format.h>

namespace tagscape::formats {
namespace {

constexpr int kFirstLetter = 48;  // '0'
constexpr unsigned kBitsPerLetter = 5;
constexpr std::int64_t kMore = 0x20, kSign = 0x10, kBits = 0x1f;

tl::unexpected<Error> refuse(std::string problem) { return fail(ErrorCode::InvalidInput, std::move(problem)); }

}  // namespace

std::vector<std::uint32_t> runLengthsOf(const Image<std::uint8_t>& mask) {
  std::vector<std::uint32_t> runs{0};
  std::uint8_t last = 0;
  for (int x = 0; x < mask.width; ++x) {
    for (int y = 0; y < mask.height; ++y) {
      const std::uint8_t value = mask.at(x, y) != 0 ? 1 : 0;
      if (value != last) runs.push_back(0);
      ++runs.back();
      last = value;
    }
  }
  return runs;
}

Result<Image<std::uint8_t>> maskOfRunLengths(const std::vector<std::uint32_t>& runs, int width, int height) {
  Image<std::uint8_t> mask(width, height, 1);
  std::size_t at = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] > mask.pixels.size() - at) return refuse("its run lengths reach past the end of the image");
    for (std::uint32_t k = 0; k < runs[i]; ++k, ++at) {
      const std::size_t x = at / static_cast<std::size_t>(height), y = at % static_cast<std::size_t>(height);
      if (i % 2 == 1) mask.pixels[y * static_cast<std::size_t>(width) + x] = 1;
    }
  }
  if (at != mask.pixels.size())
    return refuse(fmt::format("its run lengths end after {} of {} pixels", at, mask.pixels.size()));
  return mask;
}

std::string packRunLengths(const std::vector<std::uint32_t>& runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::int64_t value = runs[i];
    if (i > 2) value -= runs[i - 2];
    for (bool more = true; more;) {
      std::int64_t letter = value & kBits;
      value >>= kBitsPerLetter;
      more = (letter & kSign) != 0 ? value != -1 : value != 0;
      if (more) letter |= kMore;
      text += static_cast<char>(letter + kFirstLetter);
    }
  }
  return text;
}

Result<std::vector<std::uint32_t>> unpackRunLengths(std::string_view text) {
  constexpr unsigned kMostBits = 40;
  std::vector<std::uint32_t> runs;
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t value = 0;
    unsigned shift = 0;
    for (bool more = true; more; shift += kBitsPerLetter) {
      if (at == text.size() || shift > kMostBits) return refuse("its run lengths are cut short");
      const std::int64_t letter = text[at++] - kFirstLetter;
      if (letter < 0 || letter > (kMore | kBits))
        return refuse(fmt::format("its run lengths have a strange letter at place {}", at));
      value |= (letter & kBits) << shift;
      more = (letter & kMore) != 0;
      if (!more && (letter & kSign) != 0) value |= -(std::int64_t{1} << (shift + kBitsPerLetter));
    }
    if (runs.size() > 2) value += runs[runs.size() - 2];
    if (value < 0 || value > INT32_MAX) return refuse(fmt::format("its run length {} is {}", runs.size() + 1, value));
    runs.push_back(static_cast<std::uint32_t>(value));
  }
  return runs;
}

}  // namespace tagscape::formats
