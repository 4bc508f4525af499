#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tagscape {

inline constexpr int kNumImagenetClasses = 1000;

/// A class of ImageNet (ILSVRC 2012) that names a class of scans.
struct ImagenetClass {
  std::string_view class_name;  ///< "bed"
  int index = 0;                ///< Among the 1000, from 0.
  std::string_view name;        ///< "four-poster"
};

/// The table in imagenet_classes.inc.
[[nodiscard]] std::span<const ImagenetClass> imagenetTable();

/// ImageNet's classes for a class of a scan by its name; case and '_' for ' ' do not matter. Empty if none names it.
[[nodiscard]] std::vector<int> imagenetClassesOf(std::string_view class_name);

/// How likely each of kNumClasses classes is at cells that an ImageNet classifier judged:
///   log(1e-5 + sum of the probabilities of the ImageNet classes that name it), log(.002) if none does.
/// This is knowledge of the appearance of classes beyond the tags; results that use it state so.
///
/// @param probabilities [kNumImagenetClasses, cells], a softmax over the classes at every cell.
/// @return [kNumClasses, cells].  Another size throws std::logic_error.
[[nodiscard]] std::vector<float> imagenetPrior(std::span<const float> probabilities, std::size_t num_cells);

}  // namespace tagscape
