#include "core/clouds/pcd.h"

#include "core/clouds/pcd_header.h"
#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace tagscape {
namespace {

using namespace pcd_detail;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using Names = std::array<std::string_view, 3>;
using Triple = std::array<const Field*, 3>;

template <class T>
double load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return static_cast<double>(value);
}

double loadField(const Field& field, const std::byte* from) {
  if (field.type == 'f') return field.size == 8 ? load<double>(from) : load<float>(from);
  const bool is_signed = field.type == 'i';
  switch (field.size) {
    case 1:
      return is_signed ? load<std::int8_t>(from) : load<std::uint8_t>(from);
    case 2:
      return is_signed ? load<std::int16_t>(from) : load<std::uint16_t>(from);
    case 4:
      return is_signed ? load<std::int32_t>(from) : load<std::uint32_t>(from);
    default:
      return is_signed ? load<std::int64_t>(from) : load<std::uint64_t>(from);
  }
}

/// What fields of one point mean; null where the file has none.
struct Meaning {
  std::optional<Triple> position, normal, color;
  const Field* packed_color = nullptr;
  std::vector<const Field*> labels;
};

class PcdParser {
 public:
  PcdParser(std::span<const std::byte> bytes, const Header& header, const std::filesystem::path& name)
      : body_(bytes.subspan(header.body_begin)), header_(header), name_(name) {}

  Result<CloudContent> parse() {
    TAGSCAPE_TRY(findMeaning());
    if (header_.encoding == Encoding::Ascii) {
      parseText();
    } else {
      TAGSCAPE_TRY(parseRows());
    }
    if (num_bad_ > 0)
      cloud_.notes.push_back(
          fmt::format("{} lines hold fewer numbers than the header has fields and were left out", num_bad_));
    if (cloud_.positions.size() + num_bad_ < header_.num_points) {
      cloud_.notes.push_back(fmt::format("the header announces {} points, but the file ends after {}",
                                         header_.num_points,
                                         cloud_.positions.size() + num_bad_));
    }
    if (header_.has_viewpoint)
      cloud_.notes.emplace_back("its VIEWPOINT is not applied: points stay in the file's frame");
    return std::move(cloud_).finish(name_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, problem, kRemedy);
  }

  const Field* find(std::string_view name) const {
    const auto found = std::find_if(header_.fields.begin(), header_.fields.end(), [&](const Field& field) {
      return field.name == name && field.count == 1;
    });
    return found == header_.fields.end() ? nullptr : &*found;
  }
  std::optional<Triple> find(const Names& names) const {
    const Triple triple{find(names[0]), find(names[1]), find(names[2])};
    const bool all = triple[0] != nullptr && triple[1] != nullptr && triple[2] != nullptr;
    return all ? std::optional(triple) : std::nullopt;
  }

  Status findMeaning() {
    meaning_.position = find(Names{"x", "y", "z"});
    if (!meaning_.position) return refuse("it has no fields x, y and z");
    meaning_.normal = find(Names{"normal_x", "normal_y", "normal_z"});
    if (!meaning_.normal) meaning_.normal = find(Names{"nx", "ny", "nz"});
    for (const char* name : {"rgb", "rgba"}) {
      const Field* field = find(name);
      if (field != nullptr && field->size == 4 && meaning_.packed_color == nullptr) meaning_.packed_color = field;
    }
    if (meaning_.packed_color == nullptr) meaning_.color = find(Names{"red", "green", "blue"});
    if (meaning_.packed_color == nullptr && !meaning_.color) meaning_.color = find(Names{"r", "g", "b"});
    noteOthers();
    return {};
  }

  /// Fields named "_" are padding.
  void noteOthers() {
    std::vector<std::string> unused;
    const auto uses = [](const std::optional<Triple>& triple, const Field& field) {
      return triple && std::find(triple->begin(), triple->end(), &field) != triple->end();
    };
    for (const auto& field : header_.fields) {
      if (uses(meaning_.position, field) || uses(meaning_.normal, field) || uses(meaning_.color, field) ||
          &field == meaning_.packed_color || field.name == "_" || field.name == "a") {
        continue;
      }
      if (isLabelName(field.name) && field.count == 1) {
        meaning_.labels.push_back(&field);
      } else {
        unused.push_back(field.name);
      }
    }
    if (!unused.empty())
      cloud_.notes.push_back(
          fmt::format("fields that are not used: {:.120}", fmt::format("{}", fmt::join(unused, ", "))));
  }

  /// Adds a point. @param value  gives the number in a field.   @param bits  of a field of four bytes.
  template <class Value, class Bits>
  void add(const Value& value, const Bits& bits) {
    const auto vector = [&](const Triple& of) { return Eigen::Vector3d(value(*of[0]), value(*of[1]), value(*of[2])); };
    cloud_.positions.push_back(vector(*meaning_.position));
    if (meaning_.normal) cloud_.normals.push_back(vector(*meaning_.normal).template cast<float>());
    if (meaning_.color) cloud_.colors.push_back(vector(*meaning_.color).template cast<float>());
    if (meaning_.packed_color != nullptr) {
      const std::uint32_t rgb = bits(*meaning_.packed_color);
      cloud_.colors.emplace_back(
          static_cast<float>((rgb >> 16) & 255), static_cast<float>((rgb >> 8) & 255), static_cast<float>(rgb & 255));
    }
    for (const Field* label : meaning_.labels) cloud_.scalars[label->name].push_back(static_cast<float>(value(*label)));
  }

  void parseText() {
    std::string_view rest(reinterpret_cast<const char*>(body_.data()), body_.size());
    std::vector<std::string_view> words;
    std::size_t num_words = 0;
    std::vector<std::size_t> first_word;
    for (const auto& field : header_.fields) {
      first_word.push_back(num_words);
      num_words += field.count;
    }
    const auto wordOf = [&](const Field& field) {
      return words[first_word[static_cast<std::size_t>(&field - header_.fields.data())]];
    };
    while (!rest.empty() && cloud_.positions.size() + num_bad_ < header_.num_points) {
      text::split(text::takeLine(rest), " \t", words);
      if (words.empty()) continue;
      if (words.size() < num_words) {
        ++num_bad_;
        continue;
      }
      add([&](const Field& field) { return text::numberOf(wordOf(field)).value_or(kNone); },
          [&](const Field& field) { return bitsOf(field, text::numberOf(wordOf(field)).value_or(0)); });
    }
  }

  /// A packed colour in text: its bits as a float (1.2e-38) or, of whole types and as some write it for floats, as a
  /// number (4808000).
  static std::uint32_t bitsOf(const Field& field, double value) {
    if (!(value >= 0)) return 0;
    constexpr double kLargest = 4294967295.0;
    if (field.type == 'f' && value < 1) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return static_cast<std::uint32_t>(std::min(value, kLargest));
  }

  /// Binary rows; of compressed files all values of a field stand together.
  Status parseRows() {
    std::vector<std::byte> expanded;
    std::uint64_t count = header_.num_points;
    std::span<const std::byte> data = body_;
    const bool by_field = header_.encoding == Encoding::Compressed;
    if (by_field) {
      TAGSCAPE_ASSIGN(expanded, expand());
      data = expanded;
    }
    if (header_.row_bytes == 0) return refuse("its fields have no bytes");
    count = std::min<std::uint64_t>(count, data.size() / header_.row_bytes);
    for (std::uint64_t row = 0; row < count; ++row) {
      const auto place = [&](const Field& field) {
        return by_field ? data.data() + field.offset * count + row * field.size * field.count
                        : data.data() + row * header_.row_bytes + field.offset;
      };
      add([&](const Field& field) { return loadField(field, place(field)); },
          [&](const Field& field) {
            std::uint32_t bits = 0;
            std::memcpy(&bits, place(field), sizeof(bits));
            return bits;
          });
    }
    return {};
  }

  Result<std::vector<std::byte>> expand() const {
    std::array<std::uint32_t, 2> sizes{};
    if (body_.size() < sizeof(sizes)) return refuse("its compressed data are cut");
    std::memcpy(sizes.data(), body_.data(), sizeof(sizes));
    const auto packed = body_.subspan(sizeof(sizes));
    constexpr std::uint64_t kBestRatio = 100;  // LZF writes at most 264 bytes for 3
    if (sizes[0] > packed.size() || sizes[1] > kBestRatio * std::uint64_t{sizes[0]} ||
        sizes[1] != header_.num_points * header_.row_bytes) {
      return refuse("its compressed data are cut or do not fit its header");
    }
    auto expanded = expandLzf(packed.first(sizes[0]), sizes[1]);
    if (!expanded) return refuse("its compressed data are damaged");
    return std::move(*expanded);
  }

  std::span<const std::byte> body_;
  const Header& header_;
  const std::filesystem::path& name_;
  Meaning meaning_;
  CloudBuilder cloud_;
  std::size_t num_bad_ = 0;
};

}  // namespace

Result<CloudContent> parsePcd(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TAGSCAPE_ASSIGN(const Header header, parseHeader(text, name));
  return PcdParser(bytes, header, name).parse();
}

}  // namespace tagscape
