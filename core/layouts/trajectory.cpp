#include "core/layouts/trajectory.h"

#include "core/base/files.h"
#include "core/clouds/text_lines.h"
#include "core/scans/camera_text.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace tagscape {

std::optional<Eigen::Matrix4d> Trajectory::at(double time_s, double max_gap_s) const {
  const auto after = std::lower_bound(
      poses.begin(), poses.end(), time_s, [](const TimedPose& pose, double time) { return pose.time_s < time; });
  const TimedPose* next = after == poses.end() ? nullptr : &*after;
  const TimedPose* previous = after == poses.begin() ? nullptr : &*(after - 1);
  if (next != nullptr && previous != nullptr && next->time_s - previous->time_s <= max_gap_s) {
    const double part = (time_s - previous->time_s) / std::max(1e-9, next->time_s - previous->time_s);
    const Eigen::Quaterniond a(Eigen::Matrix3d(previous->matrix.topLeftCorner<3, 3>()));
    const Eigen::Quaterniond b(Eigen::Matrix3d(next->matrix.topLeftCorner<3, 3>()));
    const Eigen::Vector3d place =
        previous->matrix.topRightCorner<3, 1>() +
        part * (next->matrix.topRightCorner<3, 1>() - previous->matrix.topRightCorner<3, 1>());
    return matrixOf(a.slerp(part, b), place);
  }
  const auto distance = [&](const TimedPose* pose) {
    return pose == nullptr ? max_gap_s : std::abs(pose->time_s - time_s);
  };
  const TimedPose* nearest = distance(previous) < distance(next) ? previous : next;
  if (nearest == nullptr || distance(nearest) > max_gap_s / 2) return std::nullopt;
  return nearest->matrix;
}

Result<std::vector<std::vector<double>>> parseRows(std::string_view text,
                                                   std::string_view separators,
                                                   const std::filesystem::path& name) {
  std::vector<std::vector<double>> rows;
  std::vector<std::string_view> words;
  text = text::withoutBom(text);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text::trimmed(text::takeLine(text));
    if (line.empty() || line.starts_with('#') || line.starts_with("//")) continue;
    text::split(line, separators, words);
    std::vector<double> row;
    for (const auto word : words) {
      const auto value = text::numberOf(text::trimmed(word));
      if (!value) break;
      row.push_back(*value);
    }
    const bool is_title = row.size() != words.size() && rows.empty();
    if (is_title) continue;
    if (row.size() != words.size())
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("line {} has something that is no number", number),
                      "Export the file again");
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<std::vector<double>>> readRows(const std::filesystem::path& path, std::string_view separators) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path));
  return parseRows(text, separators, path);
}

Result<Trajectory> parseTumTrajectory(std::string_view text, const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const auto rows, parseRows(text, " \t,", name));
  Trajectory trajectory;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    constexpr std::size_t kColumns = 8;
    if (row.size() < kColumns)
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("pose {} has {} numbers instead of time, x y z and a quaternion", i, row.size()),
                      "Export the file again");
    const Eigen::Quaterniond rotation(row[7], row[4], row[5], row[6]);
    trajectory.poses.push_back({row[0], matrixOf(rotation, {row[1], row[2], row[3]})});
  }
  std::stable_sort(trajectory.poses.begin(), trajectory.poses.end(), [](const auto& a, const auto& b) {
    return a.time_s < b.time_s;
  });
  return trajectory;
}

Result<std::vector<std::pair<std::size_t, Eigen::Matrix4d>>> parseLogTrajectory(std::string_view text,
                                                                                const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(const auto numbers, parseNumbers(text, name));
  constexpr std::size_t kEntry = 3 + 16;
  if (numbers.size() % kEntry != 0)
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("{} numbers are not three and a 4x4 matrix for each frame", numbers.size()),
                    "Export the file again");
  std::vector<std::pair<std::size_t, Eigen::Matrix4d>> poses;
  for (std::size_t at = 0; at < numbers.size(); at += kEntry) {
    TAGSCAPE_ASSIGN(const auto matrix, matrix4FromNumbers(std::span(numbers).subspan(at + 3, 16), name));
    const double place = numbers[at];
    constexpr double kMax = 1e9;
    poses.emplace_back(place >= 0 && place < kMax ? static_cast<std::size_t>(place) : poses.size(), matrix);
  }
  return poses;
}

}  // namespace tagscape
