#include "core/clouds/las.h"

#include "core/laz/laz_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export the file again, as PLY if you can";

/// Where the parts of a point record lie, by its format.
struct RecordLayout {
  std::size_t num_bytes;
  std::size_t color;  ///< 0: no colour.
};
constexpr std::array<RecordLayout, 11> kLayouts{
    {{20, 0}, {28, 0}, {26, 20}, {34, 28}, {57, 0}, {63, 28}, {30, 0}, {36, 30}, {38, 30}, {59, 0}, {67, 30}}};

constexpr int kFirstWide = 6;  ///< Formats from here on have a whole byte for the class.

constexpr std::array<std::string_view, 19> kClassNames{"never classified",
                                                       "unclassified",
                                                       "ground",
                                                       "low vegetation",
                                                       "medium vegetation",
                                                       "high vegetation",
                                                       "building",
                                                       "low point (noise)",
                                                       "model key-point",
                                                       "water",
                                                       "rail",
                                                       "road surface",
                                                       "overlap",
                                                       "wire guard",
                                                       "wire conductor",
                                                       "transmission tower",
                                                       "wire connector",
                                                       "bridge deck",
                                                       "high noise"};

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

struct Header {
  int format = 0;
  bool is_compressed = false;
  std::size_t record_bytes = 0;
  std::uint64_t points_begin = 0;
  std::uint64_t num_points = 0;
  std::uint64_t header_bytes = 0;
  std::uint32_t num_variable_records = 0;
  Eigen::Vector3d scale, offset;
};

class LasParser {
 public:
  LasParser(std::span<const std::byte> bytes, const std::filesystem::path& name) : bytes_(bytes), name_(name) {}

  Result<CloudContent> parse() {
    TAGSCAPE_TRY(parseHeader());
    if (header_.is_compressed)
      TAGSCAPE_TRY(parseCompressedPoints());
    else
      parsePoints();
    TAGSCAPE_ASSIGN(CloudContent content, std::move(cloud_).finish(name_));
    auto& names = content.scalar_names["classification"];
    for (std::size_t i = 0; i < kClassNames.size(); ++i) names[static_cast<std::int32_t>(i)] = kClassNames[i];
    addOwnNames(names);
    return content;
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }

  template <class T>
  [[nodiscard]] T at(std::size_t offset) const {
    return load<T>(bytes_.data() + offset);
  }

  Status parseHeader() {
    constexpr std::size_t kShortestHeader = 227;
    constexpr std::size_t kHeader14 = 375;
    if (bytes_.size() < kShortestHeader || std::memcmp(bytes_.data(), "LASF", 4) != 0)
      return refuse("it does not begin with the header of a LAS file");
    const auto format = at<std::uint8_t>(104);
    header_.format = format & 0x3f;
    header_.is_compressed = (format & 0xc0) != 0;
    header_.header_bytes = at<std::uint16_t>(94);
    header_.points_begin = at<std::uint32_t>(96);
    header_.num_variable_records = at<std::uint32_t>(100);
    header_.record_bytes = at<std::uint16_t>(105);
    header_.num_points = at<std::uint32_t>(107);
    if (at<std::uint8_t>(25) >= 4 && bytes_.size() >= kHeader14 && at<std::uint64_t>(247) > 0)
      header_.num_points = at<std::uint64_t>(247);
    for (int axis = 0; axis < 3; ++axis) {
      header_.scale[axis] = at<double>(131 + 8 * static_cast<std::size_t>(axis));
      header_.offset[axis] = at<double>(155 + 8 * static_cast<std::size_t>(axis));
    }
    return checkHeader();
  }

  Status checkHeader() {
    if (header_.format >= static_cast<int>(kLayouts.size()))
      return refuse(fmt::format("its point format {} is not known", header_.format));
    layout_ = kLayouts[static_cast<std::size_t>(header_.format)];
    if (header_.record_bytes < layout_.num_bytes)
      return refuse(fmt::format("points of format {} do not fit in {} bytes", header_.format, header_.record_bytes));
    if (header_.points_begin < header_.header_bytes || header_.points_begin > bytes_.size())
      return refuse("its points begin outside the file");
    if (!header_.scale.allFinite() || !header_.offset.allFinite()) return refuse("its scale or offset is not finite");
    return {};
  }

  void parsePoints() {
    const std::uint64_t whole = (bytes_.size() - header_.points_begin) / header_.record_bytes;
    const std::uint64_t count = std::min(whole, header_.num_points);
    const std::byte* record = bytes_.data() + header_.points_begin;
    for (std::uint64_t i = 0; i < count; ++i, record += header_.record_bytes) addPoint(record);
    finishPoints(count);
  }

  Status parseCompressedPoints() {
    constexpr std::uint16_t kCompression = 22204;
    const auto record = findRecord("laszip encoded", kCompression);
    if (!record) return refuse("the record that says how its points are compressed is missing");
    TAGSCAPE_ASSIGN(const auto compression, laz::parseCompression(*record, name_));
    const bool has_color = compression.has_color || layout_.color == 0;
    if (compression.record_bytes != header_.record_bytes || compression.is_layered != (header_.format >= kFirstWide) ||
        !has_color)
      return refuse("the record on its compression does not fit its point format");
    TAGSCAPE_ASSIGN(const std::uint64_t count,
                    laz::decodePoints(bytes_,
                                      compression,
                                      {header_.points_begin, header_.num_points},
                                      name_,
                                      [&](std::span<const std::byte> point) { addPoint(point.data()); }));
    if (count == 0 && header_.num_points > 0) {
      return failFile(ErrorCode::InvalidInput,
                      name_,
                      "it ends before its first points are complete",
                      "Copy or download the file again");
    }
    finishPoints(count);
    return {};
  }

  void addPoint(const std::byte* record) {
    constexpr unsigned kWithheldWide = 0x04, kWithheld = 0x80, kClassBits = 0x1f;
    const auto flags = load<std::uint8_t>(record + 15);
    const bool is_wide = header_.format >= kFirstWide;
    if ((flags & (is_wide ? kWithheldWide : kWithheld)) != 0) {
      ++num_withheld_;
      return;
    }
    const Eigen::Vector3d steps(
        load<std::int32_t>(record), load<std::int32_t>(record + 4), load<std::int32_t>(record + 8));
    cloud_.positions.push_back(header_.offset + steps.cwiseProduct(header_.scale));
    classes_.push_back(static_cast<float>(is_wide ? load<std::uint8_t>(record + 16) : (flags & kClassBits)));
    if (layout_.color == 0) return;
    const std::byte* color = record + layout_.color;
    cloud_.colors.emplace_back(
        load<std::uint16_t>(color), load<std::uint16_t>(color + 2), load<std::uint16_t>(color + 4));
  }

  void finishPoints(std::uint64_t count) {
    cloud_.scalars["classification"] = std::move(classes_);
    if (count < header_.num_points)
      cloud_.notes.push_back(
          fmt::format("the header announces {} points, but the file ends after {}", header_.num_points, count));
    if (num_withheld_ > 0)
      cloud_.notes.push_back(fmt::format("{} points are marked as withheld and were left out", num_withheld_));
    dropBlackColors();
  }

  /// Many files have a format with colours and none in it.
  void dropBlackColors() {
    const bool all_black =
        std::all_of(cloud_.colors.begin(), cloud_.colors.end(), [](const Eigen::Vector3f& c) { return c.isZero(); });
    if (all_black) cloud_.colors.clear();
  }

  /// The content of a variable length record.
  [[nodiscard]] std::optional<std::span<const std::byte>> findRecord(std::string_view user, std::uint16_t id) const {
    constexpr std::size_t kRecordHeader = 54, kUser = 16;
    std::uint64_t position = header_.header_bytes;
    for (std::uint32_t i = 0; i < header_.num_variable_records; ++i) {
      if (position + kRecordHeader > bytes_.size()) return std::nullopt;
      const std::byte* record = bytes_.data() + position;
      const auto* name = reinterpret_cast<const char*>(record + 2);
      const std::size_t length = load<std::uint16_t>(record + 20);
      position += kRecordHeader + length;
      if (position > bytes_.size()) return std::nullopt;
      if (std::string_view(name, ::strnlen(name, kUser)) == user && load<std::uint16_t>(record + 18) == id)
        return std::span(record + kRecordHeader, length);
    }
    return std::nullopt;
  }

  /// The variable length record LASF_Spec 0: 256 entries of a number and 15 characters.
  void addOwnNames(std::map<std::int32_t, std::string>& names) const {
    constexpr std::size_t kEntry = 16;
    const auto record = findRecord("LASF_Spec", 0);
    if (!record) return;
    for (std::size_t at = 0; at + kEntry <= record->size(); at += kEntry) {
      const auto* entry = reinterpret_cast<const char*>(record->data() + at);
      const std::string text(entry + 1, ::strnlen(entry + 1, kEntry - 1));
      if (!text.empty()) names[static_cast<unsigned char>(entry[0])] = text;
    }
  }

  std::span<const std::byte> bytes_;
  const std::filesystem::path& name_;
  Header header_;
  RecordLayout layout_{};
  CloudBuilder cloud_;
  std::vector<float> classes_;
  std::size_t num_withheld_ = 0;
};

}  // namespace

Result<CloudContent> parseLas(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return LasParser(bytes, name).parse();
}

}  // namespace tagscape
