#include "core/scans/scannet_labels.h"

#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

namespace tagscape {
namespace {

using nlohmann::json;

constexpr std::string_view kRemedy = "Download or copy the file again";

/// Takes segIndices and lets the rest pass.
class SegmentSink final : public nlohmann::json_sax<json> {
 public:
  std::vector<std::int64_t> segments;
  bool found = false;
  std::string problem;

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t value) override { return take(value); }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr auto kMax = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return value <= kMax ? take(static_cast<std::int64_t>(value)) : other();
  }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool string(string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool start_object(std::size_t) override { return open(); }
  bool key(string_t& name) override {
    next_is_list_ = depth_ == 1 && name == "segIndices";
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override {
    if (next_is_list_) {
      inside_ = true;
      found = true;
      segments.clear();
      next_is_list_ = false;
      ++depth_;
      return true;
    }
    return open();
  }
  bool end_array() override {
    inside_ = false;
    return close();
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    problem = fmt::format("no JSON at byte {}", position);
    return false;
  }

 private:
  bool take(std::int64_t value) {
    next_is_list_ = false;
    if (inside_) segments.push_back(value);
    return true;
  }
  bool other() {
    next_is_list_ = false;
    if (inside_) problem = fmt::format("entry {} of \"segIndices\" is no whole number", segments.size());
    return !inside_;
  }
  bool open() {
    ++depth_;
    return other();
  }
  bool close() {
    --depth_;
    return true;
  }
  int depth_ = 0;
  bool inside_ = false;
  bool next_is_list_ = false;
};

Result<SegmentGroup> parseGroup(const json& entry, std::size_t index, const std::filesystem::path& name) {
  const bool whole = entry.is_object() && entry.contains("label") && entry["label"].is_string() &&
                     entry.contains("segments") && entry["segments"].is_array();
  if (!whole) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("group {} lacks a label or a list of segments", index), kRemedy);
  }
  SegmentGroup group{entry["label"].get<std::string>(), {}};
  for (const auto& segment : entry["segments"]) {
    const auto number = wholeNumber(segment);
    if (!number) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("group {} has a segment that is no whole number of 64 bits", index),
                      kRemedy);
    }
    group.segments.push_back(*number);
  }
  return group;
}

}  // namespace

Result<std::vector<std::int64_t>> readSegments(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path));
  return parseSegments(text, path);
}

Result<std::vector<std::int64_t>> parseSegments(std::string_view text, const std::filesystem::path& name) {
  TAGSCAPE_TRY(checkJsonDepth(text, name));
  SegmentSink sink;
  const bool whole = json::sax_parse(text, &sink);
  if (!whole) return failFile(ErrorCode::InvalidInput, name, sink.problem, kRemedy);
  if (!sink.found) return failFile(ErrorCode::InvalidInput, name, "it has no list \"segIndices\"", kRemedy);
  return std::move(sink.segments);
}

Result<std::vector<SegmentGroup>> readAggregation(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path, std::uintmax_t{64} << 20));
  return parseAggregation(text, path);
}

Result<std::vector<SegmentGroup>> parseAggregation(std::string_view text, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const json document, parseJson(text, name));
  if (!document.is_object() || !document.contains("segGroups") || !document["segGroups"].is_array())
    return failFile(ErrorCode::InvalidInput, name, "it has no list \"segGroups\"", kRemedy);
  std::vector<SegmentGroup> groups;
  for (const auto& entry : document["segGroups"]) {
    TAGSCAPE_ASSIGN(auto group, parseGroup(entry, groups.size(), name));
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<std::uint16_t> nyu40OfSegments(std::span<const std::int64_t> segments,
                                           const std::vector<SegmentGroup>& groups,
                                           const LabelMap& map,
                                           std::vector<std::string>& unknown) {
  std::unordered_map<std::int64_t, std::uint16_t> of_segment;
  for (const auto& group : groups) {
    const auto nyu40 = map.nyu40OfCategory(group.label);
    if (!nyu40 && std::find(unknown.begin(), unknown.end(), group.label) == unknown.end())
      unknown.push_back(group.label);
    for (const auto segment : group.segments) of_segment[segment] = static_cast<std::uint16_t>(nyu40.value_or(0));
  }
  std::vector<std::uint16_t> labels(segments.size(), 0);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto found = of_segment.find(segments[i]);
    if (found != of_segment.end()) labels[i] = found->second;
  }
  return labels;
}

std::uint8_t classOfNyu40(std::uint16_t nyu40_id) {
  static const auto kTable = [] {
    std::array<std::uint8_t, 64> table;
    table.fill(kNoClass);
    for (int i = 0; i < kNumClasses; ++i) {
      table[classCatalog()[static_cast<std::size_t>(i)].nyu40_id] = static_cast<std::uint8_t>(i);
    }
    return table;
  }();
  return nyu40_id < kTable.size() ? kTable[nyu40_id] : kNoClass;
}

}  // namespace tagscape
