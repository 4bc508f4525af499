#pragma once

#include "core/base/result.h"
#include "ui/render/color_layers.h"

#include <QByteArray>

#include <cstdint>

namespace tagscape {

/// Attributes of shaders/points.vert before the columns of layers.
inline constexpr std::uint32_t kFirstColumnAttribute = 3;

/// The attribute location of the layer's column.
[[nodiscard]] std::uint32_t columnAttribute(const ColorLayer& layer);

/// The variant of shaders/points.vert and its companions that is compiled for a style.
struct PointShaderKey {
  enum class Hides : std::uint8_t { Nothing, Truth, Prediction };

  const ColorLayer* layer = &ownColors();
  const ColorLayer* other = nullptr;  ///< Blended with it; null for none.
  Hides hides = Hides::Nothing;       ///< By which labels classes are hidden.
  bool clips = false;
  bool is_mesh = false;

  auto operator<=>(const PointShaderKey&) const = default;
};

/// Lines "#define NAME value" for all shaders of points.
[[nodiscard]] QByteArray pointShaderDefines(const PointShaderKey& key);
/// The GLSL that replaces "#pragma parts" in points.vert: the attributes of the columns that the layers read, and
/// `int rowOfA(vec2 range)` and, with another layer, `rowOfB`, from the `layerRow` of their files.
/// Errors: Internal if a layer has no file.
[[nodiscard]] Result<QByteArray> layerShaderParts(const PointShaderKey& key);

}  // namespace tagscape
