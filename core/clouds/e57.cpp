#include "core/clouds/e57.h"

#include "core/e57/compressed_vector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

using Names = std::array<std::string_view, 3>;
constexpr Names kCartesian{"cartesianX", "cartesianY", "cartesianZ"};
constexpr Names kSpherical{"sphericalRange", "sphericalAzimuth", "sphericalElevation"};
constexpr Names kColors{"colorRed", "colorGreen", "colorBlue"};
constexpr Names kNormals{"nor:normalX", "nor:normalY", "nor:normalZ"};
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// The columns of a scan that are read, and where their values lie among those of a point.
class ScanColumns {
 public:
  explicit ScanColumns(const e57::Scan& scan) : scan_(scan) {
    is_spherical_ = !hasAll(kCartesian);
    has_positions_ = !is_spherical_ || hasAll(kSpherical);
    if (!has_positions_) return;
    add(is_spherical_ ? kSpherical : kCartesian);
    invalid_at_ = addIfThere(is_spherical_ ? "sphericalInvalidState" : "cartesianInvalidState");
    if (hasAll(kColors)) {
      colors_at_ = add(kColors);
      color_invalid_at_ = addIfThere("isColorInvalid");
      for (std::size_t i = 0; i < kColors.size(); ++i) limits_[i] = limitsOf(i);
    }
    if (hasAll(kNormals)) normals_at_ = add(kNormals);
    for (const auto& field : scan.fields) {
      const std::string_view local = std::string_view(field.name).substr(field.name.find(':') + 1);
      if (labels_at_ == kNone && field.type != e57::FieldType::Text && isLabelName(local)) {
        label_name_ = local;
        labels_at_ = addIfThere(field.name);
      }
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool hasPositions() const { return has_positions_; }
  [[nodiscard]] bool hasColors() const { return colors_at_ != kNone; }
  [[nodiscard]] bool hasNormals() const { return normals_at_ != kNone; }
  [[nodiscard]] bool hasLabels() const { return labels_at_ != kNone; }
  [[nodiscard]] const std::string& labelName() const { return label_name_; }

  [[nodiscard]] bool isValid(std::span<const double> values) const {
    return invalid_at_ == kNone || values[invalid_at_] == 0;
  }

  [[nodiscard]] Eigen::Vector3d position(std::span<const double> values) const {
    if (!is_spherical_) return {values[0], values[1], values[2]};
    const double in_plane = values[0] * std::cos(values[2]);
    return {in_plane * std::cos(values[1]), in_plane * std::sin(values[1]), values[0] * std::sin(values[2])};
  }

  /// 0 … 1 where the file tells the range; grey where a colour is marked as invalid.
  [[nodiscard]] Eigen::Vector3f color(std::span<const double> values) const {
    constexpr float kGrey = 0.5F;
    if (color_invalid_at_ != kNone && values[color_invalid_at_] != 0) return Eigen::Vector3f::Constant(kGrey);
    Eigen::Vector3f color;
    for (std::size_t i = 0; i < kColors.size(); ++i) {
      const double value = values[colors_at_ + i];
      const auto& [low, high] = limits_[i];
      color[static_cast<Eigen::Index>(i)] = static_cast<float>((value - low) / (high - low));
    }
    return color;
  }

  [[nodiscard]] Eigen::Vector3d normal(std::span<const double> values) const {
    return {values[normals_at_], values[normals_at_ + 1], values[normals_at_ + 2]};
  }
  [[nodiscard]] float label(std::span<const double> values) const { return static_cast<float>(values[labels_at_]); }

 private:
  [[nodiscard]] const e57::Field* find(std::string_view name) const {
    const auto found =
        std::find_if(scan_.fields.begin(), scan_.fields.end(), [&](const e57::Field& f) { return f.name == name; });
    return found == scan_.fields.end() || found->type == e57::FieldType::Text ? nullptr : &*found;
  }
  [[nodiscard]] bool hasAll(const Names& names) const {
    return std::all_of(names.begin(), names.end(), [&](std::string_view name) { return find(name) != nullptr; });
  }
  std::size_t add(const Names& names) {
    const std::size_t at = names_.size();
    names_.insert(names_.end(), names.begin(), names.end());
    return at;
  }
  std::size_t addIfThere(std::string_view name) {
    if (find(name) == nullptr) return kNone;
    names_.emplace_back(name);
    return names_.size() - 1;
  }

  /// What of a channel is black and white. Limits that a file tells are often those of the values that occur, which
  /// would stretch dark clouds: they count as those of the smallest type that fits. Where nothing is told, values stay
  /// as they are, and their range is found out later (see colorsToBytes).
  [[nodiscard]] std::array<double, 2> limitsOf(std::size_t channel) const {
    constexpr double kByte = 255, kShort = 65535;
    const e57::Field& field = *find(kColors[channel]);
    const bool is_integer = field.type == e57::FieldType::Integer;
    double high = is_integer ? static_cast<double>(field.maximum) : 1;
    if (const auto& given = scan_.color_limits[channel]) high = (*given)[1];
    if (high <= 1 || high > kShort) return {0, 1};
    return {0, high <= kByte ? kByte : kShort};
  }

  const e57::Scan& scan_;
  std::vector<std::string> names_;
  bool is_spherical_ = false, has_positions_ = false;
  std::size_t invalid_at_ = kNone, colors_at_ = kNone, color_invalid_at_ = kNone, normals_at_ = kNone,
              labels_at_ = kNone;
  std::string label_name_;
  std::array<std::array<double, 2>, 3> limits_{};
};

class E57Parser {
 public:
  explicit E57Parser(const std::filesystem::path& name) : name_(name) {}

  Result<CloudContent> parse(std::span<const std::byte> file) {
    TAGSCAPE_ASSIGN(const auto bytes, e57::PagedBytes::open(file, name_));
    TAGSCAPE_ASSIGN(const auto document, e57::readDocument(bytes));
    for (const auto& scan : document.scans) TAGSCAPE_TRY(addScan(bytes, scan));
    if (num_scans_ == 0)
      return failFile(ErrorCode::InvalidInput, name_, "none of its scans has positions", "Export it again");
    addNotes(document);
    return std::move(cloud_).finish(name_);
  }

 private:
  Status addScan(const e57::PagedBytes& bytes, const e57::Scan& scan) {
    if (scan.num_points == 0) return {};
    const ScanColumns columns(scan);
    if (!columns.hasPositions()) {
      cloud_.notes.push_back(fmt::format("its scan \"{:.60}\" has no positions and was left out", scan.name));
      return {};
    }
    beginScan(columns);
    const auto add = [&](std::span<const double> values) { addPoint(columns, scan, values); };
    TAGSCAPE_ASSIGN(const auto count, e57::decodePoints(bytes, scan, columns.names(), add));
    if (count < scan.num_points) {
      cloud_.notes.push_back(
          fmt::format("its scan \"{:.60}\" announces {} points and holds {}", scan.name, scan.num_points, count));
    }
    return {};
  }

  /// Scans may differ in what they have: points without colours become grey, without labels -1.
  void beginScan(const ScanColumns& columns) {
    ++num_scans_;
    const std::size_t before = cloud_.positions.size();
    has_colors_ = has_colors_ || columns.hasColors();
    if (has_colors_) cloud_.colors.resize(before, Eigen::Vector3f::Constant(0.5F));
    all_have_normals_ = all_have_normals_ && columns.hasNormals();
    if (columns.hasLabels() && label_name_.empty()) label_name_ = columns.labelName();
    if (!label_name_.empty()) cloud_.scalars[label_name_].resize(before, -1);
    labels_ = label_name_.empty() ? nullptr : &cloud_.scalars[label_name_];
  }

  void addPoint(const ScanColumns& columns, const e57::Scan& scan, std::span<const double> values) {
    if (!columns.isValid(values)) {
      ++num_invalid_;
      return;
    }
    cloud_.positions.emplace_back(scan.world_from_scan * columns.position(values));
    if (has_colors_)
      cloud_.colors.push_back(columns.hasColors() ? columns.color(values) : Eigen::Vector3f::Constant(0.5F));
    if (all_have_normals_)
      cloud_.normals.emplace_back((scan.world_from_scan.linear() * columns.normal(values)).cast<float>());
    if (labels_ != nullptr) labels_->push_back(columns.hasLabels() ? columns.label(values) : -1.0F);
  }

  void addNotes(const e57::Document& document) {
    if (num_scans_ > 1)
      cloud_.notes.push_back(fmt::format("its {} scans were put together by their poses", num_scans_));
    if (num_invalid_ > 0)
      cloud_.notes.push_back(fmt::format("{} points are marked as invalid and were left out", num_invalid_));
    if (document.num_images > 0) cloud_.notes.push_back(fmt::format("its {} images are not read", document.num_images));
  }

  const std::filesystem::path& name_;
  CloudBuilder cloud_;
  std::size_t num_scans_ = 0, num_invalid_ = 0;
  bool has_colors_ = false, all_have_normals_ = true;
  std::string label_name_;
  std::vector<float>* labels_ = nullptr;
};

}  // namespace

Result<CloudContent> parseE57(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return E57Parser(name).parse(bytes);
}

}  // namespace tagscape
