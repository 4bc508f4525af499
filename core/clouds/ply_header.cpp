#include "core/clouds/ply_header.h"

#include <fmt/format.h>

#include <charconv>

namespace tagscape::ply_detail {
namespace {

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

}  // namespace

Result<Header> parseHeader(std::string_view text, const std::filesystem::path& name) {
  return HeaderParser(text, name).parse();
}

}  // namespace tagscape::ply_detail
