#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/geometry/point_hierarchy.h"
#include "core/nn/pointnet2.h"
#include "core/nn/resnet38.h"
#include "core/nn/small_networks.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

inline constexpr std::string_view kLogits = "logits";      ///< Class logits, from which CAMs are made (see core/cam).
inline constexpr std::string_view kFeatures = "features";  ///< What the linear classifier without bias is applied to.

/// What a network computes, by head. Every network there is has the heads kLogits and kFeatures.
class NetworkOutput {
 public:
  NetworkOutput() = default;
  explicit NetworkOutput(NamedTensors heads) : heads_(std::move(heads)) {}

  [[nodiscard]] bool has(std::string_view head) const;
  /// A head that there is not is a std::logic_error.
  [[nodiscard]] const at::Tensor& head(std::string_view name) const;
  [[nodiscard]] const at::Tensor& logits() const { return head(kLogits); }
  [[nodiscard]] const at::Tensor& features() const { return head(kFeatures); }

 private:
  NamedTensors heads_;
};

/// A trainable network, whatever its kind. Owned by one thread at a time.
class Network {
 public:
  virtual ~Network() = default;
  /// What an optimiser changes.
  [[nodiscard]] virtual std::vector<at::Tensor> parameters() const = 0;
  /// Parameters and running statistics by name: what a checkpoint holds.
  [[nodiscard]] virtual NamedTensors namedTensors() const = 0;
  /// Training uses and updates the statistics of the batch, evaluation the running ones.
  virtual void setTraining(bool training) = 0;
  /// How much of each batch enters the running statistics. Networks whose statistics are fixed take no notice.
  virtual void setBatchNormMomentum(double momentum) = 0;
  virtual void moveTo(const at::Device& device) = 0;
  /// The heads of what the network computes.
  [[nodiscard]] virtual std::vector<std::string> headNames() const {
    return {std::string(kFeatures), std::string(kLogits)};
  }
};

class ImageNetwork : public Network {
 public:
  /// @param images [B, 3, H, W] float, normalised, of a size that the network takes, on the network's device.
  /// @return features [B, F, H/stride, W/stride] and logits [B, C, H/stride, W/stride], rounded up. The centre of cell
  ///         (x, y) lies at image pixel (firstCellCentre_px() + x * stride, …).
  [[nodiscard]] virtual NetworkOutput forward(const at::Tensor& images) = 0;
  /// Everything that tapNames() names, [B, …, H', W'], from one pass.
  [[nodiscard]] virtual NamedTensors taps(const at::Tensor& images) = 0;
  [[nodiscard]] virtual std::vector<std::string> tapNames() const = 0;
  [[nodiscard]] virtual int stride() const = 0;
  /// The image pixel, along each axis, at which the first cell is centred; the next is stride() further.
  [[nodiscard]] virtual double firstCellCentre_px() const { return (stride() - 1) / 2.; }
  /// Whether images may have any size; otherwise sides must be multiples of stride().
  [[nodiscard]] virtual bool takesAnySize() const { return false; }
};

/// Which rows belong to which of several clouds: those of cloud b begin at begins[b] and end before begins[b + 1].
struct CloudRows {
  std::vector<std::int64_t> begins{0};

  void add(std::int64_t num_rows) { begins.push_back(begins.back() + num_rows); }
  [[nodiscard]] std::int64_t numClouds() const { return static_cast<std::int64_t>(begins.size()) - 1; }
  [[nodiscard]] std::int64_t numRows() const { return begins.back(); }
  [[nodiscard]] std::int64_t sizeOf(std::int64_t cloud) const {
    const auto b = static_cast<std::size_t>(cloud);
    return begins[b + 1] - begins[b];
  }
  /// Whether all clouds have the same size.
  [[nodiscard]] bool areEqual() const;
};

/// Clouds with their neighbourhoods, as tensors. The rows of all clouds are numbered consecutively, so that a batch is
/// one long cloud to every operator; clouds may have different sizes.
struct PointBatch {
  struct Level {
    CloudRows rows;                      ///< M rows together.
    at::Tensor centres;                  ///< [M] int64, rows of the finer level.
    std::vector<at::Tensor> neighbours;  ///< By group, [M * k] int64, rows of the finer level.
    at::Tensor interpolate_from;         ///< [finer * 3] int64, rows of this level.
    at::Tensor interpolate_weight;       ///< [finer, 3, 1] float.
  };
  CloudRows rows;        ///< N rows together.
  at::Tensor positions;  ///< [N, 3] float, m, z up.
  at::Tensor features;   ///< [N, channels] float; undefined for a network that takes none.
  std::vector<Level> levels;
};

/// The mean over the points of each cloud. @param values [N, C].  @return [B, C].
[[nodiscard]] at::Tensor meanByCloud(const at::Tensor& values, const CloudRows& rows);
/// The rows of each cloud. @param values [N, C].
[[nodiscard]] std::vector<at::Tensor> byCloud(const at::Tensor& values, const CloudRows& rows);

/// The neighbourhoods of several clouds as a batch, without positions and features. All must have as many levels and
/// groups; another number is a std::logic_error.
[[nodiscard]] PointBatch batchHierarchies(const std::vector<const PointHierarchy*>& clouds, const at::Device& device);

/// How neighbourhoods are found: by the CPU's own operators, or by tensor formulations on the positions' device.
enum class PointSearch { Auto, OwnOperators, Tensors };

/// Clouds with their neighbourhoods, ready for a network. Auto takes the CPU's own operators for positions on the CPU.
/// @param positions  [B, N, 3] float, m, finite.  @param features  [B, N, C] float, or undefined.
[[nodiscard]] PointBatch makePointBatch(const at::Tensor& positions,
                                        const at::Tensor& features,
                                        const PointHierarchyOptions& options,
                                        PointSearch search = PointSearch::Auto);

class PointNetwork : public Network {
 public:
  /// @return features [N, F] and logits [N, C] of the points of all clouds, on the batch's device.
  [[nodiscard]] virtual NetworkOutput forward(const PointBatch& clouds) = 0;
  /// Everything that tapNames() names, [rows, channels]: N rows, or those of a coarser level.
  [[nodiscard]] virtual NamedTensors taps(const PointBatch& clouds) = 0;
  [[nodiscard]] virtual std::vector<std::string> tapNames() const = 0;
  /// The neighbourhoods that forward() needs.
  [[nodiscard]] virtual PointHierarchyOptions hierarchy() const = 0;
};

/// A residual network of 9 convolutions with output stride 8: stem w, blocks 2w, 3w, 4w, and 4w dilated by 2, then a
/// 1x1 classifier without bias. About 200,000 parameters at w = 16. Initialised from torch's generator (seed it first).
/// Halving layers use even kernels, so that cells lie where ImageNetwork::forward says, not 3.5 pixels beside it.
[[nodiscard]] std::unique_ptr<ImageNetwork> makeSmallImageNetwork(int width, int num_classes);

/// A PointNet++ with three set abstraction and three feature propagation levels; `width` channels in the first layer.
/// About 92,000 parameters at width 24.
[[nodiscard]] std::unique_ptr<PointNetwork> makeSmallPointNetwork(int width, int num_classes);

/// Random weights from torch's generator. Taps: conv4 (512 channels), conv5 (1024), conv6 (4096), logits. Cells are
/// centred at pixels 0, 8, 16, …: halving convolutions have 3x3 kernels. Errors: as resNet38Blocks.
[[nodiscard]] Result<std::unique_ptr<ImageNetwork>> makeResNet38(const ResNet38Options& options);

/// Random weights from torch's generator. Taps: every set abstraction and propagation by its name (those of coarser
/// levels have a row for each point that was kept), features (what the classifier is applied to) and logits.
[[nodiscard]] std::unique_ptr<PointNetwork> makePointNet2(PointNet2Options options);

}  // namespace tagscape
