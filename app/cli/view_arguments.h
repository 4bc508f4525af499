#pragma once

#include "core/cam/frame_views.h"

#include <CLI/CLI.hpp>

namespace tagscape::cli {

inline constexpr const char* kShardHelp =
    "Process only part I of N of the scenes, as I/N; by default taken from RANK and WORLD_SIZE";

/// The default number of votes. Predictions of different subsamples of the points differ slightly; averaging four gains
/// two to five points of mIoU over one (docs/results.md) for a second or two per room, and more gain little.
inline constexpr int kUsualVotes = 4;

/// The options of test-time augmentation, shared by predict, serve and evaluate.
inline void addViewOptions(CLI::App& options, FrameViews& views, int& votes) {
  votes = kUsualVotes;
  options
      .add_option("--scales",
                  views.scales,
                  "Test-time scales of the frames, relative to the training size, for example .5,1,1.5,2")
      ->delimiter(',')
      ->capture_default_str();
  options.add_flag("--flip", views.flip, "Also average over mirrored frames");
  options.add_option("--votes", votes, "Passes that cover each point at least; its logits are averaged")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

}  // namespace tagscape::cli
