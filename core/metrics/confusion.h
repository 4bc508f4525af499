#pragma once

#include "core/scene/class_catalog.h"
#include "core/scene/image.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace tagscape {

/// How often points or pixels of a class were given which class, over any number of scenes.
///
/// As ScanNet's evaluation counts: what is not annotated is left out, and a prediction that is none of the 20 classes
/// misses the class that it should have been. IoU of a class is tp / (tp + fp + fn) of the whole confusion, not a mean
/// over scenes.
/// Source: BenchmarkScripts/3d_evaluation/evaluate_semantic_label.py and
/// 2d_evaluation/evalPixelLevelSemanticLabeling.py of the ScanNet project.
class Confusion {
 public:
  void add(std::uint8_t truth, std::uint8_t predicted) {
    if (truth >= kNumClasses) return;
    ++counts_[truth][predicted < kNumClasses ? predicted : std::size_t{kNumClasses}];
  }
  /// Spans of different lengths are a std::logic_error.
  void add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> predicted);
  Confusion& operator+=(const Confusion& other);

  /// @param predicted  a class, or kNumClasses for predictions that are none.
  [[nodiscard]] std::uint64_t count(int truth, int predicted) const {
    return counts_.at(static_cast<std::size_t>(truth)).at(static_cast<std::size_t>(predicted));
  }
  [[nodiscard]] std::uint64_t total() const;
  /// 0 … 1; nothing for a class that is neither there nor predicted where anything is annotated.
  [[nodiscard]] std::optional<double> iou(int class_index) const;
  /// Over the classes that have one; nothing if none has.
  [[nodiscard]] std::optional<double> meanIou() const;
  /// Share of what is annotated that is predicted right; nothing for an empty confusion.
  [[nodiscard]] std::optional<double> accuracy() const;

 private:
  std::array<std::array<std::uint64_t, kNumClasses + 1>, kNumClasses> counts_{};
};

/// Labels at another size, each pixel that of the nearest one: how ScanNet's 2D evaluation brings both images to
/// 640 x 480 before they are compared.
[[nodiscard]] Image<std::uint8_t> resizedNearest(const Image<std::uint8_t>& labels, int width, int height);

}  // namespace tagscape
