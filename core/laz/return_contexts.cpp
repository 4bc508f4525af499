#include "core/laz/return_contexts.h"

#include <algorithm>
#include <string_view>

namespace tagscape::laz {
namespace {

/// Rows by the number of returns, columns by the number of the return, one hexadecimal digit each.
constexpr std::array<std::string_view, 8> kMap8{
    "fedcba98", "e0136aa9", "d1247bba", "c3458ccb", "b6789ddc", "aabcdeed", "9abcdefe", "89abcdef"};

constexpr std::array<std::string_view, 16> kMap16{"0123453445555555",
                                                  "1013333333333333",
                                                  "2124444444433333",
                                                  "3345444444444444",
                                                  "4344544444444444",
                                                  "5344454444444444",
                                                  "3344445444444444",
                                                  "4344444544444444",
                                                  "4344444454444444",
                                                  "5344444445444444",
                                                  "5344444444544444",
                                                  "5334444444455444",
                                                  "5334444444455544",
                                                  "5334444444445554",
                                                  "5334444444444555",
                                                  "5334444444444455"};

std::uint32_t digit(char c) { return static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

std::uint32_t level(std::uint32_t a, std::uint32_t b) {
  constexpr std::uint32_t kDeepest = 7;
  return std::min(std::max(a, b) - std::min(a, b), kDeepest);
}

}  // namespace

void StreamingMedian::add(std::int32_t value) {
  const std::int32_t median = values_[2];
  if (drops_largest_) {
    std::size_t place = values_.size() - 1;
    for (; place > 0 && values_[place - 1] > value; --place) values_[place] = values_[place - 1];
    values_[place] = value;
    drops_largest_ = value < median;
  } else {
    std::size_t place = 0;
    for (; place + 1 < values_.size() && values_[place + 1] < value; ++place) values_[place] = values_[place + 1];
    values_[place] = value;
    drops_largest_ = value <= median;
  }
}

std::uint32_t returnMap8(std::uint32_t num_returns, std::uint32_t return_number) {
  return digit(kMap8[num_returns % 8][return_number % 8]);
}
std::uint32_t returnLevel8(std::uint32_t num_returns, std::uint32_t return_number) {
  return level(num_returns % 8, return_number % 8);
}
std::uint32_t returnMap16(std::uint32_t num_returns, std::uint32_t return_number) {
  return digit(kMap16[num_returns % 16][return_number % 16]);
}
std::uint32_t returnLevel16(std::uint32_t num_returns, std::uint32_t return_number) {
  return level(num_returns % 16, return_number % 16);
}

}  // namespace tagscape::laz
