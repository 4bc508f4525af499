#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

/// What `tagscape features` is asked for.
struct FeatureOptions {
  /// One of networkNames() in core/nn, or the .toml file of a TorchScript network (core/encoders).
  std::string network;
  /// Any weight file; the network's size follows from it. Empty: the fetched weights of a network that has some.
  std::filesystem::path weights;
  std::filesystem::path image;  ///< Either an image …
  std::filesystem::path cloud;  ///< … or a mesh or point cloud.
  std::string tap;              ///< Which of the network's outputs.
  std::string device = "auto";
  bool half_precision = false;  ///< Autocast; CUDA only.
  int long_side_px = 0;         ///< Resize the image so that its longer side has this many pixels; 0: as it is.
  int output_stride = 0;        ///< EfficientNet-Lite: 32, 16 or 8; 0: 32.
  int num_threads = 0;          ///< 0: one per processor.
};

struct Features {
  std::vector<std::int64_t> shape;      ///< [channels, height, width] of an image, [rows, channels] of a cloud.
  std::vector<float> values;            ///< Row-major.
  std::string network;                  ///< With its size: "resnet38 (width 1, depth 38, 20 classes)".
  std::string device;                   ///< "cpu", "cuda:0".
  std::string notes;                    ///< Weights that were missing or not used; empty if all fit.
  double seconds = 0;                   ///< Of finding neighbours and computing, without reading files.
  std::int64_t tensor_peak_bytes = 0;   ///< Held by tensors at most while computing, the weights not counted.
  std::int64_t process_peak_bytes = 0;  ///< Of the whole process so far.
};

/// Computes one output of a network with the weights of a file.
///
/// Images: RGB / 255, minus (.485, .456, .406), over (.229, .224, .225) for resnet38; (RGB - 127) / 128 for
/// EfficientNet-Lite; as in training for the small network, whose sides must be multiples of 8; as its file says for a
/// TorchScript network, resized to sides that it takes, with the one tap "features". Clouds: x y z in metres as they
/// are in the file, and as many channels as the network takes: none; 1: height above the lowest points (the 0.99th
/// percentile of z); 3: red, green, blue in 0 … 1; 4: these and height. A small point network gets what it gets in
/// training. Rows of a cloud are in the file's order.
///
/// Errors: InvalidInput for a network, tap or number of channels that there is not (naming those there are), weights
/// that do not fit (listing what), files that cannot be read, points more than 1,000 km from the origin; Unsupported
/// for a device that is not here, or half precision without CUDA; Internal if LibTorch fails or memory runs out (naming
/// the setting to lower).
[[nodiscard]] Result<Features> computeFeatures(const FeatureOptions& options);

}  // namespace tagscape
