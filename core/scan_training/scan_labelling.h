#pragma once

#include "core/base/job.h"
#include "core/scan_labels/label_scan.h"
#include "core/scan_labels/tag_model.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// How a scan is labelled from its tags.
struct ScanRecipe {
  std::string encoder = "efficientnet-lite0";  ///< As makeImageEncoder; empty: no image network.
  double class_prior = .3;                     ///< Weight of the prior from ImageNet's classifier; 0: not used.
  int image_width_px = 512;
  int head_steps = 400;
  /// Heads that judge the tags of frames that they did not learn (crossPredictTags), where there are at least three
  /// tagged frames for each; 0: all tags count alike.
  int tag_parts = 4;
  bool refit = true;  ///< Of the head, once, on tags softened by the areas that were found.
  int decoder_steps = 1200;
  int decoder_hidden = 128;
  int decoder_samples = 60'000;
  std::uint64_t seed = 1;
  ScanLabelOptions labels;
};

/// A scan's labels, in 3D and in 2D.
struct LabelledScan {
  /// Values are 0 … 1 by log(1 + p / 1e-4) / log(1 + 1e4) of the probabilities p; logits are the same before classes
  /// are masked. Frames have cells of 4 px of images `image_width_px` wide. They use tags.
  SceneCams cams;
  ClassValues frame_areas;                              ///< [frames, kNumClasses]
  std::vector<DoubtfulTag> doubts;                      ///< Tags worth a second look.
  std::vector<std::pair<std::string, double>> seconds;  ///< By stage.
};

/// Labels a scan from the tags of its frames, or of the scene alone:
///  1. features of a frozen image network for every frame,
///  2. how far each tag is believed, by heads that learned the tags of other frames,
///  3. a linear head that learns the frames' tags from them, whose activation maps, with the class prior, say what
///     superpoints are (ScanLabeller); after one refit once more,
///  4. a decoder that learns these labels where vertices are visible, for the pixels of all frames,
///  5. its answers, averaged over the frames that see a vertex, multiplied with the superpoints' probabilities and,
///  where
///     pixels show vertices, with its own; smoothed over alike colours they are the labels of pixels,
///  6. the labels of pixels, averaged over the frames that see a vertex, are the labels of points, which therefore are
///     what the pixels' labels give when they are lifted. Vertices that no frame sees keep those of step 5.
///
/// Without the encoder's weights it uses colours, shape and tags alone, and warns once what the weights would gain.
/// Errors: those of ScanLabeller::create and of an encoder of the user's; Cancelled; Internal if LibTorch fails.
/// Memory: some 7 MB a frame. Cost, with two cores: .25 s a frame for features, then half a minute.
[[nodiscard]] Result<LabelledScan> labelScanFromTags(const SharedScene& scene,
                                                     const ScanRecipe& recipe,
                                                     const Job& job);

}  // namespace tagscape
