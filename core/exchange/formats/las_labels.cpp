// LAS 1.4, point format 7, with a classification lookup (LASF_Spec, record 0) and extra bytes (record 4): confidence
// (float) and instance (unsigned 32 bit). Coordinates are multiples of .1 mm.
// Source: ASPRS, LAS Specification 1.4-R15.

#include "core/base/files.h"
#include "core/clouds/las.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr double kStep_m = 1e-4;
constexpr std::size_t kHeaderBytes = 375, kRecordHeaderBytes = 54;
constexpr std::size_t kLookupBytes = 256 * 16, kExtraBytes = 192;
constexpr std::size_t kFormat7Bytes = 36, kOwnBytes = 4 + 4;
constexpr std::uint8_t kFloatType = 9, kUnsignedType = 5;

struct Bounds {
  Eigen::Vector3d low = Eigen::Vector3d::Zero(), high = Eigen::Vector3d::Zero();
};

Bounds boundsOf(const Scene& scene) {
  Bounds bounds;
  for (std::size_t i = 0; i < scene.points().size(); ++i) {
    const Eigen::Vector3d place = placeOf(scene, i);
    bounds.low = i == 0 ? place : Eigen::Vector3d(bounds.low.cwiseMin(place));
    bounds.high = i == 0 ? place : Eigen::Vector3d(bounds.high.cwiseMax(place));
  }
  return bounds;
}

void putHeader(ByteBuffer& file, std::size_t num_points, const Eigen::Vector3d& offset, const Bounds& bounds) {
  constexpr std::uint16_t kWkt = 1U << 4U;  // formats 6 to 10 need it set
  constexpr std::size_t kPoints = kHeaderBytes + 2 * kRecordHeaderBytes + kLookupBytes + 2 * kExtraBytes;
  file.put("LASF");
  file.put(std::uint16_t{0});  // file source
  file.put(kWkt);
  file.putPadded("", 16);  // project
  file.put(std::uint8_t{1});
  file.put(std::uint8_t{4});
  file.putPadded("OTHER", 32);
  file.putPadded("Tagscape", 32);
  file.put(std::uint16_t{1});     // day
  file.put(std::uint16_t{2000});  // year: files of the same labels are the same
  file.put(static_cast<std::uint16_t>(kHeaderBytes));
  file.put(static_cast<std::uint32_t>(kPoints));
  file.put(std::uint32_t{2});  // variable length records
  file.put(std::uint8_t{7});
  file.put(static_cast<std::uint16_t>(kFormat7Bytes + kOwnBytes));
  file.putPadded("", 4 + 5 * 4);  // counts of older versions: 0 for formats from 6
  for (int axis = 0; axis < 3; ++axis) file.put(kStep_m);
  file.put(offset.data(), 24);
  for (int axis = 0; axis < 3; ++axis) {
    file.put(bounds.high[axis]);
    file.put(bounds.low[axis]);
  }
  file.putPadded("", 8 + 8 + 4);  // waveforms, extended records
  file.put(std::uint64_t{num_points});
  file.put(std::uint64_t{num_points});  // by return: all are the first
  file.putPadded("", 14 * 8);
}

void putRecordHeader(ByteBuffer& file, std::uint16_t id, std::size_t size, std::string_view about) {
  file.put(std::uint16_t{0});
  file.putPadded("LASF_Spec", 16);
  file.put(id);
  file.put(static_cast<std::uint16_t>(size));
  file.putPadded(about, 32);
}

void putLookup(ByteBuffer& file, const ExchangeClasses& classes) {
  putRecordHeader(file, 0, kLookupBytes, "Classes");
  std::array<std::string, 256> names;
  names[0] = "unlabelled";
  for (const auto& info : classes) names[info.id] = info.name;
  for (std::size_t id = 0; id < names.size(); ++id) {
    file.put(static_cast<std::uint8_t>(id));
    file.putPadded(names[id], 15);
  }
}

void putExtra(ByteBuffer& file, std::uint8_t type, std::string_view name, std::string_view about) {
  file.putPadded("", 2);
  file.put(type);
  file.put(std::uint8_t{0});
  file.putPadded(name, 32);
  file.putPadded("", 4 + 24 + 24 + 24 + 24 + 24);  // unused, no data, min, max, scale, offset
  file.putPadded(about, 32);
}

void putPoint(
    ByteBuffer& file, const Scene& scene, const ExchangeLayer& layer, std::size_t i, const Eigen::Vector3d& offset) {
  constexpr std::uint8_t kOnlyReturn = 1 | 1U << 4U;
  constexpr std::uint16_t kWiden = 257;  // 255 to 65535
  const Eigen::Vector3d steps = (placeOf(scene, i) - offset) / kStep_m;
  for (int axis = 0; axis < 3; ++axis) file.put(static_cast<std::int32_t>(std::lround(steps[axis])));
  file.put(std::uint16_t{0});  // intensity
  file.put(kOnlyReturn);
  file.put(std::uint8_t{0});  // flags
  file.put(static_cast<std::uint8_t>(idOf(layer.classes, layer.points.classes[i])));
  file.put(std::uint8_t{0});   // user data
  file.put(std::int16_t{0});   // angle
  file.put(std::uint16_t{0});  // source
  file.put(0.0);               // time
  for (const std::uint8_t channel : colorOf(scene, i)) file.put(static_cast<std::uint16_t>(channel * kWiden));
  file.put(layer.points.confidenceOf(i));
  file.put(layer.points.instanceOf(i));
}

template <class T>
T load(std::span<const std::byte> bytes, std::size_t at) {
  T value{};
  if (at + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

/// Where an extra dimension of this name and type lies in a point record; 0 if there is none. Only dimensions of known
/// types before it can be passed over.
struct ExtraPlaces {
  std::size_t confidence = 0, instance = 0;
};

ExtraPlaces extraPlaces(std::span<const std::byte> bytes,
                        std::size_t record_begin,
                        std::size_t record_size,
                        std::size_t at) {
  constexpr std::array<std::size_t, 11> kTypeBytes{0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  ExtraPlaces places;
  for (std::size_t i = record_begin; i + kExtraBytes <= record_begin + record_size && i + kExtraBytes <= bytes.size();
       i += kExtraBytes) {
    const auto type = load<std::uint8_t>(bytes, i + 2);
    const char* name = reinterpret_cast<const char*>(bytes.data() + i + 4);
    const std::string_view text(name, strnlen(name, 32));
    if (type == 0 || type >= kTypeBytes.size()) break;
    if (text == "confidence" && type == kFloatType) places.confidence = at;
    if (text == "instance" && type == kUnsignedType) places.instance = at;
    at += kTypeBytes[type];
  }
  return places;
}

/// The records between header and points: that of the extra bytes.
ExtraPlaces findExtra(std::span<const std::byte> bytes, std::size_t base_bytes) {
  std::size_t at = load<std::uint16_t>(bytes, 94);
  const auto count = load<std::uint32_t>(bytes, 100);
  for (std::uint32_t i = 0; i < count && at + kRecordHeaderBytes <= bytes.size(); ++i) {
    const char* user = reinterpret_cast<const char*>(bytes.data() + at + 2);
    const auto size = load<std::uint16_t>(bytes, at + 20);
    if (std::string_view(user, strnlen(user, 16)) == "LASF_Spec" && load<std::uint16_t>(bytes, at + 18) == 4)
      return extraPlaces(bytes, at + kRecordHeaderBytes, size, base_bytes);
    at += kRecordHeaderBytes + size;
  }
  return {};
}

void readExtra(std::span<const std::byte> bytes, ForeignPoints& points) {
  constexpr std::array<std::size_t, 11> kFormatBytes{20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67};
  const auto format = load<std::uint8_t>(bytes, 104) & 0x3fU;
  if (format >= kFormatBytes.size()) return;
  const std::size_t begin = load<std::uint32_t>(bytes, 96), row_bytes = load<std::uint16_t>(bytes, 105);
  const ExtraPlaces places = findExtra(bytes, kFormatBytes[format]);
  const auto fits = [row_bytes](std::size_t place) { return place > 0 && place + 4 <= row_bytes; };
  if (begin + points.ids.size() * row_bytes > bytes.size()) return;
  for (std::size_t i = 0; i < points.ids.size(); ++i) {
    const std::size_t row = begin + i * row_bytes;
    if (fits(places.confidence)) points.confidence.push_back(load<float>(bytes, row + places.confidence));
    if (fits(places.instance)) points.instances.push_back(load<std::uint32_t>(bytes, row + places.instance));
  }
}

}  // namespace

Status writeLasLabels(const ExportScene& scene, const FileSink& sink) {
  const std::size_t num_points = scene.layer->points.size();
  const Bounds bounds = boundsOf(*scene.scene);
  const Eigen::Vector3d offset = bounds.low.array().floor();
  if ((bounds.high - offset).maxCoeff() / kStep_m > INT32_MAX) {
    return failFile(ErrorCode::InvalidInput,
                    scene.scene->path,
                    "LAS holds 214 km at a tenth of a millimetre, and its points are farther apart",
                    "Remove stray points, or choose another format");
  }
  ByteBuffer file;
  file.reserve(kHeaderBytes + kLookupBytes + 512 + num_points * (kFormat7Bytes + kOwnBytes));
  putHeader(file, num_points, offset, bounds);
  putLookup(file, scene.layer->classes);
  putRecordHeader(file, 4, 2 * kExtraBytes, "Extra bytes");
  putExtra(file, kFloatType, "confidence", "Of the label, 0 to 1");
  putExtra(file, kUnsignedType, "instance", "Number of the object, 0: none");
  for (std::size_t i = 0; i < num_points; ++i) putPoint(file, *scene.scene, *scene.layer, i, offset);
  return sink(scene.scene->name + ".las", std::move(file).take());
}

Result<ForeignLabels> readLasLabels(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const fs::path file, sceneFile(place, scene, ".las"));
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  TAGSCAPE_ASSIGN(CloudContent content, parseLas(bytes, file));
  ForeignLabels labels{.meaning = IdMeaning::Named, .notes = content.notes};
  ForeignPoints& points = labels.points;
  for (const float id : content.vertex_scalars["classification"]) points.ids.push_back(foreignId(static_cast<int>(id)));
  for (const auto& position : content.mesh.vertices.positions_m)
    points.positions.push_back(position.cast<double>() + content.offset_m);
  labels.names = content.scalar_names["classification"];
  const bool has_all = content.notes.empty();  // a point that was left out moves those after it
  if (has_all) readExtra(bytes, points);
  return labels;
}

}  // namespace tagscape::formats
