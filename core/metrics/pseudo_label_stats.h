#pragma once

#include "core/metrics/confusion.h"
#include "core/metrics/result_table.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// How good the labels are that one network gives to the other: counted where it gives one.
class PseudoLabelStats {
 public:
  static constexpr std::size_t kNumBins = 10;

  /// A place that got a label. Nothing is counted where the truth is not known.
  /// @param confidence  0 … 1.
  void add(std::uint8_t truth, std::uint8_t label, float confidence);
  /// A place that could get a label, whether it did or not: for coverage.
  void addPlace(std::uint8_t truth, bool is_reached);
  PseudoLabelStats& operator+=(const PseudoLabelStats& other);

  [[nodiscard]] std::uint64_t numLabels() const { return labels_.total(); }
  /// Fraction of the labels of a class that are right; nothing if there are none.
  [[nodiscard]] std::optional<double> precision(int class_index) const;
  /// Fraction of the labelled points (or cells) of a class that got its label; nothing if there are none.
  [[nodiscard]] std::optional<double> recall(int class_index) const;
  /// Fraction of the points (or cells) of a class that got any label; nothing if there are none.
  [[nodiscard]] std::optional<double> coverage(int class_index) const;
  /// The fraction of all given labels that are of this class.
  [[nodiscard]] double fractionOfLabels(int class_index) const;
  [[nodiscard]] const Confusion& confusion() const { return labels_; }

  /// Labels whose confidence lies in one tenth of 0 … 1.
  struct Bin {
    std::uint64_t count = 0;
    double mean_confidence = 0;
    double accuracy = 0;
  };
  [[nodiscard]] std::array<Bin, kNumBins> calibration() const;
  /// Expected calibration error: how far confidence and accuracy lie apart, mean over the labels; nothing without any.
  [[nodiscard]] std::optional<double> calibrationError() const;

 private:
  struct Sum {
    std::uint64_t count = 0, right = 0;
    double confidence = 0;
  };
  struct Places {
    std::uint64_t all = 0, reached = 0;
  };
  Confusion labels_;
  std::array<Sum, kNumBins> bins_{};
  std::array<Places, kNumClasses> places_{};
};

/// Named stats as tables: a row a class with precision, recall, IoU, coverage and share, and a row a bin of
/// confidence. JSON is an object by name.
[[nodiscard]] std::string formatPseudoLabelStats(const std::vector<std::pair<std::string, PseudoLabelStats>>& stats,
                                                 TableFormat format);

/// The quality of labels given only where a value, such as that of a CAM, reaches a threshold.
class ThresholdCurve {
 public:
  static constexpr std::size_t kNumSteps = 20;

  /// @param value  0 … 1.
  void add(std::uint8_t truth, std::uint8_t label, float value);
  ThresholdCurve& operator+=(const ThresholdCurve& other);

  struct Step {
    double threshold = 0;
    double labelled = 0;                   ///< Fraction of the annotated points (or cells) whose value is not below it.
    std::optional<double> accuracy;        ///< Of these.
    std::optional<double> mean_precision;  ///< Over classes that are given.
    std::optional<double> mean_iou;        ///< Places below the threshold count as missed.
  };
  /// From 0 up, kNumSteps of them; none if nothing was added.
  [[nodiscard]] std::vector<Step> steps() const;

 private:
  std::array<Confusion, kNumSteps> by_value_{};
};

/// Named curves as tables. JSON is an object by name.
[[nodiscard]] std::string formatCurves(const std::vector<std::pair<std::string, ThresholdCurve>>& curves,
                                       TableFormat format);

}  // namespace tagscape
