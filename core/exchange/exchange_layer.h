#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"
#include "core/scene/palette.h"
#include "core/scene/point_labels.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

/// A row of no class in the label arrays of this folder.
inline constexpr std::uint16_t kUnlabelled = 0xFFFF;

/// A class as files of other programs name it.
struct ExchangeClass {
  std::string name;
  std::uint16_t id = 0;        ///< In files: the NYU40 id for ScanNet's classes. Never 0, which is "unlabelled".
  Color8 rgb{};                ///< sRGB, not black, which is "unlabelled".
  std::string raw_category{};  ///< What ScanNet's aggregations call an object of this class; the name where empty.
  std::uint16_t raw_id = 0;    ///< ScanNet's id of that category; 0 for classes that it does not have.
  bool has_instances = true;   ///< False for what is not counted: wall, floor, ceiling.
};
using ExchangeClasses = std::vector<ExchangeClass>;

/// The 20 classes of the ScanNet benchmark in the order of classCatalog(), with ScanNet's colours.
/// Source: scannetv2-labels.combined.tsv for raw categories and their ids ("sofa" is "couch" there, and furniture of no
/// other class is "furniture").
[[nodiscard]] const ExchangeClasses& scanNetClasses();

/// Whether these are they, so that labels can be compared with annotations and shown as predictions.
[[nodiscard]] bool areScanNetClasses(const ExchangeClasses& classes);

/// Labels of all points of a scene; columns of one length, or empty where a column says nothing.
struct LayerPoints {
  std::vector<std::uint16_t> classes;    ///< Rows of the layer's classes, kUnlabelled for none.
  std::vector<float> confidence;         ///< 0 … 1; empty: 1 where there is a label.
  std::vector<std::uint32_t> instances;  ///< From 1, unique in the scene; 0 for none; empty: none at all.
  std::vector<LabelOrigin> origins;      ///< Who made the label; empty: not known.

  [[nodiscard]] std::size_t size() const { return classes.size(); }
  [[nodiscard]] float confidenceOf(std::size_t i) const {
    return confidence.empty() ? (classes[i] == kUnlabelled ? 0.F : 1.F) : confidence[i];
  }
  [[nodiscard]] std::uint32_t instanceOf(std::size_t i) const { return instances.empty() ? 0 : instances[i]; }
};

/// Labels of the pixels of one frame, at the size of the scene's colour images.
struct LayerFrame {
  Image<std::uint16_t> classes;    ///< Rows of the layer's classes, kUnlabelled for none.
  Image<float> confidence;         ///< Of the same size, or empty: 1 where there is a label.
  Image<std::uint32_t> instances;  ///< As LayerPoints::instances; the same object has the same number in all frames.
};

/// Makes the labels of frames, one at a time. Safe to call from several threads at once.
class LayerFrames {
 public:
  virtual ~LayerFrames() = default;
  /// Positions in Scene::frames of those that have labels, ascending.
  [[nodiscard]] virtual const std::vector<std::size_t>& indices() const = 0;
  /// The labels of the frame at such a position. Errors: those of reading the scan.
  [[nodiscard]] virtual Result<LayerFrame> read(std::size_t frame_index) const = 0;
};

/// What is exported and what an import gives: labels of points, of frames, or of both, whoever made them.
struct ExchangeLayer {
  std::string name;        ///< "prediction", "corrected"
  std::string provenance;  ///< In words: "at step 1200, with tags".
  std::string origin{};    ///< Identifies weights and options that made it; empty where nothing does.
  ExchangeClasses classes;
  LayerPoints points;                           ///< Empty: it has none.
  std::shared_ptr<const LayerFrames> frames{};  ///< Null: it has none.
};

/// Points alone. Classes are those of the catalogue.
[[nodiscard]] ExchangeLayer layerOfPoints(const PointLabels& labels);

/// The points as a label layer of the program; instances are left out. Classes must be scanNetClasses().
[[nodiscard]] PointLabels pointLabelsOf(const ExchangeLayer& layer);

}  // namespace tagscape
