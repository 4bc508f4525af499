#include "core/exchange/formats/pcd_fields.h"

#include "core/clouds/pcd.h"
#include "core/exchange/formats/pack.h"
#include "core/exchange/formats/scalar_columns.h"

#include <fmt/format.h>

#include <sstream>

namespace tagscape::formats {
namespace {

constexpr std::size_t kOwnRowBytes = 4 + 4 + 4 + 4;  // rgb, label, instance, confidence

std::string headerOf(std::size_t num_points, bool is_double) {
  const int bytes = is_double ? 8 : 4;
  return fmt::format(
      "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z rgb label instance confidence\n"
      "SIZE {0} {0} {0} 4 4 4 4\nTYPE F F F U U U F\nCOUNT 1 1 1 1 1 1 1\nWIDTH {1}\nHEIGHT 1\n"
      "VIEWPOINT 0 0 0 1 0 0 0\nPOINTS {1}\nDATA binary\n",
      bytes,
      num_points);
}

/// Where instances and confidences lie, which the reader of clouds does not know: in files whose header is that of
/// encodePcd.
void addOwnFields(std::span<const std::byte> bytes, ForeignPoints& points) {
  for (const bool is_double : {false, true}) {
    const std::string header = headerOf(points.ids.size(), is_double);
    const std::size_t row_bytes = (is_double ? 24 : 12) + kOwnRowBytes;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with(header) || bytes.size() != header.size() + points.ids.size() * row_bytes) continue;
    const std::byte* row = bytes.data() + header.size() + row_bytes - 8;
    points.instances.resize(points.ids.size());
    points.confidence.resize(points.ids.size());
    for (std::size_t i = 0; i < points.ids.size(); ++i, row += row_bytes) {
      std::memcpy(&points.instances[i], row, 4);
      std::memcpy(&points.confidence[i], row + 4, 4);
    }
  }
}

}  // namespace

std::vector<std::byte> encodePcd(const Scene& scene, const ExchangeLayer& layer) {
  const bool is_double = !scene.offset_m.isZero();
  const LayerPoints& points = layer.points;
  ByteBuffer buffer;
  const std::string header = headerOf(points.size(), is_double);
  buffer.reserve(header.size() + points.size() * ((is_double ? 24U : 12U) + kOwnRowBytes));
  buffer.put(header);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_double) buffer.put(placeOf(scene, i).data(), 24);
    if (!is_double) buffer.put(scene.points().positions_m[i].data(), 12);
    const Color8 rgb = colorOf(scene, i);
    buffer.put(std::uint32_t{rgb[0]} << 16U | std::uint32_t{rgb[1]} << 8U | rgb[2]);
    buffer.put(std::uint32_t{idOf(layer.classes, points.classes[i])});
    buffer.put(points.instanceOf(i));
    buffer.put(points.confidenceOf(i));
  }
  return std::move(buffer).take();
}

Result<ForeignLabels> readPcdFields(std::span<const std::byte> bytes, const std::filesystem::path& file) {
  TAGSCAPE_ASSIGN(CloudContent content, parsePcd(bytes, file));
  TAGSCAPE_ASSIGN(ForeignLabels labels, labelsOfScalars(std::move(content), file));
  addOwnFields(bytes, labels.points);
  std::erase_if(labels.notes, [](const std::string& note) { return note.find("confidence") != std::string::npos; });
  return labels;
}

}  // namespace tagscape::formats
