#pragma once

#include "core/base/job.h"
#include "core/pipeline/open_scene.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace tagscape::cli {

/// The context of a command: progress, stop requests, and the output format.
struct Context {
  Job job;
  bool json = false;
};

/// A command adds its options to the parser and returns the action to run if it was chosen. Results go to stdout,
/// progress and messages to stderr.
using Action = std::function<Status(const Context&)>;

Action addDoctor(CLI::App& options);
Action addEvaluate(CLI::App& options);
Action addExport(CLI::App& options);
Action addFeatures(CLI::App& options);
Action addFuse(CLI::App& options);
Action addImport(CLI::App& options);
Action addInfo(CLI::App& options);
Action addLaunch(CLI::App& options);
Action addPredict(CLI::App& options);
Action addProject(CLI::App& options);
Action addReproduce(CLI::App& options);
Action addServe(CLI::App& options);
Action addSynth(CLI::App& options);
Action addTrain(CLI::App& options);
Action addVerify(CLI::App& options);
Action addWeights(CLI::App& options);

/// Options for opening and fusing a scan, shared by all commands that open scans.
struct FuseArguments {
  double voxel_m = FuseOptions{}.voxel_m;
  bool no_cache = false;
  double depth_scale = 0;  ///< 0: that of the layout.
  std::string poses, axes, intrinsics, depth_intrinsics, label_ids = "auto";

  void addTo(CLI::App& options);
  /// Errors: those of readCameraOption.
  [[nodiscard]] Result<OpenOptions> openOptions() const;
};

}  // namespace tagscape::cli
