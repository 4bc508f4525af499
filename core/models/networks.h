#pragma once

#include "core/base/result.h"
#include "core/dataset/network_inputs.h"
#include "core/dataset/training_data.h"
#include "core/io/safetensors.h"
#include "core/scene/image.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

/// Which networks, and what they are fed: all that has to be known to use trained weights again.
struct NetworkDescription {
  std::string image_kind = "small-residual";   ///< As Recipe::NetworkChoice::image_network.
  std::string point_kind = "small-pointnet2";  ///< As Recipe::NetworkChoice::point_network.
  int image_width = 16;                        ///< Channels of the first layer.
  int points_width = 24;
  /// Whether the image network began with published weights: then ResNet38 keeps its first layers as they are.
  bool image_is_pretrained = false;
  int image_long_side_px = 192;
  int points_per_cloud = 4096;
};

/// The logits of an image at the cells of the network's output grid.
struct FrameLogits {
  int width = 0;  ///< Cells.
  int height = 0;
  std::vector<float> values;  ///< [kNumClasses, height, width].
};

/// The image and the point network with the device they live on. Owned by one thread at a time.
class Networks {
 public:
  /// Random weights from `seed`. @param device  as Recipe::Execution::device.
  /// Errors: InvalidInput for an unknown kind or a device name that cannot be read; Unsupported if there is no such
  /// device here, saying whether this LibTorch was built for it.
  [[nodiscard]] static Result<Networks> create(const NetworkDescription& description,
                                               const std::string& device,
                                               std::uint64_t seed);
  Networks(Networks&&) noexcept;
  Networks& operator=(Networks&&) noexcept;
  ~Networks();

  [[nodiscard]] const NetworkDescription& description() const;
  [[nodiscard]] std::string deviceName() const;  ///< "cpu", "cuda:0".
  [[nodiscard]] int imageStride() const;
  [[nodiscard]] const NetworkInputs& inputs() const;

  /// Both networks' tensors as "image.…" and "points.…".
  [[nodiscard]] TensorFile weights() const;
  /// Errors: InvalidInput naming the tensor that does not fit.
  [[nodiscard]] Status setWeights(const TensorFile& file, const std::filesystem::path& name);
  /// Pretrained weights of one network, in any format and way of naming that readWeightFile knows. All tensors must be
  /// there but the classifier's. Errors: those of readWeightFile; InvalidInput listing what does not fit.
  [[nodiscard]] Status loadPretrainedImage(const std::filesystem::path& file);
  [[nodiscard]] Status loadPretrainedPoints(const std::filesystem::path& file);

  /// Logits of every point, [N, kNumClasses], in evaluation mode. Errors: Internal if LibTorch fails.
  [[nodiscard]] Result<std::vector<float>> pointLogits(const PreparedCloud& cloud);
  /// Logits of a whole image of the size used in training, in evaluation mode. Errors: Internal if LibTorch fails.
  [[nodiscard]] Result<FrameLogits> frameLogits(const RgbImage& image);

  struct Impl;  ///< Tensor types; defined in networks_torch.h.
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  explicit Networks(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
