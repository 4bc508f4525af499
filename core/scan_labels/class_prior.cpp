#include "core/scan_labels/class_prior.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr auto kTable = std::to_array<ImagenetClass>({
#define IMAGENET_CLASS(class_name, index, name) {class_name, index, name},
#include "core/scan_labels/imagenet_classes.inc"
#undef IMAGENET_CLASS
});

bool sameName(std::string_view a, std::string_view b) {
  const auto plain = [](char c) {
    return c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  };
  return std::ranges::equal(a, b, {}, plain, plain);
}

}  // namespace

std::span<const ImagenetClass> imagenetTable() { return kTable; }

std::vector<int> imagenetClassesOf(std::string_view class_name) {
  std::vector<int> indices;
  for (const ImagenetClass& row : kTable) {
    if (sameName(row.class_name, class_name)) indices.push_back(row.index);
  }
  return indices;
}

std::vector<float> imagenetPrior(std::span<const float> probabilities, std::size_t num_cells) {
  constexpr float kMinProbability = 1e-5F, kUnnamed = 2e-3F;
  if (probabilities.size() != kNumImagenetClasses * num_cells)
    throw std::logic_error("imagenetPrior: probabilities of 1000 classes are needed at every cell");
  std::vector<float> prior(kNumClasses * num_cells, std::log(kUnnamed));
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    const auto indices = imagenetClassesOf(classCatalog()[c].name);
    if (indices.empty()) continue;
    for (std::size_t cell = 0; cell < num_cells; ++cell) {
      float sum = kMinProbability;
      for (const int index : indices) sum += probabilities[static_cast<std::size_t>(index) * num_cells + cell];
      prior[c * num_cells + cell] = std::log(sum);
    }
  }
  return prior;
}

}  // namespace tagscape
