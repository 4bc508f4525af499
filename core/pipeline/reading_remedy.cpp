#include "core/pipeline/reading_remedy.h"

#include "core/pipeline/frame_consistency.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace tagscape {
namespace {

constexpr std::size_t kMaxFrames = 14;

/// A reading and how the user would ask for it.
struct Candidate {
  std::string what, option;
  FrameHypothesis hypothesis;
  Conventions given{};
};

Pose inOtherAxes(const Pose& pose) {
  Pose turned = pose;
  turned.linear().col(1) = -turned.linear().col(1);
  turned.linear().col(2) = -turned.linear().col(2);
  return turned;
}

class RemedySearch {
 public:
  RemedySearch(const Scene& scene, const Job& job) : scene_(scene), samples_(sampleDepth(scene, kMaxFrames, job)) {
    for (const auto& frame : samples_.frames)
      given_.world_from_camera.push_back(scene.world_from_file.inverse() *
                                         *scene.frames[frame.index].world_from_camera);
    given_.camera = scene.depth_intrinsics;
  }

  std::optional<ReadingRemedy> find() {
    if (samples_.frames.size() < 2) return std::nullopt;
    const double before = compareFrames(samples_, given_).score;
    addPoses();
    addDepthScales();
    addCameras();
    const Candidate* best = nullptr;
    double best_score = 0;
    for (const auto& candidate : candidates_) {
      const double score = compareFrames(samples_, candidate.hypothesis).score;
      if (score > best_score) {
        best = &candidate;
        best_score = score;
      }
    }
    // Right readings of made and real scans reach .5 to .9, wrong ones stay below .2; frames that hardly overlap give
    // little of either.
    constexpr double kFits = 0.4, kClearlyBetter = 0.15;
    if (best == nullptr || best_score < kFits || best_score < before + kClearlyBetter) return std::nullopt;
    return ReadingRemedy{best->what, best->option, best->given, before, best_score};
  }

 private:
  /// The pose as its file has it, in the convention that it was read by.
  Pose inFile(const Pose& pose) const {
    const Pose turned = scene_.reading.is_opengl ? inOtherAxes(pose) : pose;
    return scene_.reading.is_world_to_camera ? turned.inverse() : turned;
  }

  void addPoses() {
    const FrameReading& reading = scene_.reading;
    for (const bool inverted : {false, true}) {
      for (const bool opengl : {false, true}) {
        if (inverted == reading.is_world_to_camera && opengl == reading.is_opengl) continue;
        Candidate candidate{"", "", given_};
        for (auto& pose : candidate.hypothesis.world_from_camera) {
          const Pose file = inFile(pose);
          pose = inverted ? file.inverse() : file;
          if (opengl) pose = inOtherAxes(pose);
        }
        std::vector<std::string> what, options;
        if (inverted != reading.is_world_to_camera) {
          candidate.given.poses = inverted ? PoseDirection::WorldToCamera : PoseDirection::CameraToWorld;
          what.emplace_back(inverted ? "its poses look inverted (world to camera)"
                                     : "its poses look as if they map cameras to the world");
          options.emplace_back(inverted ? "--poses world-to-camera" : "--poses camera-to-world");
        }
        if (opengl != reading.is_opengl) {
          candidate.given.axes = opengl ? CameraAxes::OpenGl : CameraAxes::OpenCv;
          what.emplace_back(opengl ? "its cameras look along -z (OpenGL, ARKit)" : "its cameras look along z (OpenCV)");
          options.emplace_back(opengl ? "--axes opengl" : "--axes opencv");
        }
        candidate.what = fmt::format("{}", fmt::join(what, " and "));
        candidate.option = fmt::format("{}", fmt::join(options, " "));
        candidates_.push_back(std::move(candidate));
      }
    }
  }

  /// Units that data sets have, and any in between on a fine grid.
  void addDepthScales() {
    const double read = scene_.reading.depth_units_per_m;
    const auto add = [&](double units) {
      constexpr double kSame = 0.03;
      if (std::abs(units / read - 1) < kSame) return;
      Candidate candidate{fmt::format("its depth looks as if {:.5g} units were a metre, not {:.5g}", units, read),
                          fmt::format("--depth-scale {:.5g}", units),
                          given_};
      candidate.hypothesis.depth_factor = read / units;
      candidate.given.depth_units_per_m = units;
      candidates_.push_back(std::move(candidate));
    };
    for (const double units :
         {1000.0, 5000.0, 4000.0, 6553.5, 10000.0, 2000.0, 1024.0, 256.0, 512.0, 100.0, 500.0, 8000.0})
      add(units);
  }

  void addCameras() {
    const auto add = [&](const Intrinsics& camera, std::string what) {
      Candidate candidate{std::move(what), "", given_};
      candidate.hypothesis.camera = camera;
      candidate.given.depth_camera = CameraModel{camera.fx, camera.fy, camera.cx, camera.cy};
      candidate.option =
          fmt::format("--depth-intrinsics {:.6g},{:.6g},{:.6g},{:.6g}", camera.fx, camera.fy, camera.cx, camera.cy);
      candidates_.push_back(std::move(candidate));
    };
    const Intrinsics& depth = scene_.depth_intrinsics;
    const Intrinsics& color = scene_.color_intrinsics;
    if (color.width > 0)
      add(color.resizedTo(depth.width, depth.height), "its depth fits the camera of the colour images");
    for (const double factor : {0.5, 2.0}) {
      Intrinsics other = depth;
      other.fx *= factor;
      other.fy *= factor;
      other.cx = (depth.width - 1) / 2.0;
      other.cy = (depth.height - 1) / 2.0;
      add(other, fmt::format("its depth fits a camera with {} the focal length", factor < 1 ? "half" : "twice"));
    }
    Intrinsics middle = depth;
    middle.cx = (depth.width - 1) / 2.0;
    middle.cy = (depth.height - 1) / 2.0;
    add(middle, "its depth fits a camera whose axis meets the middle of the image");
  }

  const Scene& scene_;
  DepthSamples samples_;
  FrameHypothesis given_;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::optional<ReadingRemedy> findReadingRemedy(const Scene& scene, const Job& job) {
  return RemedySearch(scene, job).find();
}

std::string upAxisOf(const Scene& scene) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  std::size_t count = 0;
  for (const auto& frame : scene.frames) {
    if (!frame.world_from_camera) continue;
    sum -= frame.world_from_camera->linear().col(1);
    ++count;
  }
  if (count == 0) return "";
  const Eigen::Vector3d mean = sum / static_cast<double>(count);
  Eigen::Index axis = 0;
  const double largest = mean.cwiseAbs().maxCoeff(&axis);
  constexpr double kClear = 0.6;  // cameras look down by some 30 degrees
  if (largest < kClear) return "";
  return fmt::format("{}{}", mean[axis] < 0 ? "-" : "", "xyz"[axis]);
}

}  // namespace tagscape
