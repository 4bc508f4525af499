#include "core/io/ply.h"

#include "core/base/files.h"
#include "core/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export or copy the file again";
constexpr std::uint64_t kMaxVertices = std::uint64_t{1} << 31;

enum class Encoding { Ascii, LittleEndian, BigEndian };
enum class Type : std::uint8_t { I8, U8, I16, U16, I32, U32, F32, F64 };

std::optional<Type> typeByName(std::string_view name) {
  if (name == "char" || name == "int8") return Type::I8;
  if (name == "uchar" || name == "uint8") return Type::U8;
  if (name == "short" || name == "int16") return Type::I16;
  if (name == "ushort" || name == "uint16") return Type::U16;
  if (name == "int" || name == "int32") return Type::I32;
  if (name == "uint" || name == "uint32") return Type::U32;
  if (name == "float" || name == "float32") return Type::F32;
  if (name == "double" || name == "float64") return Type::F64;
  return std::nullopt;
}

std::size_t sizeOf(Type type) {
  constexpr std::array<std::size_t, 8> kSizes{1, 1, 2, 2, 4, 4, 4, 8};
  return kSizes[static_cast<std::size_t>(type)];
}

struct Property {
  std::string name;
  Type type = Type::F32;
  std::optional<Type> count_type;  // set for lists
};

struct Element {
  std::string name;
  std::uint64_t count = 0;
  std::vector<Property> properties;

  [[nodiscard]] bool hasLists() const {
    return std::any_of(
        properties.begin(), properties.end(), [](const Property& p) { return p.count_type.has_value(); });
  }
  /// Bytes of one row in a binary file; of lists, the least they can have.
  [[nodiscard]] std::size_t leastRowBytes() const {
    std::size_t bytes = 0;
    for (const auto& property : properties) bytes += sizeOf(property.count_type.value_or(property.type));
    return bytes;
  }
};

struct Header {
  Encoding encoding = Encoding::Ascii;
  std::vector<Element> elements;
  std::size_t body_begin = 0;
};

template <class T>
T loadAs(const std::byte* from, bool swap) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (swap) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

double load(const std::byte* from, Type type, bool swap) {
  switch (type) {
    case Type::I8:
      return loadAs<std::int8_t>(from, false);
    case Type::U8:
      return loadAs<std::uint8_t>(from, false);
    case Type::I16:
      return loadAs<std::int16_t>(from, swap);
    case Type::U16:
      return loadAs<std::uint16_t>(from, swap);
    case Type::I32:
      return loadAs<std::int32_t>(from, swap);
    case Type::U32:
      return loadAs<std::uint32_t>(from, swap);
    case Type::F32:
      return static_cast<double>(loadAs<float>(from, swap));
    case Type::F64:
      return loadAs<double>(from, swap);
  }
  return 0;
}

// ---- header --------------------------------------------------------------------------------------------------------

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  std::size_t position = 0;
  while ((position = line.find_first_not_of(" \t\r", position)) != std::string_view::npos) {
    const auto end = std::min(line.find_first_of(" \t\r", position), line.size());
    found.push_back(line.substr(position, end - position));
    position = end;
  }
  return found;
}

class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::filesystem::path& name) : text_(text), name_(name) {}

  Result<Header> parse() {
    if (nextLine() != "ply") return refuse("it does not begin with \"ply\"");
    while (!done_) {
      if (ended()) return refuse("the header has no \"end_header\"");
      TAGSCAPE_TRY(parseLine(words(nextLine())));
    }
    if (!has_format_) return refuse("the header has no \"format\" line");
    header_.body_begin = position_;
    return std::move(header_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, fmt::format("line {}: {}", line_number_, problem), kRemedy);
  }
  [[nodiscard]] bool ended() const { return position_ >= text_.size() || position_ > kMaxHeaderBytes; }

  std::string_view nextLine() {
    const auto end = std::min(text_.find('\n', position_), text_.size());
    std::string_view line = text_.substr(position_, end - position_);
    position_ = std::min(end + 1, text_.size());
    ++line_number_;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
  }

  Status parseLine(const std::vector<std::string_view>& line) {
    if (line.empty() || line[0] == "comment" || line[0] == "obj_info") return {};
    if (line[0] == "end_header") {
      done_ = true;
      return {};
    }
    if (line[0] == "format" && line.size() >= 2) return parseFormat(line[1]);
    if (line[0] == "element" && line.size() == 3) return parseElement(line[1], line[2]);
    if (line[0] == "property" && !header_.elements.empty()) return parseProperty(line);
    return refuse(fmt::format("\"{:.40}\" is not understood", line[0]));
  }

  Status parseFormat(std::string_view word) {
    has_format_ = true;
    if (word == "ascii")
      header_.encoding = Encoding::Ascii;
    else if (word == "binary_little_endian")
      header_.encoding = Encoding::LittleEndian;
    else if (word == "binary_big_endian")
      header_.encoding = Encoding::BigEndian;
    else
      return refuse(fmt::format("the format \"{:.40}\" is not known", word));
    return {};
  }

  Status parseElement(std::string_view element, std::string_view count_text) {
    Element found{std::string(element), 0, {}};
    const auto [end, problem] = std::from_chars(count_text.data(), count_text.data() + count_text.size(), found.count);
    if (problem != std::errc() || end != count_text.data() + count_text.size()) {
      return refuse(fmt::format("\"{:.40}\" is no count", count_text));
    }
    header_.elements.push_back(std::move(found));
    return {};
  }

  Status parseProperty(const std::vector<std::string_view>& line) {
    const bool is_list = line.size() == 5 && line[1] == "list";
    if (!is_list && line.size() != 3) return refuse("a property needs a type and a name");
    const auto type = typeByName(is_list ? line[3] : line[1]);
    const auto count_type = is_list ? typeByName(line[2]) : std::nullopt;
    if (!type || (is_list && !count_type)) return refuse("a property has an unknown type");
    header_.elements.back().properties.push_back({std::string(line.back()), *type, count_type});
    return {};
  }

  static constexpr std::size_t kMaxHeaderBytes = 1 << 20;
  std::string_view text_;
  const std::filesystem::path& name_;
  Header header_;
  std::size_t position_ = 0;
  int line_number_ = 0;
  bool done_ = false;
  bool has_format_ = false;
};

// ---- body ----------------------------------------------------------------------------------------------------------

/// Where a vertex property goes; null targets are read over.
struct VertexSink {
  Mesh& mesh;
  std::map<std::string, std::vector<float>>& scalars;

  void resize(const Element& element) {
    const auto has = [&](std::string_view name) {
      return std::any_of(
          element.properties.begin(), element.properties.end(), [&](const Property& p) { return p.name == name; });
    };
    auto& vertices = mesh.vertices;
    vertices.positions_m.resize(element.count, Eigen::Vector3f::Zero());
    if (has("red") && has("green") && has("blue")) vertices.colors.resize(element.count);
    if (has("nx") && has("ny") && has("nz")) vertices.normals.resize(element.count, Eigen::Vector3f::Zero());
    for (const auto& property : element.properties) {
      if (!property.count_type && !isKnown(property.name)) scalars[property.name].resize(element.count);
    }
  }
  static bool isKnown(std::string_view name) {
    constexpr std::array<std::string_view, 10> kKnown{"x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "alpha"};
    return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
  }
};

using Setter = std::function<void(std::size_t row, double value)>;

/// One setter per property of the vertex element, in its order.
std::vector<Setter> makeSetters(const Element& element, VertexSink& sink) {
  auto& vertices = sink.mesh.vertices;
  std::vector<Setter> setters;
  for (const auto& property : element.properties) {
    const std::string& name = property.name;
    const bool is_float = property.type == Type::F32 || property.type == Type::F64;
    if (property.count_type) {
      setters.emplace_back();
    } else if (name == "x" || name == "y" || name == "z") {
      setters.emplace_back([&vertices, axis = name[0] - 'x'](std::size_t row, double v) {
        vertices.positions_m[row][axis] = static_cast<float>(v);
      });
    } else if ((name == "nx" || name == "ny" || name == "nz") && !vertices.normals.empty()) {
      setters.emplace_back([&vertices, axis = name[1] - 'x'](std::size_t row, double v) {
        vertices.normals[row][axis] = static_cast<float>(v);
      });
    } else if ((name == "red" || name == "green" || name == "blue") && !vertices.colors.empty()) {
      const std::size_t channel = name == "red" ? 0 : name == "green" ? 1 : 2;
      setters.emplace_back([&vertices, channel, scale = is_float ? 255.0 : 1.0](std::size_t row, double v) {
        vertices.colors[row][channel] = static_cast<std::uint8_t>(std::clamp(v * scale, 0.0, 255.0));
      });
    } else if (!VertexSink::isKnown(name)) {
      auto& values = sink.scalars[name];
      setters.emplace_back([&values](std::size_t row, double v) { values[row] = static_cast<float>(v); });
    } else {
      setters.emplace_back();
    }
  }
  return setters;
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
    VertexSink sink{content_.mesh, content_.vertex_scalars};
    for (const char* axis : {"x", "y", "z"}) {
      const bool found = std::any_of(element.properties.begin(), element.properties.end(), [&](const Property& p) {
        return p.name == axis && !p.count_type;
      });
      if (!found) return refuse(fmt::format("its vertices have no {}", axis));
    }
    sink.resize(element);
    const auto setters = makeSetters(element, sink);
    if (header_.encoding == Encoding::Ascii || element.hasLists()) {
      TAGSCAPE_TRY(parseVertexRows(element, setters));
    } else {
      TAGSCAPE_TRY(parseVertexBlock(element, setters));
    }
    return checkFinite();
  }

  /// Binary vertices of fixed size: rows are independent, so threads share them.
  Status parseVertexBlock(const Element& element, const std::vector<Setter>& setters) {
    const std::size_t row_bytes = element.leastRowBytes();
    if (element.count > (bytes_.size() - position_) / row_bytes)
      return refuseCut(element, (bytes_.size() - position_) / row_bytes);
    const std::byte* begin = bytes_.data() + position_;
    constexpr std::size_t kRowsPerPiece = 1 << 14;
    parallelFor(element.count, kRowsPerPiece, [&](std::size_t first, std::size_t last) {
      std::size_t offset = 0;
      for (std::size_t p = 0; p < setters.size(); ++p) {  // property by property: one setter and type per inner loop
        const Type type = element.properties[p].type;
        if (setters[p]) {
          for (std::size_t row = first; row < last; ++row)
            setters[p](row, load(begin + row * row_bytes + offset, type, swap_));
        }
        offset += sizeOf(type);
      }
    });
    position_ += element.count * row_bytes;
    return {};
  }

  Status parseVertexRows(const Element& element, const std::vector<Setter>& setters) {
    for (std::uint64_t row = 0; row < element.count; ++row) {
      for (std::size_t p = 0; p < setters.size(); ++p) {
        if (!readProperty(element.properties[p])) return refuseCut(element, row);
        if (setters[p]) setters[p](row, values_[0]);
      }
    }
    return {};
  }

  /// Faces, or an element that is read over.
  Status parseLists(const Element& element, bool is_face) {
    const std::size_t num_vertices = content_.mesh.vertices.size();
    if (is_face) content_.mesh.triangles.reserve(element.count);
    for (std::uint64_t row = 0; row < element.count; ++row) {
      for (const auto& property : element.properties) {
        if (!readProperty(property)) return refuseCut(element, row);
        const bool is_corners =
            is_face && property.count_type && (property.name == "vertex_indices" || property.name == "vertex_index");
        if (is_corners && !addFan(num_vertices))
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

  /// Reads a scalar or a list into values_; false at the end of the file.
  bool readProperty(const Property& property) {
    std::size_t count = 1;
    if (property.count_type) {
      double length = 0;
      if (!readNumber(*property.count_type, length) || length < 0 ||
          length > static_cast<double>(bytes_.size() - position_))
        return false;
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
      value = load(bytes_.data() + position_, type, swap_);
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
    const auto bad =
        std::find_if(positions.begin(), positions.end(), [](const Eigen::Vector3f& p) { return !p.allFinite(); });
    if (bad != positions.end())
      return refuse(fmt::format("vertex {} has a coordinate that is not finite", bad - positions.begin()));
    return {};
  }

  std::span<const std::byte> bytes_;
  const Header& header_;
  const std::filesystem::path& name_;
  std::size_t position_;
  bool swap_;
  PlyContent content_;
  std::vector<double> values_;
};

// ---- writing -------------------------------------------------------------------------------------------------------

std::string makeHeader(const PlyContent& content, const std::string& comment) {
  const auto& vertices = content.mesh.vertices;
  std::string header = "ply\nformat binary_little_endian 1.0\n";
  if (!comment.empty()) header += "comment " + comment + "\n";
  header += fmt::format("element vertex {}\nproperty float x\nproperty float y\nproperty float z\n", vertices.size());
  if (!vertices.normals.empty()) header += "property float nx\nproperty float ny\nproperty float nz\n";
  if (!vertices.colors.empty()) header += "property uchar red\nproperty uchar green\nproperty uchar blue\n";
  for (const auto& [name, values] : content.vertex_scalars) header += fmt::format("property float {}\n", name);
  if (!content.mesh.triangles.empty()) {
    header += fmt::format("element face {}\nproperty list uchar int vertex_indices\n", content.mesh.triangles.size());
  }
  return header + "end_header\n";
}

void append(std::vector<char>& buffer, const void* data, std::size_t size) {
  const auto* begin = static_cast<const char*>(data);
  buffer.insert(buffer.end(), begin, begin + size);
}

std::vector<char> makeBody(const PlyContent& content) {
  const auto& vertices = content.mesh.vertices;
  std::vector<char> body;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    append(body, vertices.positions_m[i].data(), 3 * sizeof(float));
    if (!vertices.normals.empty()) append(body, vertices.normals[i].data(), 3 * sizeof(float));
    if (!vertices.colors.empty()) append(body, vertices.colors[i].data(), 3);
    for (const auto& [name, values] : content.vertex_scalars) append(body, &values[i], sizeof(float));
  }
  for (const auto& triangle : content.mesh.triangles) {
    body.push_back(3);
    append(body, triangle.data(), sizeof(triangle));
  }
  return body;
}

}  // namespace

Result<PlyContent> readPly(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(path, std::uintmax_t{64} << 30));
  return parsePly(bytes, path);
}

Result<PlyContent> parsePly(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(const Header header, HeaderParser(text, name).parse());
  return BodyParser(bytes, header, name).parse();
}

Status writePly(const std::filesystem::path& path, const PlyContent& content, const std::string& comment) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t num_vertices = content.mesh.vertices.size();
  for (const auto& [name, values] : content.vertex_scalars) {
    if (values.size() != num_vertices) throw std::logic_error("writePly: a scalar has another count than the vertices");
  }
  const std::string header = makeHeader(content, comment);
  const std::vector<char> body = makeBody(content);
  return writeFileAtomically(path, [&](std::ostream& file) {
    file.write(header.data(), static_cast<std::streamsize>(header.size()));
    file.write(body.data(), static_cast<std::streamsize>(body.size()));
  });
}

}  // namespace tagscape
