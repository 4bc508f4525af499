#include "core/pipeline/check_scan.h"

#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/pipeline/label_check.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tagscape {
namespace {

// Measured on three real scans, medians over frames, share of the points that nothing hides within 5 cm of the depth:
//                          as given   turned by 1   2   3   5 degrees
//   office, fused          91         77   67   53   45 %     (in front: 2, 6, 7, 10, 12 % of all)
//   a scene of ScanNet     78 to 80   61   47   40 %          (turned about the vertical axis of its world)
//   a cloud without faces  47 % of all points, hidden ones among them; grey values correlate by .88
// So the share alone does not tell a good scene of ScanNet from an office that is turned by a degree; whether it grows
// when every camera is turned does: what a camera sees of a scene does not change with that, only where it falls.
constexpr double kGoodUnhidden = 0.7, kWrongUnhidden = 0.58;
constexpr double kGoodClose = 0.4, kWrongClose = 0.25;  // without a surface, what is hidden counts against a good scan
constexpr double kGoodInFront = 0.1, kWrongInFront = 0.2;
constexpr double kGoodCorrelation = 0.5;  // of clouds without faces, where the share says little
constexpr double kTurn_rad = 0.0174533;
constexpr double kGainOfTurned = 0.04;  // a right pose loses .1 to .2 by the turn

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double grey(const std::uint8_t* rgb) { return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]; }

/// Pearson's correlation, accumulated.
class Correlation {
 public:
  void add(double a, double b) {
    ++n_;
    a_ += a;
    b_ += b;
    aa_ += a * a;
    bb_ += b * b;
    ab_ += a * b;
  }
  [[nodiscard]] double value() const {
    const double variance = (n_ * aa_ - a_ * a_) * (n_ * bb_ - b_ * b_);
    return variance > 0 ? (n_ * ab_ - a_ * b_) / std::sqrt(variance) : 0;
  }

 private:
  double n_ = 0, a_ = 0, b_ = 0, aa_ = 0, bb_ = 0, ab_ = 0;
};

struct FramePixels {
  RgbImage color;
  DepthImage depth;
  std::optional<Image<std::uint8_t>> labels;
};

Result<FramePixels> load(const Scene& scene, std::size_t index) {
  FramePixels pixels;
  TAGSCAPE_ASSIGN(pixels.color, scene.pixels->color(index));
  TAGSCAPE_ASSIGN(pixels.depth, scene.pixels->depth(index));
  if (!scene.point_labels.empty() && scene.frames[index].has_labels) {
    TAGSCAPE_ASSIGN(pixels.labels, scene.pixels->labels(index));
  }
  return pixels;
}

/// The label image may have another size than the colour image.
std::uint8_t labelAt(const Image<std::uint8_t>& labels, const RgbImage& color, int x, int y) {
  return labels.at(x * labels.width / color.width, y * labels.height / color.height);
}

/// Which points the scan's own surface shows to the frame; nothing if it has none.
std::optional<VisibilityResult> visibilityBySurface(const Scene& scene, std::size_t index, ReferenceDepth& surface) {
  if (scene.mesh.triangles.empty()) return std::nullopt;
  const auto depth = surface.of(index);
  if (!depth) return std::nullopt;
  const FrameView view{scene.frames[index].world_from_camera, scene.color_intrinsics, depth->camera, &depth->image};
  return computeVisibility(scene.points().positions_m, view);
}

/// Of points that are shown, or of all without a surface.
std::optional<double> fractionClose(const VisibilityResult& measured,
                                    const std::optional<VisibilityResult>& shown,
                                    float close_m) {
  std::size_t count = 0, close = 0;
  for (std::size_t i = 0; i < measured.reason.size(); ++i) {
    if ((shown && shown->reason[i] != Visibility::Visible) || std::isnan(measured.depth_difference_m[i])) continue;
    ++count;
    close += std::abs(measured.depth_difference_m[i]) < close_m ? 1 : 0;
  }
  if (count == 0) return std::nullopt;
  return static_cast<double>(close) / static_cast<double>(count);
}

/// By how much the share of close points differs when the camera is turned left, right, up and down.
std::array<double, 4> gainOfTurned(const Scene& scene,
                                   std::size_t index,
                                   const FramePixels& pixels,
                                   const std::optional<VisibilityResult>& shown,
                                   double fraction_as_given,
                                   float close_m) {
  std::array<double, 4> gains{};
  for (std::size_t turn = 0; turn < gains.size(); ++turn) {
    const Eigen::Vector3d axis = turn < 2 ? Eigen::Vector3d::UnitY() : Eigen::Vector3d::UnitX();
    const Pose pose =
        *scene.frames[index].world_from_camera * Eigen::AngleAxisd(turn % 2 == 0 ? kTurn_rad : -kTurn_rad, axis);
    const FrameView view{pose, scene.color_intrinsics, scene.depth_intrinsics, &pixels.depth};
    const auto measured = computeVisibility(scene.points().positions_m, view);
    gains[turn] = fractionClose(measured, shown, close_m).value_or(0) - fraction_as_given;
  }
  return gains;
}

FrameCheck compare(
    const Scene& scene, std::size_t index, const FramePixels& pixels, ReferenceDepth& surface, float close_m) {
  const FrameView view{
      scene.frames[index].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &pixels.depth};
  const auto visibility = computeVisibility(scene.points().positions_m, view);
  FrameCheck check;
  check.number = scene.frames[index].number;
  std::vector<double> differences;
  std::size_t close = 0, behind = 0, in_front = 0, labelled = 0, agreeing = 0;
  Correlation colors;
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    const float difference = visibility.depth_difference_m[i];
    if (std::isnan(difference)) continue;
    differences.push_back(static_cast<double>(difference));
    if (difference >= close_m) ++behind;
    if (difference <= -close_m) ++in_front;
    if (std::abs(difference) >= close_m) continue;
    ++close;
    const int x = std::clamp(static_cast<int>(std::lround(visibility.pixel[i].x())), 0, pixels.color.width - 1);
    const int y = std::clamp(static_cast<int>(std::lround(visibility.pixel[i].y())), 0, pixels.color.height - 1);
    if (!scene.points().colors.empty())
      colors.add(grey(scene.points().colors[i].data()), grey(&pixels.color.pixels[pixels.color.index(x, y)]));
    if (!pixels.labels || scene.point_labels[i] == kNoClass) continue;
    const std::uint8_t label = labelAt(*pixels.labels, pixels.color, x, y);
    if (label == kNoClass) continue;
    ++labelled;
    agreeing += label == scene.point_labels[i] ? 1 : 0;
  }
  check.num_evaluated = differences.size();
  const double count = std::max<double>(1, static_cast<double>(differences.size()));
  check.fraction_close = static_cast<double>(close) / count;
  check.fraction_behind = static_cast<double>(behind) / count;
  check.fraction_in_front = static_cast<double>(in_front) / count;
  check.median_difference_m = median(std::move(differences));
  check.color_correlation = colors.value();
  const auto shown = visibilityBySurface(scene, index, surface);
  const auto fraction = fractionClose(visibility, shown, close_m);
  if (shown) check.fraction_close_unhidden = fraction;
  check.gain_of_turned = gainOfTurned(scene, index, pixels, shown, fraction.value_or(0), close_m);
  if (labelled > 0) check.label_agreement = static_cast<double>(agreeing) / static_cast<double>(labelled);
  return check;
}

FrameCheck mediansOf(const std::vector<FrameCheck>& frames) {
  const auto of = [&](double FrameCheck::*member) {
    std::vector<double> values;
    for (const auto& frame : frames) values.push_back(frame.*member);
    return median(std::move(values));
  };
  FrameCheck overall;
  overall.fraction_close = of(&FrameCheck::fraction_close);
  overall.fraction_behind = of(&FrameCheck::fraction_behind);
  overall.fraction_in_front = of(&FrameCheck::fraction_in_front);
  overall.median_difference_m = of(&FrameCheck::median_difference_m);
  overall.color_correlation = of(&FrameCheck::color_correlation);
  const auto ofThoseWith = [&](std::optional<double> FrameCheck::*member) -> std::optional<double> {
    std::vector<double> values;
    for (const auto& frame : frames) {
      if (frame.*member) values.push_back(*(frame.*member));
    }
    if (values.empty()) return std::nullopt;
    return median(std::move(values));
  };
  overall.label_agreement = ofThoseWith(&FrameCheck::label_agreement);
  overall.fraction_close_unhidden = ofThoseWith(&FrameCheck::fraction_close_unhidden);
  for (std::size_t turn = 0; turn < overall.gain_of_turned.size(); ++turn) {
    std::vector<double> values;
    for (const auto& frame : frames) values.push_back(frame.gain_of_turned[turn]);
    overall.gain_of_turned[turn] = median(std::move(values));
  }
  for (const auto& frame : frames) overall.num_evaluated += frame.num_evaluated;
  return overall;
}

ScanConsistency consistencyOf(const FrameCheck& overall, bool has_colors) {
  const bool has_surface = overall.fraction_close_unhidden.has_value();
  const double fraction = overall.fraction_close_unhidden.value_or(overall.fraction_close);
  if (fraction < (has_surface ? kWrongUnhidden : kWrongClose) || overall.fraction_in_front > kWrongInFront)
    return ScanConsistency::Wrong;
  const bool is_far = fraction < (has_surface ? kGoodUnhidden : kGoodClose);
  const bool is_turned =
      *std::max_element(overall.gain_of_turned.begin(), overall.gain_of_turned.end()) > kGainOfTurned;
  const bool differs = !has_surface && has_colors && overall.color_correlation < kGoodCorrelation;
  const bool doubtful = is_far || is_turned || differs || overall.fraction_in_front > kGoodInFront;
  return doubtful ? ScanConsistency::Doubtful : ScanConsistency::Good;
}

/// If another reading fits and the current one does not fit at all, the scan is wrong rather than doubtful.
ScanConsistency withRemedy(ScanConsistency consistency, const std::optional<ReadingRemedy>& remedy) {
  constexpr double kWrongReading = 0.2;  // right ones reach .5 to .9, see findReadingRemedy
  if (!remedy) return consistency;
  if (remedy->score_before < kWrongReading) return ScanConsistency::Wrong;
  return std::max(consistency, ScanConsistency::Doubtful);
}

std::string labelProblemOf(const Scene& scene, const FrameCheck& overall, const Job& job) {
  constexpr double kDifferent = 0.6;  // images that were rendered from labelled meshes agree by .9 and more
  std::string problem = findLabelProblem(scene, job);
  if (problem.empty() && overall.label_agreement.value_or(1) < kDifferent) {
    problem = fmt::format("label images and labelled points agree in only {:.0f} % of the pixels",
                          100 * *overall.label_agreement);
  }
  return problem;
}

}  // namespace

Result<ScanCheck> checkScan(const Scene& scene, const CheckOptions& options, const Job& job) {
  if (options.every < 1) return fail(ErrorCode::InvalidInput, "Every 0th frame cannot be checked. Choose 1 or more");
  if (scene.points().size() == 0) {
    return failFile(
        ErrorCode::InvalidInput, scene.path, "the scan has no points to compare with", "Fuse it first (tagscape fuse)");
  }
  ScanCheck check;
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const Frame& frame = scene.frames[i];
    check.num_bad_poses += frame.world_from_camera ? 0 : 1;
    if (frame.world_from_camera && frame.has_color && frame.has_depth) usable.push_back(i);
  }
  ReferenceDepth surface(scene, DepthSource::Surface);
  const auto step = static_cast<std::size_t>(options.every);
  for (std::size_t k = 0; k < usable.size(); k += step) {
    TAGSCAPE_TRY(job.checkStop("Checking"));
    job.report("Checking frames",
               static_cast<std::int64_t>(k / step),
               static_cast<std::int64_t>((usable.size() + step - 1) / step));
    const auto pixels = load(scene, usable[k]);
    if (!pixels) {
      ++check.num_unreadable;
      continue;
    }
    const FrameCheck frame = compare(scene, usable[k], *pixels, surface, options.close_m);
    if (frame.num_evaluated > 0) check.frames.push_back(frame);
  }
  if (check.frames.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    "no sampled frame sees a point at a known depth",
                    "Check poses and intrinsics, or sample more frames (--every 1)");
  }
  check.overall = mediansOf(check.frames);
  check.consistency = consistencyOf(check.overall, !scene.points().colors.empty());
  check.remedy = findReadingRemedy(scene, job);
  check.consistency = withRemedy(check.consistency, check.remedy);
  check.label_problem = labelProblemOf(scene, check.overall, job);
  if (!check.label_problem.empty()) check.consistency = std::max(check.consistency, ScanConsistency::Doubtful);
  check.up_axis = upAxisOf(scene);
  return check;
}

const char* nameOf(ScanConsistency consistency) {
  switch (consistency) {
    case ScanConsistency::Good:
      return "good";
    case ScanConsistency::Doubtful:
      return "doubtful";
    case ScanConsistency::Wrong:
      return "wrong";
  }
  return "wrong";
}

}  // namespace tagscape
