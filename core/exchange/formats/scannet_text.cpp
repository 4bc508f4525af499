#include "core/exchange/formats/scannet_text.h"

#include "core/base/files.h"
#include "core/exchange/formats/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tagscape::formats {

std::vector<std::uint16_t> idsOf(const ExchangeLayer& layer) {
  std::vector<std::uint16_t> ids(layer.points.size());
  std::transform(layer.points.classes.begin(), layer.points.classes.end(), ids.begin(), [&](std::uint16_t row) {
    return idOf(layer.classes, row);
  });
  return ids;
}

std::vector<std::byte> numberLines(std::span<const std::uint16_t> numbers) {
  constexpr std::size_t kLongest = 6;  // "65535\n"
  std::vector<std::byte> bytes(numbers.size() * kLongest);
  char* at = reinterpret_cast<char*>(bytes.data());
  for (const std::uint16_t number : numbers) {
    at = std::to_chars(at, at + kLongest, number).ptr;
    *at++ = '\n';
  }
  bytes.resize(static_cast<std::size_t>(at - reinterpret_cast<char*>(bytes.data())));
  return bytes;
}

Result<std::vector<std::int64_t>> readNumberLines(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path));
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t line = 1; at != end; ++line) {
    const char* line_end = std::find(at, end, '\n');
    const char* last = line_end != at && *(line_end - 1) == '\r' ? line_end - 1 : line_end;
    if (at != last) {
      std::int64_t number = 0;
      const auto [stopped, problem] = std::from_chars(at, last, number);
      if (problem != std::errc() || stopped != last)
        return failFile(
            ErrorCode::InvalidInput, path, fmt::format("line {} is no label", line), "Write one number per line");
      numbers.push_back(number);
    }
    at = line_end == end ? end : line_end + 1;
  }
  return numbers;
}

}  // namespace tagscape::formats
