#include "core/clouds/stl_off.h"

#include "core/clouds/polygon.h"
#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <map>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export the file again, as PLY if you can";
constexpr std::string_view kSpace = " \t\r\n\v\f";

/// Joins corners that coincide.
class CornerSoup {
 public:
  void add(const std::array<float, 3>& corner) {
    const auto [found, is_new] = number_of_.try_emplace(corner, static_cast<std::uint32_t>(cloud_.positions.size()));
    if (is_new) cloud_.positions.emplace_back(corner[0], corner[1], corner[2]);
    triangle_[num_corners_ % 3] = found->second;
    if (++num_corners_ % 3 == 0) cloud_.triangles.push_back(triangle_);
  }
  CloudBuilder take() { return std::move(cloud_); }

 private:
  std::map<std::array<float, 3>, std::uint32_t> number_of_;
  CloudBuilder cloud_;
  Triangle triangle_{};
  std::size_t num_corners_ = 0;
};

constexpr std::size_t kStlHeader = 84;
constexpr std::size_t kStlRow = 50;

std::uint32_t numTriangles(std::span<const std::byte> bytes) {
  std::uint32_t count = 0;
  std::memcpy(&count, bytes.data() + kStlHeader - sizeof(count), sizeof(count));
  return count;
}

/// Some programs begin binary files with "solid", too: what counts is whether the size fits.
bool isBinaryStl(std::span<const std::byte> bytes, std::string_view text) {
  if (bytes.size() < kStlHeader) return false;
  const bool fits = bytes.size() == kStlHeader + kStlRow * std::uint64_t{numTriangles(bytes)};
  return fits || !text::trimmed(text.substr(0, kStlHeader)).starts_with("solid");
}

/// std::map needs an order, which not-a-numbers lack.
bool allNumbers(const std::array<float, 3>& corner) {
  return corner[0] == corner[0] && corner[1] == corner[1] && corner[2] == corner[2];
}

Result<CloudBuilder> parseBinaryStl(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::uint64_t whole = (bytes.size() - kStlHeader) / kStlRow;
  const std::uint64_t announced = numTriangles(bytes);
  CornerSoup soup;
  std::size_t num_bad = 0;
  for (std::uint64_t row = 0; row < std::min(whole, announced); ++row) {
    std::array<std::array<float, 3>, 3> corners{};
    std::memcpy(corners.data(), bytes.data() + kStlHeader + row * kStlRow + sizeof(corners[0]), sizeof(corners));
    if (!std::all_of(corners.begin(), corners.end(), allNumbers)) {
      ++num_bad;
      continue;
    }
    for (const auto& corner : corners) soup.add(corner);
  }
  CloudBuilder cloud = soup.take();
  if (whole < announced)
    cloud.notes.push_back(
        fmt::format("the header announces {} triangles, but the file ends after {}", announced, whole));
  if (num_bad > 0) cloud.notes.push_back(fmt::format("{} triangles are not finite and were left out", num_bad));
  if (cloud.triangles.empty()) return failFile(ErrorCode::InvalidInput, name, "it holds no triangle", kRemedy);
  return cloud;
}

Result<CloudBuilder> parseTextStl(std::string_view text, const std::filesystem::path& name) {
  CornerSoup soup;
  std::vector<std::string_view> words;
  for (std::size_t number = 1; !text.empty(); ++number) {
    text::split(text::takeLine(text), kSpace, words);
    if (words.size() != 4 || words[0] != "vertex") continue;
    std::array<float, 3> corner{};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto value = text::numberOf(words[i + 1]);
      corner[i] = static_cast<float>(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    if (!allNumbers(corner))
      return failFile(ErrorCode::InvalidInput, name, fmt::format("line {} is no vertex", number), kRemedy);
    soup.add(corner);
  }
  CloudBuilder cloud = soup.take();
  if (cloud.triangles.empty()) return failFile(ErrorCode::InvalidInput, name, "it holds no triangle", kRemedy);
  return cloud;
}

class OffParser {
 public:
  OffParser(std::string_view text, const std::filesystem::path& name) : rest_(text::withoutBom(text)), name_(name) {}

  Result<CloudContent> parse() {
    TAGSCAPE_TRY(parseHeader());
    for (std::size_t i = 0; i < num_vertices_; ++i) TAGSCAPE_TRY(parseVertex(i));
    std::vector<Eigen::Vector3f> positions;
    for (const auto& p : cloud_.positions) positions.push_back((p - cloud_.positions.front()).cast<float>());
    for (std::size_t i = 0; i < num_faces_; ++i) TAGSCAPE_TRY(parseFace(i, positions));
    return std::move(cloud_).finish(name_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }

  /// The numbers of the next line that has any; false at the end.
  bool nextLine() {
    words_.clear();
    while (words_.empty() && !rest_.empty()) {
      const auto line = text::takeLine(rest_);
      text::split(line.substr(0, line.find('#')), kSpace, words_);
    }
    return !words_.empty();
  }

  Status parseHeader() {
    if (!nextLine()) return refuse("it is empty");
    std::string_view kind = words_[0];
    const bool is_off = kind.ends_with("OFF");
    if (is_off) {
      kind.remove_suffix(3);
      if (kind.find_first_not_of("CNST") != std::string_view::npos) return refuse("only OFF, COFF and NOFF are read");
      has_normals_ = kind.find('N') != std::string_view::npos;
      words_.erase(words_.begin());
      if (words_.empty() && !nextLine()) return refuse("it has no counts");
    }
    const auto vertices = text::numberOf(words_[0]);
    const auto faces = words_.size() > 1 ? text::numberOf(words_[1]) : std::nullopt;
    // A vertex and a face take six characters at least.
    const double max_count = static_cast<double>(rest_.size()) / 4 + 1;
    if (!vertices || !faces || !(*vertices >= 0 && *vertices <= max_count) || !(*faces >= 0 && *faces <= max_count))
      return refuse("its counts of vertices and faces do not fit the file");
    num_vertices_ = static_cast<std::size_t>(*vertices);
    num_faces_ = static_cast<std::size_t>(*faces);
    return {};
  }

  Status parseVertex(std::size_t index) {
    std::array<double, 10> values{};
    const bool whole = nextLine() && words_.size() >= (has_normals_ ? 6U : 3U);
    const std::size_t count = std::min(words_.size(), values.size());
    for (std::size_t i = 0; whole && i < count; ++i) {
      const auto value = text::numberOf(words_[i]);
      if (!value) return refuse(fmt::format("vertex {} has something that is no number", index));
      values[i] = *value;
    }
    if (!whole) return refuse(fmt::format("the file ends in vertex {} of {}", index, num_vertices_));
    const auto vector = [&](std::size_t at) { return Eigen::Vector3d(values[at], values[at + 1], values[at + 2]); };
    cloud_.positions.push_back(vector(0));
    const std::size_t color = has_normals_ ? 6 : 3;
    if (has_normals_) cloud_.normals.push_back(vector(3).cast<float>());
    if (count >= color + 3) cloud_.colors.push_back(vector(color).cast<float>());
    return {};
  }

  Status parseFace(std::size_t index, const std::vector<Eigen::Vector3f>& positions) {
    if (!nextLine()) return refuse(fmt::format("the file ends in face {} of {}", index, num_faces_));
    const auto count = text::numberOf(words_[0]);
    if (!count || !(*count >= 0 && *count < static_cast<double>(words_.size())))
      return refuse(fmt::format("face {} has fewer corners than it says", index));
    corners_.clear();
    for (std::size_t i = 1; i <= static_cast<std::size_t>(*count); ++i) {
      const auto corner = text::numberOf(words_[i]);
      if (!corner || !(*corner >= 0 && *corner < static_cast<double>(num_vertices_)))
        return refuse(fmt::format("face {} names a vertex that does not exist", index));
      corners_.push_back(static_cast<std::uint32_t>(*corner));
    }
    triangulate(positions, corners_, cloud_.triangles);
    return {};
  }

  std::string_view rest_;
  const std::filesystem::path& name_;
  std::vector<std::string_view> words_;
  std::vector<std::uint32_t> corners_;
  std::size_t num_vertices_ = 0, num_faces_ = 0;
  bool has_normals_ = false;
  CloudBuilder cloud_;
};

}  // namespace

Result<CloudContent> parseStl(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(CloudBuilder cloud,
                  isBinaryStl(bytes, text) ? parseBinaryStl(bytes, name) : parseTextStl(text, name));
  return std::move(cloud).finish(name);
}

Result<CloudContent> parseOff(std::string_view text, const std::filesystem::path& name) {
  return OffParser(text, name).parse();
}

}  // namespace tagscape
