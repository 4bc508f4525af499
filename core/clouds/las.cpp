#include "core/clouds/las.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
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
    if (header_.is_compressed) {
      return failFile(ErrorCode::Unsupported,
                      name_,
                      "its points are compressed (LAZ), which is not read",
                      "Write it as LAS, for example with laszip, las2las or CloudCompare");
    }
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
    auto& classes = cloud_.scalars["classification"];
    std::size_t num_withheld = 0;
    const bool is_wide = header_.format >= 6;
    for (std::uint64_t i = 0; i < count; ++i, record += header_.record_bytes) {
      const auto flags = load<std::uint8_t>(record + 15);
      constexpr unsigned kWithheldWide = 0x04, kWithheld = 0x80, kClassBits = 0x1f;
      if ((flags & (is_wide ? kWithheldWide : kWithheld)) != 0) {
        ++num_withheld;
        continue;
      }
      const Eigen::Vector3d steps(
          load<std::int32_t>(record), load<std::int32_t>(record + 4), load<std::int32_t>(record + 8));
      cloud_.positions.push_back(header_.offset + steps.cwiseProduct(header_.scale));
      classes.push_back(static_cast<float>(is_wide ? load<std::uint8_t>(record + 16) : (flags & kClassBits)));
      if (layout_.color == 0) continue;
      const std::byte* color = record + layout_.color;
      cloud_.colors.emplace_back(
          load<std::uint16_t>(color), load<std::uint16_t>(color + 2), load<std::uint16_t>(color + 4));
    }
    if (count < header_.num_points)
      cloud_.notes.push_back(
          fmt::format("the header announces {} points, but the file ends after {}", header_.num_points, count));
    if (num_withheld > 0)
      cloud_.notes.push_back(fmt::format("{} points are marked as withheld and were left out", num_withheld));
    dropBlackColors();
  }

  /// Many files have a format with colours and none in it.
  void dropBlackColors() {
    const bool all_black =
        std::all_of(cloud_.colors.begin(), cloud_.colors.end(), [](const Eigen::Vector3f& c) { return c.isZero(); });
    if (all_black) cloud_.colors.clear();
  }

  /// The variable length record LASF_Spec 0: 256 entries of a number and 15 characters.
  void addOwnNames(std::map<std::int32_t, std::string>& names) const {
    constexpr std::size_t kRecordHeader = 54;
    constexpr std::size_t kEntry = 16;
    std::uint64_t position = header_.header_bytes;
    for (std::uint32_t i = 0; i < header_.num_variable_records; ++i) {
      if (position + kRecordHeader > bytes_.size()) return;
      const std::byte* record = bytes_.data() + position;
      const std::size_t length = load<std::uint16_t>(record + 20);
      const bool is_lookup = std::memcmp(record + 2, "LASF_Spec", 9) == 0 && load<std::uint16_t>(record + 18) == 0;
      position += kRecordHeader + length;
      if (!is_lookup || position > bytes_.size()) continue;
      for (std::size_t at = 0; at + kEntry <= length; at += kEntry) {
        const auto* entry = reinterpret_cast<const char*>(record + kRecordHeader + at);
        const std::string text(entry + 1, ::strnlen(entry + 1, kEntry - 1));
        if (!text.empty()) names[static_cast<unsigned char>(entry[0])] = text;
      }
    }
  }

  std::span<const std::byte> bytes_;
  const std::filesystem::path& name_;
  Header header_;
  RecordLayout layout_{};
  CloudBuilder cloud_;
};

}  // namespace

Result<CloudContent> parseLas(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return LasParser(bytes, name).parse();
}

}  // namespace tagscape
