// SemanticKITTI's layout: sequences/<scene>/velodyne/000000.bin (x y z remission, float), labels/000000.label (32 bit:
// class below, instance above), poses.txt, calib.txt. point_labeler opens the folder of a sequence; labels.xml names
// its classes. Source: the dataset's development kit and point_labeler's readers of these files.

#include "core/base/files.h"
#include "core/base/xml_text.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/pack.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLabelFile = "labels/000000.label";
constexpr unsigned kInstanceShift = 16;
constexpr std::uint32_t kClassMask = 0xFFFF;

float greyOf(const Color8& rgb) {
  constexpr float kRed = .299F, kGreen = .587F, kBlue = .114F, kWhite = 255.F;  // ITU-R BT.601
  return (kRed * rgb[0] + kGreen * rgb[1] + kBlue * rgb[2]) / kWhite;
}

std::string labelXml(int id, std::string_view name, const Color8& rgb) {
  return fmt::format(
      "  <label>\n    <id>{}</id>\n    <name>{}</name>\n    <description>{}</description>\n"
      "    <color>{} {} {}</color>\n    <root>scene</root>\n  </label>\n",
      id,
      escapedXml(name),
      escapedXml(name),
      rgb[0],
      rgb[1],
      rgb[2]);
}

std::string between(std::string_view text, std::string_view open, std::string_view close, std::size_t& at) {
  const auto begin = text.find(open, at);
  const auto end = begin == std::string_view::npos ? begin : text.find(close, begin);
  if (end == std::string_view::npos) return {};
  at = end;
  return std::string(text.substr(begin + open.size(), end - begin - open.size()));
}

std::string unescaped(std::string text) {
  for (const auto& [from, to] :
       {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""}, std::pair{"&amp;", "&"}}) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
      text.replace(at, std::strlen(from), to);
  }
  return text;
}

/// The names in labels.xml beside the sequence or up to two folders above; none where there is no such file.
std::map<std::int32_t, std::string> namesFor(const fs::path& sequence) {
  std::map<std::int32_t, std::string> names;
  for (const fs::path& folder : {sequence, sequence.parent_path(), sequence.parent_path().parent_path()}) {
    const auto text = readTextFile(folder / "labels.xml");
    if (!text) continue;
    for (std::size_t at = text->find("<label>"); at != std::string::npos; at = text->find("<label>", at)) {
      const std::string id = between(*text, "<id>", "</id>", at);
      const std::string name = between(*text, "<name>", "</name>", at);
      int number = 0;
      if (std::from_chars(id.data(), id.data() + id.size(), number).ec != std::errc() || name.empty()) break;
      if (number > 0) names[number] = unescaped(name);
    }
    break;
  }
  return names;
}

Status readPositions(const fs::path& file, ForeignPoints& points) {
  if (!fs::exists(file)) return {};
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  constexpr std::size_t kRowBytes = 4 * sizeof(float);
  if (bytes.size() != points.ids.size() * kRowBytes) {
    return failFile(
        ErrorCode::InvalidInput,
        file,
        fmt::format(
            "it has {} bytes, and {} labels need {}", bytes.size(), points.ids.size(), points.ids.size() * kRowBytes),
        "Take the points and the labels of one scan");
  }
  for (std::size_t i = 0; i < points.ids.size(); ++i) {
    std::array<float, 3> xyz{};
    std::memcpy(xyz.data(), bytes.data() + i * kRowBytes, sizeof(xyz));
    points.positions.emplace_back(xyz[0], xyz[1], xyz[2]);
  }
  return {};
}

}  // namespace

Status writeSemanticKitti(const ExportScene& scene, const FileSink& sink) {
  const Scene& scan = *scene.scene;
  const ExchangeLayer& layer = *scene.layer;
  const std::string folder = "sequences/" + scan.name + "/";
  ByteBuffer points, labels;
  points.reserve(layer.points.size() * 16);
  labels.reserve(layer.points.size() * 4);
  for (std::size_t i = 0; i < layer.points.size(); ++i) {
    points.put(scan.points().positions_m[i].data(), 12);
    points.put(greyOf(colorOf(scan, i)));
    labels.put(layer.points.instanceOf(i) << kInstanceShift | idOf(layer.classes, layer.points.classes[i]));
  }
  TAGSCAPE_TRY(sink(folder + "velodyne/000000.bin", std::move(points).take()));
  TAGSCAPE_TRY(sink(folder + kLabelFile, std::move(labels).take()));
  const Eigen::Vector3d& offset = scan.offset_m;
  TAGSCAPE_TRY(sink(folder + "poses.txt",
                    bytesOfText(fmt::format("1 0 0 {} 0 1 0 {} 0 0 1 {}\n", offset.x(), offset.y(), offset.z()))));
  std::string calibration;
  for (const char* name : {"P0", "P1", "P2", "P3", "Tr"})
    calibration += fmt::format("{}: 1 0 0 0 0 1 0 0 0 0 1 0\n", name);
  return sink(folder + "calib.txt", bytesOfText(calibration));
}

Status writeKittiClasses(const ExchangeClasses& classes, const FileSink& sink) {
  std::string text = "<config>\n" + labelXml(0, "unlabelled", {});
  for (const auto& info : classes) text += labelXml(info.id, info.name, info.rgb);
  return sink("labels.xml", bytesOfText(text + "</config>\n"));
}

Result<ForeignLabels> readSemanticKitti(const fs::path& place, const std::string& scene) {
  fs::path file = place;
  if (!fs::is_regular_file(place)) {
    const fs::path sequences = fs::is_directory(place / "sequences") ? place / "sequences" : place;
    TAGSCAPE_ASSIGN(const fs::path folder, sceneFolder(sequences, scene, kLabelFile));
    file = folder / kLabelFile;
  }
  TAGSCAPE_ASSIGN(const auto bytes, readFile(file));
  if (bytes.size() % 4 != 0) {
    return failFile(ErrorCode::InvalidInput,
                    file,
                    fmt::format("{} bytes are no whole number of labels of 4 bytes", bytes.size()),
                    "Copy the file again");
  }
  const fs::path sequence = file.parent_path().parent_path();
  ForeignLabels labels{.names = namesFor(sequence)};
  labels.meaning = labels.names.empty() ? IdMeaning::Unknown : IdMeaning::Named;
  ForeignPoints& points = labels.points;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + i, 4);
    points.ids.push_back(foreignId(value & kClassMask));
    points.instances.push_back(value >> kInstanceShift);
  }
  TAGSCAPE_TRY(readPositions(sequence / "velodyne" / (file.stem().string() + ".bin"), points));
  return labels;
}

}  // namespace tagscape::formats
