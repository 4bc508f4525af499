#pragma once

#include "core/e57/paged_bytes.h"

#include <Eigen/Geometry>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace tagscape::e57 {

enum class FieldType { Float, Double, Integer, ScaledInteger, Text };

/// A column of a scan's points: how its values are stored.
struct Field {
  std::string name;  ///< "cartesianX", "nor:normalX".
  FieldType type = FieldType::Double;
  std::int64_t minimum = 0, maximum = 0;  ///< Of integers as they are stored.
  double scale = 1, offset = 0;           ///< A scaled integer i stands for i * scale + offset.

  /// Bits of a value; 0 if all are `minimum`. Unknown for Text.
  [[nodiscard]] std::uint32_t numBits() const;
};

struct Scan {
  std::string name;
  std::uint64_t begin = 0;  ///< Logical position of its points.
  std::uint64_t num_points = 0;
  std::vector<Field> fields;  ///< In the order of their streams.
  Eigen::Isometry3d world_from_scan = Eigen::Isometry3d::Identity();
  /// Smallest and largest value of red, green and blue, where the file tells them.
  std::array<std::optional<std::array<double, 2>>, 3> color_limits{};
};

/// What the XML part of a file says.
struct Document {
  std::vector<Scan> scans;
  std::size_t num_images = 0;
};

/// Errors: InvalidInput if the XML part is damaged, or a scan's points lack their prototype or place.
/// Source: ASTM E2807-11, section 8.4.
[[nodiscard]] Result<Document> readDocument(const PagedBytes& bytes);

}  // namespace tagscape::e57
