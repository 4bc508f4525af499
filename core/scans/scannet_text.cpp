#include "core/base/files.h"
#include "core/scans/scannet_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Download or copy the file again";

/// Cells of a line between tabs.
std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  while (true) {
    const auto end = line.find('\t', begin);
    found.push_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return found;
    begin = end + 1;
  }
}

std::optional<int> wholeNumber(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// Takes the first line off `text`.
std::string_view takeLine(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

constexpr std::array<std::pair<std::string_view, int>, 66> kBuiltIn{{
    {"wall", 1},
    {"floor", 2},
    {"cabinet", 3},
    {"bed", 4},
    {"chair", 5},
    {"sofa", 6},
    {"table", 7},
    {"door", 8},
    {"window", 9},
    {"bookshelf", 10},
    {"picture", 11},
    {"counter", 12},
    {"blinds", 13},
    {"desk", 14},
    {"shelves", 15},
    {"shelf", 15},
    {"curtain", 16},
    {"dresser", 17},
    {"pillow", 18},
    {"mirror", 19},
    {"floor mat", 20},
    {"mat", 20},
    {"clothes", 21},
    {"ceiling", 22},
    {"books", 23},
    {"book", 23},
    {"refrigerator", 24},
    {"television", 25},
    {"tv", 25},
    {"paper", 26},
    {"towel", 27},
    {"shower curtain", 28},
    {"box", 29},
    {"whiteboard", 30},
    {"person", 31},
    {"night stand", 32},
    {"nightstand", 32},
    {"toilet", 33},
    {"sink", 34},
    {"lamp", 35},
    {"bathtub", 36},
    {"bag", 37},
    {"otherstructure", 38},
    {"otherfurniture", 39},
    {"otherprop", 40},
    {"couch", 6},
    {"office chair", 5},
    {"armchair", 5},
    {"coffee table", 7},
    {"end table", 7},
    {"doorframe", 8},
    {"kitchen cabinet", 3},
    {"kitchen cabinets", 3},
    {"file cabinet", 3},
    {"kitchen counter", 12},
    {"curtains", 16},
    {"window blinds", 13},
    {"fridge", 24},
    {"bathroom sink", 34},
    {"kitchen sink", 34},
    {"table lamp", 35},
    {"floor lamp", 35},
    {"handbag", 37},
    {"dining table", 7},
    {"trash can", 39},
    {"radiator", 39},
}};

}  // namespace

Result<LabelMap> LabelMap::read(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path));
  return parse(text, path);
}

Result<LabelMap> LabelMap::parse(std::string_view text, const std::filesystem::path& name) {
  const auto titles = cells(takeLine(text));
  std::array<std::size_t, 3> columns{};
  constexpr std::array<std::string_view, 3> kTitles{"id", "raw_category", "nyu40id"};
  for (std::size_t i = 0; i < kTitles.size(); ++i) {
    const auto found = std::find(titles.begin(), titles.end(), kTitles[i]);
    if (found == titles.end())
      return failFile(ErrorCode::InvalidInput, name, fmt::format("line 1 has no title \"{}\"", kTitles[i]), kRemedy);
    columns[i] = static_cast<std::size_t>(found - titles.begin());
  }
  LabelMap map;
  for (int line_number = 2; !text.empty(); ++line_number) {
    const auto line = takeLine(text);
    if (trimmed(line).empty()) continue;
    const auto row = cells(line);
    const bool whole = row.size() > *std::max_element(columns.begin(), columns.end());
    const auto id = whole ? wholeNumber(row[columns[0]]) : std::nullopt;
    const std::string_view nyu40_text = whole ? trimmed(row[columns[2]]) : std::string_view("none");
    const auto nyu40 = nyu40_text.empty() ? std::optional(0) : wholeNumber(nyu40_text);
    if (!id || !nyu40 || *nyu40 < 0 || *nyu40 > 40)
      return failFile(
          ErrorCode::InvalidInput, name, fmt::format("line {} has no id and nyu40id", line_number), kRemedy);
    map.by_category_.insert_or_assign(std::string(row[columns[1]]), *nyu40);
    map.by_id_.insert_or_assign(*id, *nyu40);
  }
  return map;
}

const LabelMap& LabelMap::builtIn() {
  static const LabelMap kMap = [] {
    LabelMap map;
    for (const auto& [category, nyu40] : kBuiltIn) map.by_category_.emplace(category, nyu40);
    return map;
  }();
  return kMap;
}

std::optional<int> LabelMap::nyu40OfCategory(std::string_view raw_category) const {
  const auto found = by_category_.find(raw_category);
  return found == by_category_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int> LabelMap::nyu40OfId(int raw_id) const {
  const auto found = by_id_.find(raw_id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::filesystem::path> findLabelMap(const std::filesystem::path& folder) {
  std::error_code code;
  auto place = std::filesystem::weakly_canonical(folder, code);
  for (int level = 0; level <= 3 && !code; ++level, place = place.parent_path()) {
    const auto candidate = place / "scannetv2-labels.combined.tsv";
    if (std::filesystem::is_regular_file(candidate, code)) return candidate;
    code.clear();
  }
  return std::nullopt;
}

std::map<std::string, std::string> parseSceneText(std::string_view text) {
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const auto line = takeLine(text);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    values[std::string(trimmed(line.substr(0, equals)))] = std::string(trimmed(line.substr(equals + 1)));
  }
  return values;
}

}  // namespace tagscape
