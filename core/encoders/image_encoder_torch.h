#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/scene/cell_grid.h"
#include "core/scene/image.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

/// A frozen image network: features of every cell of an image, learnt elsewhere. Nothing gets a gradient. Owned by one
/// thread at a time.
class ImageEncoder {
 public:
  virtual ~ImageEncoder() = default;
  /// "efficientnet-lite0", or the path of the file that describes it.
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual std::int64_t channels() const = 0;
  /// Where the cells of forward()'s images lie.
  [[nodiscard]] virtual CellGrid cells() const = 0;
  /// Classes of classProbabilities() in the order of ILSVRC 2012: 1000, or 0 if there is no classifier.
  [[nodiscard]] virtual std::int64_t numClasses() const = 0;
  /// The sides that forward() takes and that are nearest to these, in the same proportion as far as possible.
  struct Size {
    int height = 0, width = 0;
  };
  [[nodiscard]] virtual Size nearestSize(double height, double width) const = 0;
  virtual void moveTo(const at::Device& device) = 0;

  /// An image as forward() takes it, resized (bilinear, antialiased) to about that width.
  /// @return [1, 3, H, W] float, RGB in 0 … 1, on the CPU. Pixel x of the image is pixel (x + .5) * W / width - .5 of
  /// it.
  [[nodiscard]] at::Tensor input(const RgbImage& image, int width_px) const;

  /// @param images  [B, 3, H, W] float, RGB in 0 … 1, of sides that nearestSize() gives, on any device.
  /// @return [B, channels, h, w] float on the encoder's device. It may lie channels last in memory: contiguous() before
  /// view().
  /// Errors: InvalidInput for another size, and if a network of the user's gives something else than what was said of
  /// it; Internal if LibTorch fails or memory runs out.
  [[nodiscard]] Result<at::Tensor> forward(const at::Tensor& images);

  /// The same with finer features of earlier layers before it, for borders: of EfficientNet-Lite, those of stages 2 and
  /// 3, at strides 4 and 8; a network of the user's has none.
  /// @return finest first; the last is that of forward(). Errors: as forward().
  [[nodiscard]] Result<std::vector<at::Tensor>> pyramid(const at::Tensor& images);

  /// The softmax of the network's own classifier at every cell.
  /// @param features  [B, channels, h, w], as forward() gives them, or the mean of several such.
  /// @return [B, numClasses, h, w].  Errors: Unsupported if there is no classifier; Internal if LibTorch fails.
  [[nodiscard]] Result<at::Tensor> classProbabilities(const at::Tensor& features);

 private:
  /// Errors: InvalidInput for sides that nearestSize() would not give.
  [[nodiscard]] Status checkSize(const at::Tensor& images) const;
  virtual Result<at::Tensor> encode(const at::Tensor& images) = 0;
  virtual Result<std::vector<at::Tensor>> encodePyramid(const at::Tensor& images);
  /// Logits; called only if there is a classifier.
  [[nodiscard]] virtual at::Tensor classify(const at::Tensor& features) const = 0;
};

struct EncoderOptions {
  int output_stride = 16;           ///< EfficientNet-Lite: 32, 16 or 8.
  std::filesystem::path weights{};  ///< EfficientNet-Lite: a weight file. Empty: the fetched one (findWeights).
};

/// The names that makeImageEncoder knows besides files.
[[nodiscard]] const std::vector<std::string>& builtInEncoders();

/// An encoder by its name, "efficientnet-lite0" or "efficientnet-lite2", or by the TOML file that describes a
/// TorchScript file (EncoderDescription). TorchScript is code: it is loaded only from the file that the user names, and
/// a warning says so. Errors: those of findWeights, readWeightFile and loadNetwork; those of readEncoderDescription;
/// InvalidInput if the TorchScript file cannot be loaded, or for another name.
[[nodiscard]] Result<std::unique_ptr<ImageEncoder>> makeImageEncoder(const std::string& name_or_file,
                                                                     const EncoderOptions& options = {});

/// A TorchScript module as an encoder. See makeImageEncoder.
[[nodiscard]] Result<std::unique_ptr<ImageEncoder>> makeScriptEncoder(const std::filesystem::path& description);

}  // namespace tagscape
