#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"
#include "core/io/safetensors.h"
#include "core/train/networks_torch.h"

#include <filesystem>
#include <memory>

namespace tagscape {

/// A copy of the image network whose weights follow the original's slowly: w <- decay w + (1 - decay) original. Its
/// pseudo-labels change less from step to step than the network's own.
/// Source: Tarvainen & Valpola, "Mean teachers are better role models", NeurIPS 2017; its use here is our own.
class AveragedTeacher {
 public:
  /// Begins as the network is now.
  /// @param group  whose batches are normalised together, as the network's own.
  AveragedTeacher(Networks& networks, double decay, std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());

  /// Maps of a batch, with the statistics of the batch as the network itself has them in training; no gradient.
  [[nodiscard]] at::Tensor maps(const at::Tensor& images);
  void follow(const ImageNetwork& original);

  /// Adds its tensors as "teacher.<name>".
  void store(TensorFile& file) const;
  /// Errors: InvalidInput naming what does not fit; `name` stands for the file.
  [[nodiscard]] Status restore(const TensorFile& file, const std::filesystem::path& name);

 private:
  double decay_;
  std::unique_ptr<ImageNetwork> network_;
};

}  // namespace tagscape
