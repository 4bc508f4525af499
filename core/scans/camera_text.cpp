#include "core/scans/camera_text.h"

#include "core/base/files.h"
#include "core/clouds/text_lines.h"

#include <Eigen/LU>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace fs = std::filesystem;

namespace {

/// Without lines that begin with # or //.
std::string withoutComments(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto line = text::takeLine(text);
    const auto begin = text::trimmed(line);
    if (begin.starts_with('#') || begin.starts_with("//")) continue;
    kept.append(line).push_back('\n');
  }
  return kept;
}

/// Whether commas are decimal: every word between blanks that has one is a number with it inside.
bool hasDecimalCommas(std::string_view text) {
  std::vector<std::string_view> words;
  text::split(text, " \t\r\n[]();", words);
  const auto has_comma = [](std::string_view word) { return word.find(',') != std::string_view::npos; };
  return text.find('.') == std::string_view::npos && std::any_of(words.begin(), words.end(), has_comma) &&
         std::all_of(words.begin(), words.end(), [&](std::string_view word) {
           return !has_comma(word) || text::numberWithDecimalComma(word).has_value();
         });
}

}  // namespace

Result<std::vector<double>> parseNumbers(std::string_view text, const fs::path& name) {
  const std::string kept = withoutComments(text::withoutBom(text));
  const bool decimal_comma = hasDecimalCommas(kept);
  std::vector<std::string_view> words;
  text::split(kept, decimal_comma ? " \t\r\n[]();" : " \t\r\n[]();,", words);
  std::vector<double> numbers;
  for (const auto word : words) {
    const auto value = decimal_comma ? text::numberWithDecimalComma(word) : text::numberOf(word);
    if (!value) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("entry {} is no number (\"{:.20}\")", numbers.size() + 1, word),
                      "Write a matrix of numbers");
    }
    numbers.push_back(*value);
  }
  return numbers;
}

Result<Eigen::Matrix4d> parseMatrix4(std::string_view text, const fs::path& name) {
  TAGSCAPE_ASSIGN(const auto numbers, parseNumbers(text, name));
  return matrix4FromNumbers(numbers, name);
}

Result<Eigen::Matrix4d> matrix4FromNumbers(std::span<const double> numbers, const fs::path& name) {
  constexpr std::size_t kWhole = 16, kWithoutLastRow = 12;
  if (numbers.size() != kWhole && numbers.size() != kWithoutLastRow) {
    return failFile(
        ErrorCode::InvalidInput,
        name,
        numbers.size() > kWhole ? "more than 16 numbers" : fmt::format("{} numbers instead of 16", numbers.size()),
        "Write a 4x4 matrix");
  }
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  for (std::size_t i = 0; i < numbers.size(); ++i)
    matrix(static_cast<Eigen::Index>(i / 4), static_cast<Eigen::Index>(i % 4)) = numbers[i];
  return matrix;
}

Eigen::Matrix4d matrixOf(const Eigen::Quaterniond& rotation, const Eigen::Vector3d& translation) {
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  matrix.topLeftCorner<3, 3>().setZero();
  if (rotation.norm() > 0) matrix.topLeftCorner<3, 3>() = rotation.normalized().toRotationMatrix();
  matrix.topRightCorner<3, 1>() = translation;
  return matrix;
}

Eigen::Matrix4d worldFromCamera(const Eigen::Matrix4d& matrix, PoseDirection direction, CameraAxes axes) {
  Eigen::Matrix4d result = matrix;
  if (direction == PoseDirection::WorldToCamera) {
    // Of a rigid motion; of anything else the outcome is no rotation either, and is refused as such.
    result.topLeftCorner<3, 3>() = matrix.topLeftCorner<3, 3>().transpose();
    result.topRightCorner<3, 1>() = -(result.topLeftCorner<3, 3>() * matrix.topRightCorner<3, 1>());
  }
  if (axes == CameraAxes::OpenGl) {
    result.col(1) = -result.col(1);
    result.col(2) = -result.col(2);
  }
  return result;
}

Result<Pose> poseFromMatrix(const Eigen::Matrix4d& world_from_camera, const fs::path& name) {
  if (!world_from_camera.allFinite()) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the pose is not finite (tracking was lost)",
                    "The frame is left out; nothing needs to be done");
  }
  const Eigen::Matrix3d rotation = world_from_camera.topLeftCorner<3, 3>();
  constexpr double kRounding = 0.01;  // poses are written with few digits and come from drifting filters
  const bool rigid =
      (rotation * rotation.transpose() - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff() < kRounding &&
      rotation.determinant() > 0;
  if (!rigid || !world_from_camera.row(3).isApprox(Eigen::RowVector4d(0, 0, 0, 1), kRounding)) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "the matrix is no rotation and translation",
                    "Write the camera-to-world pose, row by row");
  }
  constexpr double kFarthest_m = 2e7;  // UTM coordinates reach 10,000 km
  if (world_from_camera.topRightCorner<3, 1>().cwiseAbs().maxCoeff() > kFarthest_m) {
    return failFile(
        ErrorCode::InvalidInput, name, "the camera is more than 20,000 km away", "Write translations in metres");
  }
  Pose pose = Pose::Identity();
  pose.linear() = Eigen::Quaterniond(rotation).normalized().toRotationMatrix();
  pose.translation() = world_from_camera.topRightCorner<3, 1>();
  return pose;
}

Result<Intrinsics> intrinsicsFromMatrix(const Eigen::Matrix4d& matrix, int width, int height, const fs::path& name) {
  const Intrinsics intrinsics{matrix(0, 0), matrix(1, 1), matrix(0, 2), matrix(1, 2), width, height};
  const bool positive =
      std::isfinite(intrinsics.fx) && std::isfinite(intrinsics.fy) && intrinsics.fx > 0 && intrinsics.fy > 0;
  const bool inside =
      intrinsics.cx > -0.5 && intrinsics.cx < width - 0.5 && intrinsics.cy > -0.5 && intrinsics.cy < height - 0.5;
  if (!positive || !inside) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("fx {:g}, fy {:g}, cx {:g}, cy {:g} do not fit images of {} x {} pixels",
                                intrinsics.fx,
                                intrinsics.fy,
                                intrinsics.cx,
                                intrinsics.cy,
                                width,
                                height),
                    "Use the intrinsics of these images, scaled to their size");
  }
  return intrinsics;
}

Result<CameraModel> parseCamera(std::string_view text, const fs::path& name) {
  TAGSCAPE_ASSIGN(const auto n, parseNumbers(text, name));
  const auto size = [](double value) { return value >= 1 && value <= 1e6 ? static_cast<int>(value) : 0; };
  switch (n.size()) {
    case 4:
      return CameraModel{n[0], n[1], n[2], n[3]};
    case 6: {
      // ARKitScenes writes width and height first; they are whole, and the principal point lies near their middle.
      const bool size_first = n[0] == std::floor(n[0]) && n[1] == std::floor(n[1]) && n[4] < n[0] && n[5] < n[1];
      if (size_first) return CameraModel{n[2], n[3], n[4], n[5], size(n[0]), size(n[1])};
      return CameraModel{n[0], n[1], n[2], n[3], size(n[4]), size(n[5])};
    }
    case 9:
      return CameraModel{n[0], n[4], n[2], n[5]};
    case 12:
    case 16:
      return CameraModel{n[0], n[5], n[2], n[6]};
    default:
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("{} numbers are no camera", n.size()),
                      "Write fx fy cx cy, or a matrix of 3x3 or 4x4");
  }
}

Result<CameraModel> readCameraOption(const std::string& text) {
  if (text.find_first_not_of("0123456789.,;+-eE \t") == std::string::npos) return parseCamera(text, text);
  TAGSCAPE_ASSIGN(const auto content, readTextFile(text, 1 << 20));
  return parseCamera(content, text);
}

std::string Conventions::text() const {
  std::string all;
  const auto camera = [&](const char* name, const std::optional<CameraModel>& of) {
    if (of) all += fmt::format("{} {} {} {} {} {} {};", name, of->fx, of->fy, of->cx, of->cy, of->width, of->height);
  };
  if (depth_units_per_m) all += fmt::format("depth {};", *depth_units_per_m);
  if (poses) all += fmt::format("poses {};", static_cast<int>(*poses));
  if (axes) all += fmt::format("axes {};", static_cast<int>(*axes));
  camera("color", color_camera);
  camera("depth", depth_camera);
  return all;
}

std::vector<std::string> Conventions::options() const {
  std::vector<std::string> all;
  const auto add = [&](const char* name, std::string value) {
    all.emplace_back(name);
    all.push_back(std::move(value));
  };
  const auto addCamera = [&](const char* name, const std::optional<CameraModel>& camera) {
    if (!camera) return;
    std::string value = fmt::format("{},{},{},{}", camera->fx, camera->fy, camera->cx, camera->cy);
    if (camera->width > 0) value += fmt::format(",{},{}", camera->width, camera->height);
    add(name, std::move(value));
  };
  if (depth_units_per_m) add("--depth-scale", fmt::format("{}", *depth_units_per_m));
  if (poses) add("--poses", *poses == PoseDirection::WorldToCamera ? "world-to-camera" : "camera-to-world");
  if (axes) add("--axes", *axes == CameraAxes::OpenGl ? "opengl" : "opencv");
  addCamera("--intrinsics", color_camera);
  addCamera("--depth-intrinsics", depth_camera);
  if (label_ids == LabelIds::Nyu40) add("--label-ids", "nyu40");
  if (label_ids == LabelIds::Train) add("--label-ids", "train");
  if (label_ids == LabelIds::Raw) add("--label-ids", "raw");
  return all;
}

Result<Intrinsics> fitCamera(const CameraModel& model, int width, int height, const fs::path& name, std::string& note) {
  const auto refuse = [&](const std::string& problem) {
    return failFile(ErrorCode::InvalidInput, name, problem, "Use the intrinsics of these images, scaled to their size");
  };
  Intrinsics camera{model.fx, model.fy, model.cx, model.cy, width, height};
  if (model.width > 0 && model.height > 0) {
    const double x = static_cast<double>(model.width) / width;
    const double y = static_cast<double>(model.height) / height;
    constexpr double kSameShape = 0.02;
    if (std::abs(x / y - 1) > kSameShape) {
      return refuse(fmt::format("it is of images of {} x {} pixels, but these have {} x {}, which is another shape",
                                model.width,
                                model.height,
                                width,
                                height));
    }
    camera.width = model.width;
    camera.height = model.height;
    camera = camera.resizedTo(width, height);
  } else {
    const double x = 2 * (model.cx + .5) / width;
    const double y = 2 * (model.cy + .5) / height;
    constexpr double kSameRatio = 0.08;  // principal points lie off the middle by a few per cent
    constexpr double kFar = 1.35;        // and never by a third
    const bool is_other_size = x > 0 && y > 0 && std::abs(x / y - 1) < kSameRatio && (x > kFar || x < 1 / kFar);
    if (is_other_size) {
      const double ratio = (x + y) / 2;
      camera = {model.fx / ratio,
                model.fy / ratio,
                (model.cx + .5) / ratio - .5,
                (model.cy + .5) / ratio - .5,
                width,
                height};
      note = fmt::format(
          "{}: its principal point is that of images {:.3g} times as large as these ({} x {} pixels), so it was "
          "scaled. "
          "Check that it is the right file, or give the camera by an option",
          name.string(),
          ratio,
          width,
          height);
    }
  }
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  matrix(0, 0) = camera.fx;
  matrix(1, 1) = camera.fy;
  matrix(0, 2) = camera.cx;
  matrix(1, 2) = camera.cy;
  return intrinsicsFromMatrix(matrix, width, height, name);
}

}  // namespace tagscape
