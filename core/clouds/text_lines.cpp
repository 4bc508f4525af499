#include "core/clouds/text_lines.h"

#include <array>
#include <cmath>
#include <limits>

namespace tagscape::text {

std::optional<double> numberOf(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  const std::string_view rest = word.substr(static_cast<std::size_t>(end - word.data()));
  // What Microsoft's C library writes for numbers that are none: 1.#QNAN, -1.#IND, 1.#INF
  if (!word.empty() && rest.starts_with("#")) return std::numeric_limits<double>::quiet_NaN();
  if (problem == std::errc::result_out_of_range && rest.empty()) return 0.0;  // 1e-400
  if (problem != std::errc() || !rest.empty()) return std::nullopt;
  return value;
}

std::optional<double> numberWithDecimalComma(std::string_view word) {
  std::array<char, 64> copy{};
  if (word.size() > copy.size()) return std::nullopt;
  std::replace_copy(word.begin(), word.end(), copy.begin(), ',', '.');
  return numberOf({copy.data(), word.size()});
}

}  // namespace tagscape::text
