#include "core/clouds/obj.h"

#include "core/clouds/polygon.h"
#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export the file again, as PLY if you can";
constexpr std::string_view kBlanks = " \t\v\f";

class ObjParser {
 public:
  ObjParser(std::string_view text, const std::filesystem::path& name) : rest_(text::withoutBom(text)), name_(name) {}

  Result<CloudContent> parse() {
    while (!rest_.empty()) {
      text::split(nextLine(), kBlanks, words_);
      if (!words_.empty()) TAGSCAPE_TRY(takeStatement());
    }
    finishColors();
    finishNormals();
    cutFaces();
    addNotes();
    return std::move(cloud_).finish(name_);
  }

 private:
  /// A line, joined with those after it while it ends in a backslash.
  std::string_view nextLine() {
    ++line_number_;
    std::string_view line = text::trimmed(text::takeLine(rest_));
    if (!line.ends_with('\\')) return line;
    joined_.clear();
    while (line.ends_with('\\')) {
      joined_.append(line.substr(0, line.size() - 1)).push_back(' ');
      ++line_number_;
      line = text::trimmed(text::takeLine(rest_));
    }
    joined_.append(line);
    return joined_;
  }

  Status takeStatement() {
    const std::string_view key = words_[0];
    if (key == "v") return takeVertex();
    if (key == "vn") {
      normals_.push_back(numbers().cast<float>());
    } else if (key == "f" || key == "fo") {
      takeFace();
    } else if (key == "vt") {
      has_texture_ = true;
    } else if (key == "mtllib" && words_.size() > 1) {
      material_ = std::string(words_[1]);
    } else if (key == "l" || key == "curv" || key == "surf") {
      unused_.emplace(key);
    }
    return {};
  }

  Eigen::Vector3d numbers(std::size_t first = 1) const {
    Eigen::Vector3d vector = Eigen::Vector3d::Constant(std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < 3 && first + i < words_.size(); ++i)
      vector[static_cast<Eigen::Index>(i)] = text::numberOf(words_[first + i]).value_or(vector[0]);
    return vector;
  }

  Status takeVertex() {
    const std::size_t count = words_.size() - 1;
    const bool bad = count < 3 || std::any_of(words_.begin() + 1, words_.end(), [](std::string_view word) {
                       return !text::numberOf(word);
                     });
    if (bad)
      return failFile(ErrorCode::InvalidInput, name_, fmt::format("line {} is no vertex", line_number_), kRemedy);
    cloud_.positions.push_back(numbers());
    const bool has_color = count >= 6;
    if (has_color) ++num_colored_;
    cloud_.colors.push_back(has_color ? Eigen::Vector3f(numbers(count >= 7 ? 5 : 4).cast<float>())
                                      : Eigen::Vector3f::Constant(std::numeric_limits<float>::quiet_NaN()));
    return {};
  }

  /// The index that a word names: from 1, or from the end if negative.
  static std::optional<std::uint32_t> indexOf(std::string_view word, std::size_t count) {
    const auto number = text::numberOf(word);
    if (!number || *number != static_cast<double>(static_cast<std::int64_t>(std::clamp(*number, -1e15, 1e15))))
      return std::nullopt;
    const double index = *number < 0 ? static_cast<double>(count) + *number : *number - 1;
    if (!(index >= 0 && index < static_cast<double>(count))) return std::nullopt;
    return static_cast<std::uint32_t>(index);
  }

  /// Corners are kept flat, each face after its number of corners: vertices may follow their faces.
  void takeFace() {
    const std::size_t begin = faces_.size();
    faces_.push_back(static_cast<std::uint32_t>(words_.size() - 1));
    for (std::size_t i = 1; i < words_.size(); ++i) {
      const std::string_view word = words_[i];
      const auto corner = indexOf(word.substr(0, word.find('/')), cloud_.positions.size());
      if (!corner) {
        if (num_bad_faces_++ == 0) first_bad_face_ = line_number_;
        faces_.resize(begin);
        return;
      }
      faces_.push_back(*corner);
      const auto last = word.rfind('/');
      if (last == std::string_view::npos || last == word.find('/')) continue;
      if (const auto normal = indexOf(word.substr(last + 1), normals_.size())) normal_of_[*corner] = *normal;
    }
  }

  /// Vertices without a colour become grey, in the range that the others have.
  void finishColors() {
    if (num_colored_ == 0) return cloud_.colors.clear();
    float largest = 0;
    for (const auto& color : cloud_.colors) largest = std::max(largest, color.allFinite() ? color.maxCoeff() : 0.F);
    const float grey = largest <= 1.001F ? 0.5F : 127.5F;
    for (auto& color : cloud_.colors) {
      if (!color.allFinite()) color.setConstant(grey);
    }
    if (num_colored_ < cloud_.positions.size()) {
      cloud_.notes.push_back(fmt::format("{} of {} vertices have no colour and are shown grey",
                                         cloud_.positions.size() - num_colored_,
                                         cloud_.positions.size()));
    }
  }

  void finishNormals() {
    const std::size_t count = cloud_.positions.size();
    if (normal_of_.empty() && normals_.size() == count) {
      cloud_.normals = std::move(normals_);
    } else if (normal_of_.size() == count) {
      for (const auto& [vertex, normal] : normal_of_) cloud_.normals.push_back(normals_[normal]);
    }
  }

  void cutFaces() {
    std::vector<Eigen::Vector3f> positions;
    for (const auto& position : cloud_.positions)
      positions.push_back((position - cloud_.positions.front()).cast<float>());
    std::size_t num_small = 0;
    for (std::size_t at = 0; at < faces_.size(); at += faces_[at] + 1) {
      if (faces_[at] < 3) ++num_small;
      triangulate(positions, std::span(faces_).subspan(at + 1, faces_[at]), cloud_.triangles);
    }
    if (num_small > 0)
      cloud_.notes.push_back(fmt::format("{} faces with fewer than three corners were left out", num_small));
  }

  void addNotes() {
    if (num_bad_faces_ > 0) {
      cloud_.notes.push_back(
          fmt::format("{} faces name vertices that do not exist and were left out, the first in line {}",
                      num_bad_faces_,
                      first_bad_face_));
    }
    if (!material_.empty() || has_texture_) {
      std::error_code code;
      const bool missing = !material_.empty() && !std::filesystem::exists(name_.parent_path() / material_, code);
      cloud_.notes.push_back(fmt::format("colours of its materials and textures are not shown{}",
                                         missing ? fmt::format(" ({:.80} is missing, too)", material_) : ""));
    }
    if (!unused_.empty())
      cloud_.notes.push_back(fmt::format("lines and curves are not shown ({})", fmt::join(unused_, ", ")));
  }

  std::string_view rest_;
  const std::filesystem::path& name_;
  std::string joined_;
  std::vector<std::string_view> words_;
  CloudBuilder cloud_;
  std::vector<Eigen::Vector3f> normals_;
  std::map<std::uint32_t, std::uint32_t> normal_of_;  ///< By vertex; the last face that names one wins.
  std::vector<std::uint32_t> faces_;
  std::set<std::string> unused_;
  std::string material_;
  bool has_texture_ = false;
  std::size_t num_colored_ = 0;
  std::size_t num_bad_faces_ = 0;
  std::size_t first_bad_face_ = 0;
  std::size_t line_number_ = 0;
};

}  // namespace

Result<CloudContent> parseObj(std::string_view text, const std::filesystem::path& name) {
  return ObjParser(text, name).parse();
}

}  // namespace tagscape
