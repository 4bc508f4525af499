#include "core/clouds/ply.h"

#include "core/base/parallel.h"
#include "core/clouds/ply_columns.h"
#include "core/clouds/ply_header.h"
#include "core/clouds/polygon.h"
#include "core/io/byte_source.h"
#include "core/io/stand_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tagscape {
namespace {

using namespace ply_detail;

constexpr std::uint64_t kMaxVertices = std::uint64_t{1} << 31;

class BodyParser {
 public:
  BodyParser(std::span<const std::byte> bytes, const Header& header, const std::filesystem::path& name)
      : bytes_(bytes),
        header_(header),
        name_(name),
        position_(header.body_begin),
        swap_(header.encoding == Encoding::BigEndian) {}

  Result<PlyContent> parse() {
    for (const auto& element : header_.elements) {
      TAGSCAPE_TRY(checkCount(element));
      if (element.name == "vertex") {
        TAGSCAPE_TRY(parseVertices(element));
      } else {
        TAGSCAPE_TRY(parseLists(element, element.name == "face"));
      }
    }
    if (num_dropped_faces_ > 0)
      content_.notes.push_back(fmt::format("{} faces with fewer than three corners were left out", num_dropped_faces_));
    noteRoundedCoordinates();
    TAGSCAPE_TRY(dropNonFinite(content_, name_));
    return std::move(content_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }
  tl::unexpected<Error> refuseCut(const Element& element, std::uint64_t row) const {
    return refuse(fmt::format("the file ends in {} {} of {}", element.name, row, element.count));
  }

  /// The file ends, or has something else than a number.
  tl::unexpected<Error> refuseRow(const Element& element, std::uint64_t row) const {
    if (header_.encoding != Encoding::Ascii || position_ >= bytes_.size()) return refuseCut(element, row);
    return refuse(fmt::format("{} {} has something that is no number", element.name, row));
  }

  /// A row needs at least its scalars in binary, and a digit and a separator for each in text, so a count that cannot
  /// fit the rest of the file is refused before anything is allocated.
  Status checkCount(const Element& element) const {
    const std::uint64_t left = bytes_.size() - position_;
    const std::uint64_t row = header_.encoding == Encoding::Ascii
                                  ? std::max<std::uint64_t>(1, 2 * element.properties.size() - 1)
                                  : element.minRowBytes();
    if (element.count > kMaxVertices || (row == 0 && element.count > 0) ||
        (row > 0 && element.count > left / row + 1)) {
      return refuse(
          fmt::format("the header claims {} rows of {}, but only {} bytes follow", element.count, element.name, left));
    }
    return {};
  }

  Status parseVertices(const Element& element) {
    if (has_vertices_) return refuse("the header names the element \"vertex\" twice");
    has_vertices_ = true;
    for (const char* axis : {"x", "y", "z"}) {
      const bool found = std::any_of(element.properties.begin(), element.properties.end(), [&](const Property& p) {
        return !p.count_type && (p.name == axis || (p.name.size() == 1 && (p.name[0] | 0x20) == axis[0]));
      });
      if (!found) return refuse(fmt::format("its vertices have no {}", axis));
    }
    auto columns = makeColumns(element, content_);
    is_double_ =
        std::any_of(columns.begin(), columns.end(), [](const Column& c) { return c.axis >= 0 && c.type == Type::F64; });
    if (header_.encoding == Encoding::Ascii || element.hasLists()) {
      TAGSCAPE_TRY(parseVertexRows(element, columns));
    } else {
      TAGSCAPE_TRY(parseVertexBlock(element, columns));
    }
    finishColumns(element, content_);
    return {};
  }

  /// Makes coordinates relative to an offset, from the first vertex that is finite.
  void shiftTo(const Eigen::Vector3d& position, std::vector<Column>& columns) {
    content_.offset_m = offsetFor(position);
    for (auto& column : columns) {
      if (column.axis >= 0) column.shift = content_.offset_m[column.axis];
    }
  }

  /// Binary vertices of fixed size: rows are independent, so threads share them.
  Status parseVertexBlock(const Element& element, std::vector<Column>& columns) {
    const std::size_t row_bytes = element.minRowBytes();
    const std::size_t num_whole = (bytes_.size() - position_) / row_bytes;
    if (element.count > num_whole) return refuseCut(element, num_whole);
    const std::byte* rows = bytes_.data() + position_;
    for (std::size_t row = 0; row < element.count; ++row) {
      Eigen::Vector3d position = Eigen::Vector3d::Zero();
      for (const auto& column : columns) {
        if (column.axis >= 0)
          position[column.axis] = loadNumber(rows + row * row_bytes + column.offset, column.type, swap_);
      }
      if (!position.allFinite()) continue;
      shiftTo(position, columns);
      break;
    }
    constexpr std::size_t kRowsPerPiece = 1 << 14;
    parallelFor(element.count, kRowsPerPiece, [&](std::size_t first, std::size_t last) {
      copyRows(columns, rows, row_bytes, first, last, swap_);
    });
    position_ += element.count * row_bytes;
    return {};
  }

  Status parseVertexRows(const Element& element, std::vector<Column>& columns) {
    bool is_shifted = false;
    std::vector<double> row_values(columns.size());
    for (std::uint64_t row = 0; row < element.count; ++row) {
      Eigen::Vector3d position = Eigen::Vector3d::Zero();
      for (std::size_t p = 0; p < columns.size(); ++p) {
        if (!readProperty(element.properties[p])) return refuseRow(element, row);
        row_values[p] = values_.empty() ? 0 : values_[0];
        if (columns[p].axis >= 0) position[columns[p].axis] = row_values[p];
      }
      if (!is_shifted && position.allFinite()) {
        shiftTo(position, columns);
        is_shifted = true;
      }
      for (std::size_t p = 0; p < columns.size(); ++p) {
        if (columns[p].kind != Column::Kind::Skip) storeValue(columns[p], row, row_values[p]);
      }
    }
    return {};
  }

  /// Large coordinates in 32 bits were rounded before they came here.
  void noteRoundedCoordinates() {
    if (content_.offset_m.isZero() || is_double_ || header_.encoding == Encoding::Ascii) return;
    const double largest = content_.offset_m.cwiseAbs().maxCoeff();
    content_.notes.push_back(
        fmt::format("its coordinates are 32-bit floats near {:.0f} m, so they are rounded to {:.2g} m; export it with "
                    "doubles, or shifted",
                    largest,
                    largest / (1 << 23)));
  }

  /// The faces that nearly every file has: `uchar 3` and three 32-bit corners.
  bool parseTriangles(const Element& element) {
    constexpr std::size_t kRowBytes = 1 + sizeof(Triangle);
    const auto& properties = element.properties;
    if (header_.encoding != Encoding::LittleEndian || properties.size() != 1 || !isCorners(properties[0]) ||
        properties[0].count_type != Type::U8 || (properties[0].type != Type::I32 && properties[0].type != Type::U32) ||
        element.count > (bytes_.size() - position_) / kRowBytes) {
      return false;
    }
    auto& mesh = content_.mesh;
    if (!copyTriangles(bytes_.data() + position_, element.count, mesh.vertices.size(), mesh.triangles)) return false;
    position_ += element.count * kRowBytes;
    return true;
  }

  /// Faces, or an element that is read over.
  Status parseLists(const Element& element, bool is_face) {
    const std::size_t num_vertices = content_.mesh.vertices.size();
    if (is_face && parseTriangles(element)) return {};
    if (!is_face && element.count > 0)
      content_.notes.push_back(
          fmt::format("its element \"{:.40}\" ({} rows) is not used", element.name, element.count));
    for (std::uint64_t row = 0; row < element.count; ++row) {
      for (const auto& property : element.properties) {
        if (!readProperty(property)) return refuseRow(element, row);
        if (is_face && isCorners(property) && !addPolygon(num_vertices))
          return refuse(fmt::format("face {} names a vertex that does not exist", row));
      }
    }
    return {};
  }

  bool addPolygon(std::size_t num_vertices) {
    const bool exist = std::all_of(
        values_.begin(), values_.end(), [&](double v) { return v >= 0 && v < static_cast<double>(num_vertices); });
    if (!exist) return false;
    if (values_.size() < 3) ++num_dropped_faces_;
    corners_.assign(values_.begin(), values_.end());
    triangulate(content_.mesh.vertices.positions_m, corners_, content_.mesh.triangles);
    return true;
  }

  static bool isCorners(const Property& property) {
    return property.count_type && (property.name == "vertex_indices" || property.name == "vertex_index");
  }

  /// Reads a scalar or a list into values_; false at the end of the file.
  bool readProperty(const Property& property) {
    std::size_t count = 1;
    if (property.count_type) {
      double length = 0;
      if (!readNumber(*property.count_type, length)) return false;
      // Of each entry of a list there are at least its bytes, or a digit in text. The form of the comparison refuses
      // a length that is not a number too.
      const std::size_t entry_bytes = header_.encoding == Encoding::Ascii ? 1 : sizeOf(property.type);
      const std::size_t max_entries = (bytes_.size() - position_) / entry_bytes;
      if (!(length >= 0 && length <= static_cast<double>(max_entries))) return false;
      count = static_cast<std::size_t>(length);
    }
    values_.resize(count);
    for (double& value : values_) {
      if (!readNumber(property.type, value)) return false;
    }
    return true;
  }

  bool readNumber(Type type, double& value) {
    if (header_.encoding != Encoding::Ascii) {
      if (sizeOf(type) > bytes_.size() - position_) return false;
      value = loadNumber(bytes_.data() + position_, type, swap_);
      position_ += sizeOf(type);
      return true;
    }
    const auto* text = reinterpret_cast<const char*>(bytes_.data());
    while (position_ < bytes_.size() && static_cast<unsigned char>(text[position_]) <= ' ') ++position_;
    const auto [end, problem] = std::from_chars(text + position_, text + bytes_.size(), value);
    if (problem != std::errc()) return false;
    position_ = static_cast<std::size_t>(end - text);
    return true;
  }

  std::span<const std::byte> bytes_;
  const Header& header_;
  const std::filesystem::path& name_;
  std::size_t position_;
  bool swap_;
  bool has_vertices_ = false;
  bool is_double_ = false;
  std::size_t num_dropped_faces_ = 0;
  std::vector<std::uint32_t> corners_;
  PlyContent content_;
  std::vector<double> values_;
};

}  // namespace

Result<PlyContent> readPly(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto bytes, FileBytes::read(path, std::uint64_t{64} << 30));
  if (const StandIn other = standInOf(bytes.span()); !other.problem.empty())
    return failFile(ErrorCode::InvalidInput, path, other.problem, other.remedy);
  return parsePly(bytes.span(), path);
}

Result<PlyContent> parsePly(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(const Header header, ply_detail::parseHeader(text, name));
  return BodyParser(bytes, header, name).parse();
}

}  // namespace tagscape
