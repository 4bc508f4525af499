#include "core/layouts/file_patterns.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

/// "frame000010.jpg" after "frame000009.jpg" and "10.jpg" after "9.jpg": by length and then by digits.
std::pair<std::size_t, std::string> sortKey(const fs::path& path) {
  const std::string stem = path.stem().string();
  const auto end = stem.find_last_of("0123456789");
  if (end == std::string::npos) return {0, stem};
  const auto begin = stem.find_last_not_of("0123456789", end);
  const std::string digits =
      stem.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? 0 : begin + 1) + 1);
  const auto significant = std::min(digits.find_first_not_of('0'), digits.size());
  return {digits.size() - significant, digits.substr(significant) + stem};
}

void collect(const fs::path& folder, std::string_view pattern, std::size_t max_files, std::vector<fs::path>& found) {
  const auto slash = pattern.find('/');
  const std::string_view name = pattern.substr(0, slash);
  const std::string_view rest = slash == std::string_view::npos ? std::string_view() : pattern.substr(slash + 1);
  const auto take = [&](const fs::path& path) {
    if (!rest.empty())
      collect(path, rest, max_files, found);
    else
      found.push_back(path);
  };
  std::error_code code;
  if (name.find('*') == std::string_view::npos) {
    if (fs::exists(folder / name, code)) take(folder / name);
    return;
  }
  for (fs::directory_iterator it(folder, code), end; !code && it != end && found.size() < max_files;
       it.increment(code)) {
    if (fitsPattern(it->path().filename().string(), name)) take(it->path());
  }
}

}  // namespace

bool fitsPattern(std::string_view name, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  name.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (std::size_t skipped = 0; skipped <= name.size(); ++skipped) {
    if (fitsPattern(name.substr(skipped), pattern)) return true;
  }
  return false;
}

std::vector<fs::path> findByPattern(const fs::path& root, std::string_view pattern, std::size_t max_files) {
  std::vector<fs::path> found;
  collect(root, pattern, max_files, found);
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return sortKey(a) < sortKey(b); });
  return found;
}

std::optional<fs::path> firstByPattern(const fs::path& root, std::string_view patterns) {
  while (!patterns.empty()) {
    const auto bar = std::min(patterns.find('|'), patterns.size());
    const auto found = findByPattern(root, patterns.substr(0, bar), 1);
    if (!found.empty()) return found.front();
    patterns.remove_prefix(std::min(bar + 1, patterns.size()));
  }
  return std::nullopt;
}

}  // namespace tagscape
