#include "core/clouds/pcd_header.h"

#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tagscape::pcd_detail {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::filesystem::path& name) : text_(text), rest_(text), name_(name) {}

  Result<Header> parse() {
    constexpr int kMaxLines = 1000;
    while (!done_) {
      if (rest_.empty() || line_number_ > kMaxLines) return refuse("the header has no DATA line");
      ++line_number_;
      const auto end = std::min(rest_.find('\n'), rest_.size());
      const std::string_view line = text::trimmed(rest_.substr(0, end));
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      if (!line.empty() && line[0] != '#') TAGSCAPE_TRY(parseLine(line));
    }
    TAGSCAPE_TRY(finishFields());
    header_.body_begin = text_.size() - rest_.size();
    return std::move(header_);
  }

 private:
  tl::unexpected<Error> refuse(std::string_view problem) const {
    return failFile(ErrorCode::InvalidInput, name_, fmt::format("line {}: {}", line_number_, problem), kRemedy);
  }

  Status parseLine(std::string_view line) {
    text::split(line, " \t", words_);
    const std::string key = lower(words_[0]);
    words_.erase(words_.begin());
    if (key == "version") return {};
    if (key == "fields" || key == "columns") return takeFields();
    if (key == "size") return takeEach([](Field& field, std::string_view word) { return takeSize(field, word); });
    if (key == "type") return takeEach([](Field& field, std::string_view word) { return takeType(field, word); });
    if (key == "count") return takeEach([](Field& field, std::string_view word) { return takeCount(field, word); });
    if (key == "width") return takeNumber(width_);
    if (key == "height") return takeNumber(height_);
    if (key == "points") return takeNumber(points_);
    if (key == "viewpoint") return takeViewpoint();
    if (key == "data") return takeEncoding();
    return refuse(fmt::format("\"{:.40}\" is not understood", key));
  }

  Status takeFields() {
    constexpr std::size_t kMaxFields = 1000;
    if (words_.size() > kMaxFields) return refuse("more than 1,000 fields");
    for (const auto word : words_) header_.fields.push_back({lower(word), 'f', 4, 1, 0});
    return {};
  }

  template <class Take>
  Status takeEach(const Take& take) {
    if (words_.size() != header_.fields.size())
      return refuse(fmt::format("{} entries for {} fields", words_.size(), header_.fields.size()));
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!take(header_.fields[i], words_[i]))
        return refuse(
            fmt::format("\"{:.20}\" of the field \"{:.40}\" is not known", words_[i], header_.fields[i].name));
    }
    return {};
  }

  static bool takeSize(Field& field, std::string_view word) {
    const auto size = text::numberOf(word);
    if (!size || (*size != 1 && *size != 2 && *size != 4 && *size != 8)) return false;
    field.size = static_cast<std::size_t>(*size);
    return true;
  }
  static bool takeType(Field& field, std::string_view word) {
    field.type = static_cast<char>(std::tolower(static_cast<unsigned char>(word[0])));
    return word.size() == 1 && (field.type == 'f' || field.type == 'i' || field.type == 'u');
  }
  static bool takeCount(Field& field, std::string_view word) {
    constexpr double kMax = 1e6;
    const auto count = text::numberOf(word);
    if (!count || !(*count >= 0 && *count <= kMax)) return false;
    field.count = static_cast<std::size_t>(*count);
    return true;
  }

  Status takeNumber(std::optional<std::uint64_t>& slot) {
    constexpr double kMax = 1e12;
    const auto number = words_.empty() ? std::nullopt : text::numberOf(words_[0]);
    if (!number || !(*number >= 0 && *number <= kMax)) return refuse("the number of points is none");
    slot = static_cast<std::uint64_t>(*number);
    return {};
  }

  Status takeViewpoint() {
    constexpr double kIdentity[] = {0, 0, 0, 1, 0, 0, 0};
    for (std::size_t i = 0; i < std::min<std::size_t>(words_.size(), 7); ++i)
      header_.has_viewpoint = header_.has_viewpoint || text::numberOf(words_[i]).value_or(0) != kIdentity[i];
    return {};
  }

  Status takeEncoding() {
    const std::string word = words_.empty() ? std::string() : lower(words_[0]);
    done_ = true;
    if (word == "ascii")
      header_.encoding = Encoding::Ascii;
    else if (word == "binary")
      header_.encoding = Encoding::Binary;
    else if (word == "binary_compressed")
      header_.encoding = Encoding::Compressed;
    else
      return refuse(fmt::format("the data are \"{:.40}\", which is not known", word));
    return {};
  }

  Status finishFields() {
    for (auto& field : header_.fields) {
      field.offset = header_.row_bytes;
      header_.row_bytes += field.size * field.count;
      if (field.type == 'f' && field.size < 4)
        return refuse(fmt::format("the field \"{:.40}\" is a float of {} bytes", field.name, field.size));
    }
    if (!points_ && !width_) return refuse("the header has no POINTS and no WIDTH");
    header_.num_points = points_ ? *points_ : *width_ * height_.value_or(1);
    return {};
  }

  std::string_view text_, rest_;
  const std::filesystem::path& name_;
  std::vector<std::string_view> words_;
  Header header_;
  std::optional<std::uint64_t> width_, height_, points_;
  int line_number_ = 0;
  bool done_ = false;
};

}  // namespace

Result<Header> parseHeader(std::string_view text, const std::filesystem::path& name) {
  return HeaderParser(text, name).parse();
}

std::optional<std::vector<std::byte>> expandLzf(std::span<const std::byte> packed, std::size_t size) {
  std::vector<std::byte> out;
  out.reserve(size);
  std::size_t in = 0;
  while (in < packed.size()) {
    const auto control = static_cast<std::size_t>(packed[in++]);
    constexpr std::size_t kLiterals = 32;
    if (control < kLiterals) {
      const std::size_t count = control + 1;
      if (count > packed.size() - in || count > size - out.size()) return std::nullopt;
      out.insert(out.end(),
                 packed.begin() + static_cast<std::ptrdiff_t>(in),
                 packed.begin() + static_cast<std::ptrdiff_t>(in + count));
      in += count;
      continue;
    }
    std::size_t count = control >> 5;
    if (count == 7) {  // a longer run has its length in a byte more
      if (in == packed.size()) return std::nullopt;
      count += static_cast<std::size_t>(packed[in++]);
    }
    if (in == packed.size()) return std::nullopt;
    const std::size_t back = ((control & 31) << 8) + static_cast<std::size_t>(packed[in++]) + 1;
    count += 2;
    if (back > out.size() || count > size - out.size()) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) out.push_back(out[out.size() - back]);
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

}  // namespace tagscape::pcd_detail
