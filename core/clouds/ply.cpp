#include "core/clouds/ply.h"

#include "core/base/parallel.h"
#include "core/clouds/ply_columns.h"
#include "core/clouds/ply_header.h"
#include "core/io/byte_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <charconv>

namespace tagscape {
namespace {

using namespace ply_detail;

constexpr std::uint64_t kMaxVertices = std::uint64_t{1} << 31;

/// A float is not finite when all bits of its exponent are set; looking at bits lets the loop run on vectors.
bool allFinite(std::span<const Eigen::Vector3f> positions) {
  constexpr std::uint32_t kExponent = 0x7f800000;
  std::uint32_t bad = 0;
  for (const auto& p : positions) {
    for (int axis = 0; axis < 3; ++axis) bad |= (std::bit_cast<std::uint32_t>(p[axis]) & kExponent) == kExponent;
  }
  return bad == 0;
}

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
    return std::move(content_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }
  tl::unexpected<Error> refuseCut(const Element& element, std::uint64_t row) const {
    return refuse(fmt::format("the file ends in {} {} of {}", element.name, row, element.count));
  }

  /// A row needs at least its scalars in binary, and a digit and a separator for each in text, so a count that cannot
  /// fit the rest of the file is refused before anything is allocated.
  Status checkCount(const Element& element) const {
    const std::uint64_t left = bytes_.size() - position_;
    const std::uint64_t row = header_.encoding == Encoding::Ascii
                                  ? std::max<std::uint64_t>(1, 2 * element.properties.size() - 1)
                                  : element.leastRowBytes();
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
        return p.name == axis && !p.count_type;
      });
      if (!found) return refuse(fmt::format("its vertices have no {}", axis));
    }
    const auto columns = makeColumns(element, content_);
    if (header_.encoding == Encoding::Ascii || element.hasLists()) {
      TAGSCAPE_TRY(parseVertexRows(element, columns));
      return checkFinite();
    }
    return parseVertexBlock(element, columns);
  }

  /// Binary vertices of fixed size: rows are independent, so threads share them.
  Status parseVertexBlock(const Element& element, const std::vector<Column>& columns) {
    const std::size_t row_bytes = element.leastRowBytes();
    const std::size_t num_whole = (bytes_.size() - position_) / row_bytes;
    if (element.count > num_whole) return refuseCut(element, num_whole);
    const std::byte* rows = bytes_.data() + position_;
    constexpr std::size_t kRowsPerPiece = 1 << 14;
    std::atomic<bool> finite{true};
    parallelFor(element.count, kRowsPerPiece, [&](std::size_t first, std::size_t last) {
      copyRows(columns, rows, row_bytes, first, last, swap_);
      if (!allFinite(std::span(content_.mesh.vertices.positions_m).subspan(first, last - first))) finite = false;
    });
    position_ += element.count * row_bytes;
    return finite ? Status{} : checkFinite();
  }

  Status parseVertexRows(const Element& element, const std::vector<Column>& columns) {
    for (std::uint64_t row = 0; row < element.count; ++row) {
      for (std::size_t p = 0; p < columns.size(); ++p) {
        if (!readProperty(element.properties[p])) return refuseCut(element, row);
        if (columns[p].kind != Column::Kind::Skip) storeValue(columns[p], row, values_[0]);
      }
    }
    return {};
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
    for (std::uint64_t row = 0; row < element.count; ++row) {
      for (const auto& property : element.properties) {
        if (!readProperty(property)) return refuseCut(element, row);
        if (is_face && isCorners(property) && !addFan(num_vertices))
          return refuse(fmt::format("face {} names a vertex that does not exist", row));
      }
    }
    return {};
  }

  bool addFan(std::size_t num_vertices) {
    const bool exist = std::all_of(
        values_.begin(), values_.end(), [&](double v) { return v >= 0 && v < static_cast<double>(num_vertices); });
    if (!exist) return false;
    for (std::size_t corner = 2; corner < values_.size(); ++corner) {
      content_.mesh.triangles.push_back({static_cast<std::uint32_t>(values_[0]),
                                         static_cast<std::uint32_t>(values_[corner - 1]),
                                         static_cast<std::uint32_t>(values_[corner])});
    }
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
      const std::size_t most_entries = (bytes_.size() - position_) / entry_bytes;
      if (!(length >= 0 && length <= static_cast<double>(most_entries))) return false;
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

  Status checkFinite() const {
    const auto& positions = content_.mesh.vertices.positions_m;
    const auto bad = std::find_if(
        positions.begin(), positions.end(), [](const Eigen::Vector3f& p) { return !allFinite(std::span(&p, 1)); });
    if (bad != positions.end())
      return refuse(fmt::format("vertex {} has a coordinate that is not finite", bad - positions.begin()));
    return {};
  }

  std::span<const std::byte> bytes_;
  const Header& header_;
  const std::filesystem::path& name_;
  std::size_t position_;
  bool swap_;
  bool has_vertices_ = false;
  PlyContent content_;
  std::vector<double> values_;
};

}  // namespace

Result<PlyContent> readPly(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto bytes, FileBytes::read(path, std::uint64_t{64} << 30));
  return parsePly(bytes.span(), path);
}

Result<PlyContent> parsePly(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(const Header header, ply_detail::parseHeader(text, name));
  return BodyParser(bytes, header, name).parse();
}

}  // namespace tagscape
