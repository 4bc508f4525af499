#pragma once

#include "core/base/result.h"
#include "ui/render/color_layers.h"

#include <QByteArray>

#include <cstdint>

namespace tagscape {

/// Attributes of shaders/points.vert before the columns of layers.
inline constexpr std::uint32_t kFirstColumnAttribute = 3;

/// The number of the attribute that has the layer's column.
[[nodiscard]] std::uint32_t columnAttribute(const ColorLayer& layer);

/// What shaders/points.vert and its companions are compiled for, so that nothing is computed that is not shown.
struct PointShaderKey {
  enum class Hides : std::uint8_t { Nothing, Truth, Prediction };

  const ColorLayer* layer = &ownColors();
  const ColorLayer* other = nullptr;  ///< Mixed into it; null for none.
  Hides hides = Hides::Nothing;       ///< Which classes may be hidden.
  bool clips = false;
  bool is_mesh = false;

  auto operator<=>(const PointShaderKey&) const = default;
};

/// Lines "#define NAME value" for all shaders of points.
[[nodiscard]] QByteArray pointShaderDefines(const PointShaderKey& key);
/// GLSL that takes the place of "#pragma parts" in points.vert: the attributes of the columns that the layers read, and
/// `int rowOfA(vec2 range)` and, with another layer, `rowOfB`, from the `layerRow` of their files.
/// Errors: Internal if a layer has no file.
[[nodiscard]] Result<QByteArray> layerShaderParts(const PointShaderKey& key);

}  // namespace tagscape
