#include "ui/render/point_shaders.h"

#include "ui/gl/program.h"
#include "ui/render/color_tables.h"

#include <algorithm>
#include <set>

namespace tagscape {
namespace {

template <class T>
QByteArray define(const char* name, const T& value) {
  return QByteArray("#define ") + name + " " + value + "\n";
}

QByteArray define(const char* name, int value) { return define(name, QByteArray::number(value)); }

/// A layer's part with its function renamed, so that one shader can contain two layers.
Result<QByteArray> renamedPart(const ColorLayer& layer, const char* function) {
  const QString file = QStringLiteral("layers/%1.glsl").arg(QString::fromStdString(std::string(layer.id)));
  TAGSCAPE_ASSIGN(const QByteArray part, gl::shaderText(file));
  return define("layerRow", function) + part + "#undef layerRow\n";
}

}  // namespace

std::uint32_t columnAttribute(const ColorLayer& layer) {
  const auto is_sent = [](const ColorLayer& row) { return row.hasColumn() && row.column.bytes_a_point > 0; };
  const auto rows = colorLayers();
  const auto before = rows.first(static_cast<std::size_t>(&layer - rows.data()));
  return kFirstColumnAttribute + static_cast<std::uint32_t>(std::count_if(before.begin(), before.end(), is_sent));
}

QByteArray pointShaderDefines(const PointShaderKey& key) {
  using Hides = PointShaderKey::Hides;
  return define("NO_VALUE_ROW", kNoValueRow) + define("NUM_TABLE_ROWS", kNumTableRows) +
         define("FULL_VALUE", QByteArray::number(kFullValue) + ".") +
         define("UNSEEN_VALUE", QByteArray::number(kUnseenValue) + "u") +
         define("NO_CLASS", QByteArray::number(kNoClass) + "u") +
         define("NUM_CLASSES", QByteArray::number(kNumClasses) + "u") + define("HAS_OTHER_LAYER", key.other ? 1 : 0) +
         define("HIDES_TRUTH", key.hides == Hides::Truth ? 1 : 0) +
         define("HIDES_PREDICTION", key.hides == Hides::Prediction ? 1 : 0) + define("CLIPS", key.clips ? 1 : 0) +
         define("IS_MESH", key.is_mesh ? 1 : 0);
}

Result<QByteArray> layerShaderParts(const PointShaderKey& key) {
  std::set<const ColorLayer*> columns;
  const auto add = [&](const ColorLayer& layer) {
    for (const ColorLayer* column : columnsReadBy(layer)) columns.insert(column);
  };
  add(*key.layer);
  if (key.other) add(*key.other);
  if (key.hides == PointShaderKey::Hides::Prediction) add(colorLayer("prediction"));
  QByteArray parts;
  for (const ColorLayer* column : columns) {
    if (column->column.bytes_a_point == 0) continue;
    parts += "layout(location = " + QByteArray::number(columnAttribute(*column)) + ") in uint " +
             column->column.attribute + ";\n";
  }
  TAGSCAPE_ASSIGN(const QByteArray first, renamedPart(*key.layer, "rowOfA"));
  parts += first;
  if (!key.other) return parts;
  TAGSCAPE_ASSIGN(const QByteArray second, renamedPart(*key.other, "rowOfB"));
  return parts + second;
}

}  // namespace tagscape
