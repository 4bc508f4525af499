#pragma once

#include "core/base/result.h"
#include "core/scene/point_cloud.h"

#include <Eigen/Core>

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

/// What a file of points holds.
struct CloudContent {
  Mesh mesh{};
  /// Further numbers per vertex, by property name ("label", "scalar_Classification").
  std::map<std::string, std::vector<float>> vertex_scalars{};
  /// The file's coordinates are those of `mesh` plus this: 0, or where the file's are large, whole kilometres near its
  /// first point, so that floats keep the shape exactly.
  Eigen::Vector3d offset_m = Eigen::Vector3d::Zero();
  /// What of the file was left out, or had to be guessed: clauses without a full stop, to be shown to the user.
  std::vector<std::string> notes{};
  /// Names of the ids in a scalar that holds labels, where the file or its format has them (ASPRS classes of LAS).
  std::map<std::string, std::map<std::int32_t, std::string>> scalar_names{};
};

/// The offset for a cloud with a point at `position`: per axis 0 below 10 km (a float is exact to .5 mm there), else
/// the nearest whole kilometre.
[[nodiscard]] Eigen::Vector3d offsetFor(const Eigen::Vector3d& position);

/// Collects what a reader finds, in the file's own coordinates and ranges.
struct CloudBuilder {
  std::vector<Eigen::Vector3d> positions;
  std::vector<Eigen::Vector3f> colors;   ///< Empty or one per point; in the range of the file, see colorsToBytes.
  std::vector<Eigen::Vector3f> normals;  ///< Empty or one per point.
  std::vector<Triangle> triangles;       ///< Corners must exist.
  std::map<std::string, std::vector<float>> scalars;
  std::vector<std::string> notes;

  /// Points whose position is not finite are left out with the triangles that use them, coordinates become relative to
  /// the offset, colours become bytes.
  /// Errors: InvalidInput if no point is left.
  [[nodiscard]] Result<CloudContent> finish(const std::filesystem::path& name) &&;
};

/// Colours as bytes, from 0 … 1, 0 … 255 or 0 … 65535, by the largest value: up to 1, up to 255, more. Values that are
/// not numbers count as 0. @param is_float  false: whole numbers, of which 1 is no white.
[[nodiscard]] std::vector<Rgb8> colorsToBytes(std::span<const Eigen::Vector3f> colors, bool is_float);

/// Leaves out vertices whose position is not finite, triangles that use them, and their scalars, with a note that
/// counts them. Errors: InvalidInput if no vertex is left.
[[nodiscard]] Status dropNonFinite(CloudContent& content, const std::filesystem::path& name);

/// What a label column's name says, in lower case and without CloudCompare's "scalar_": whether it holds class labels.
[[nodiscard]] bool isLabelName(std::string_view property);

/// Moves the scalars that hold labels (by name, whole numbers that fit 32 bits) out of `content`. A column of labels
/// whose values are no whole numbers stays, with a note.
[[nodiscard]] std::vector<LabelColumn> takeLabelColumns(CloudContent& content);

}  // namespace tagscape
