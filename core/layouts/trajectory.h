#pragma once

#include "core/base/result.h"

#include <Eigen/Core>

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace tagscape {

/// A pose at a time.
struct TimedPose {
  double time_s = 0;
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
};

/// Poses in the order of their times.
struct Trajectory {
  std::vector<TimedPose> poses;

  /// The pose at a time: between the two around it (spherical for the rotation) where these are at most `max_gap_s`
  /// apart, else the nearest one within half of that; nothing otherwise.
  [[nodiscard]] std::optional<Eigen::Matrix4d> at(double time_s, double max_gap_s) const;
};

/// Rows of numbers of a text table: comments (#, //) and a first row of titles are left out.
/// @param separators  between columns.
/// Errors: InvalidInput naming a line with something that is no number.
[[nodiscard]] Result<std::vector<std::vector<double>>> parseRows(std::string_view text,
                                                                 std::string_view separators,
                                                                 const std::filesystem::path& name);
/// The rows of a file of at most 256 MB. Errors: those of parseRows and of reading it.
[[nodiscard]] Result<std::vector<std::vector<double>>> readRows(const std::filesystem::path& path,
                                                                std::string_view separators = " \t,");

/// "time x y z qx qy qz qw" a line, as TUM's tools write it. Errors: as parseRows; InvalidInput naming a short line.
[[nodiscard]] Result<Trajectory> parseTumTrajectory(std::string_view text, const std::filesystem::path& name);

/// Open3D's .log: three whole numbers, then a 4x4 matrix, for each frame; the first number is the frame's place.
[[nodiscard]] Result<std::vector<std::pair<std::size_t, Eigen::Matrix4d>>> parseLogTrajectory(
    std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape
