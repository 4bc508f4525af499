#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

/// Lines and numbers of text files. Views: the text must outlive them.
namespace tagscape::text {

/// Without the byte order mark of UTF-8 that editors put first.
[[nodiscard]] inline std::string_view withoutBom(std::string_view text) {
  constexpr std::string_view kBom = "\xef\xbb\xbf";
  return text.starts_with(kBom) ? text.substr(kBom.size()) : text;
}

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// Takes the first line off `text`, without its end (LF, CR LF, or CR alone).
[[nodiscard]] inline std::string_view takeLine(std::string_view& text) {
  const auto end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  const bool is_pair = text.substr(end).starts_with("\r\n");
  text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
  return line;
}

/// The pieces of a line between runs of any of `separators`.
inline void split(std::string_view line, std::string_view separators, std::vector<std::string_view>& words) {
  words.clear();
  std::size_t position = 0;
  while ((position = line.find_first_not_of(separators, position)) != std::string_view::npos) {
    const auto end = std::min(line.find_first_of(separators, position), line.size());
    words.push_back(line.substr(position, end - position));
    position = end;
  }
}

/// A number that is the whole word: "1e-3", "+2", "nan", "-nan(ind)", "1.#QNAN".
[[nodiscard]] std::optional<double> numberOf(std::string_view word);
/// The same with a comma before its decimals: "1,25".
[[nodiscard]] std::optional<double> numberWithDecimalComma(std::string_view word);

}  // namespace tagscape::text
