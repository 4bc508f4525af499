#include "core/e57/e57_document.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <pugixml.hpp>
#include <string_view>

namespace tagscape::e57 {
namespace {

constexpr std::string_view kRemedy = "Export it again";

/// The number that a text begins with; as no locale writes it. Elements without text are 0.
template <class T>
T numberIn(std::string_view text, T otherwise) {
  const auto begin = text.find_first_not_of(" \t\r\n+");
  if (begin == std::string_view::npos) return otherwise;
  T value{};
  const auto [end, problem] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
  return problem == std::errc() ? value : otherwise;
}

double childNumber(const pugi::xml_node& node, const char* name, double otherwise) {
  const pugi::xml_node child = node.child(name);
  return child ? numberIn(child.text().get(), 0.0) : otherwise;
}

Field readField(const pugi::xml_node& node) {
  Field field{.name = node.name()};
  const std::string_view type = node.attribute("type").value();
  const auto integer = [&](const char* name, std::int64_t otherwise) {
    return numberIn(node.attribute(name).value(), otherwise);
  };
  field.minimum = integer("minimum", std::numeric_limits<std::int64_t>::min());
  field.maximum = integer("maximum", std::numeric_limits<std::int64_t>::max());
  field.scale = numberIn(node.attribute("scale").value(), 1.0);
  field.offset = numberIn(node.attribute("offset").value(), 0.0);
  if (type == "Float") {
    field.type =
        std::string_view(node.attribute("precision").value()) == "single" ? FieldType::Float : FieldType::Double;
  } else if (type == "Integer") {
    field.type = FieldType::Integer;
  } else if (type == "ScaledInteger") {
    field.type = FieldType::ScaledInteger;
  } else {
    field.type = FieldType::Text;
  }
  return field;
}

Eigen::Isometry3d readPose(const pugi::xml_node& node) {
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  const pugi::xml_node rotation = node.child("rotation");
  const Eigen::Quaterniond turn(childNumber(rotation, "w", 1),
                                childNumber(rotation, "x", 0),
                                childNumber(rotation, "y", 0),
                                childNumber(rotation, "z", 0));
  if (std::isfinite(turn.norm()) && turn.norm() > 0) pose.linear() = turn.normalized().toRotationMatrix();
  const pugi::xml_node translation = node.child("translation");
  pose.translation() = Eigen::Vector3d(
      childNumber(translation, "x", 0), childNumber(translation, "y", 0), childNumber(translation, "z", 0));
  return pose;
}

Result<Scan> readScan(const PagedBytes& bytes, const pugi::xml_node& node) {
  Scan scan;
  scan.name = node.child("name").text().get();
  scan.world_from_scan = readPose(node.child("pose"));
  const pugi::xml_node points = node.child("points");
  if (!points) return scan;
  const auto place = numberIn(std::string_view(points.attribute("fileOffset").value()), std::uint64_t{0});
  scan.num_points = numberIn(std::string_view(points.attribute("recordCount").value()), std::uint64_t{0});
  scan.begin = bytes.logicalPosition(place);
  for (const pugi::xml_node& child : points.child("prototype").children()) {
    if (child.type() == pugi::node_element) scan.fields.push_back(readField(child));
  }
  if (scan.num_points > 0 && (place == 0 || scan.fields.empty())) {
    return failFile(ErrorCode::InvalidInput,
                    bytes.name(),
                    fmt::format("the points of scan \"{:.60}\" lack their place or their prototype", scan.name),
                    kRemedy);
  }
  constexpr std::array<const char*, 3> kChannels{"Red", "Green", "Blue"};
  const pugi::xml_node limits = node.child("colorLimits");
  for (std::size_t i = 0; i < kChannels.size() && limits; ++i) {
    const double low = childNumber(limits, fmt::format("color{}Minimum", kChannels[i]).c_str(), 0);
    const double high = childNumber(limits, fmt::format("color{}Maximum", kChannels[i]).c_str(), 0);
    if (high > low) scan.color_limits[i] = {low, high};
  }
  return scan;
}

}  // namespace

std::uint32_t Field::numBits() const {
  constexpr std::uint32_t kFloat = 32, kDouble = 64;
  if (type == FieldType::Float) return kFloat;
  if (type == FieldType::Double) return kDouble;
  if (maximum < minimum) return kDouble;
  return static_cast<std::uint32_t>(
      std::bit_width(static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum)));
}

Result<Document> readDocument(const PagedBytes& bytes) {
  constexpr std::uint64_t kMaxXml = std::uint64_t{1} << 30;
  if (bytes.xmlBytes() > kMaxXml)
    return failFile(ErrorCode::InvalidInput, bytes.name(), "its XML part is larger than 1 GB", kRemedy);
  std::string text(bytes.xmlBytes(), '\0');
  TAGSCAPE_TRY(bytes.read(bytes.xmlBegin(), std::as_writable_bytes(std::span(text))));
  pugi::xml_document xml;
  const pugi::xml_parse_result parsed = xml.load_buffer_inplace(text.data(), text.size());
  if (!parsed) {
    return failFile(ErrorCode::InvalidInput,
                    bytes.name(),
                    fmt::format("its XML part is damaged at byte {} ({})", parsed.offset, parsed.description()),
                    kRemedy);
  }
  Document document;
  const pugi::xml_node root = xml.child("e57Root");
  for (const pugi::xml_node& child : root.child("data3D").children("vectorChild")) {
    TAGSCAPE_ASSIGN(auto scan, readScan(bytes, child));
    document.scans.push_back(std::move(scan));
  }
  for (const pugi::xml_node& child : root.child("images2D").children("vectorChild")) {
    if (child.type() == pugi::node_element) ++document.num_images;
  }
  return document;
}

}  // namespace tagscape::e57
