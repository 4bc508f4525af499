#include "core/clouds/text_cloud.h"

#include "core/clouds/text_columns.h"
#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

using namespace text_detail;

/// Reads every line once into a table of its numbers; what columns mean is found out when all are there.
class TextCloudParser {
 public:
  TextCloudParser(std::string_view text, const std::filesystem::path& name)
      : text_(text::withoutBom(text)), name_(name), dialect_(findDialect(text_)) {}

  Result<CloudContent> parse() {
    if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff"))
      return failFile(ErrorCode::InvalidInput, name_, "its text is UTF-16", "Save it as UTF-8 or plain text");
    std::string_view rest = text_;
    for (std::size_t number = 1; !rest.empty(); ++number) takeLine(text::takeLine(rest), number);
    TAGSCAPE_TRY(checkLines());
    CloudBuilder cloud;
    const Columns columns = findColumns(table_, titles_, name_.extension().string(), cloud.notes);
    fillCloud(table_, columns, cloud);
    addNotes(cloud.notes);
    return std::move(cloud).finish(name_);
  }

 private:
  void takeLine(std::string_view line, std::size_t number) {
    line = text::trimmed(line);
    if (line.empty()) return;
    if (line.starts_with('#') || line.starts_with("//")) {
      if (table_.empty())
        takeTitles(line.substr(line.find_first_not_of("#/") == std::string_view::npos ? line.size()
                                                                                      : line.find_first_not_of("#/")));
      return;
    }
    text::split(line, dialect_.separators, words_);
    row_.clear();
    for (const auto word : words_) {
      const auto value = dialect_.decimal_comma ? text::numberWithDecimalComma(word) : text::numberOf(word);
      if (!value && row_.size() < 3) return takeOther(line, number);
      row_.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    if (row_.size() == 1 && isCount(row_[0])) {
      announced_ = announced_.value_or(0) + static_cast<std::uint64_t>(row_[0]);
    } else if (row_.size() < 3) {
      takeOther(line, number);
    } else {
      table_.add(row_);
      if (std::any_of(row_.begin() + 3, row_.end(), [](double value) { return std::isnan(value); })) ++num_partial_;
    }
  }

  /// A line that is no point: titles before the first point, else bad.
  void takeOther(std::string_view line, std::size_t number) {
    if (table_.empty() && num_bad_ == 0 && takeTitles(line)) return;
    if (num_bad_++ == 0) {
      first_bad_ = number;
      bad_text_ = line.substr(0, 40);
    }
  }

  bool takeTitles(std::string_view line) {
    std::vector<std::string_view> words;
    text::split(line, " \t,;", words);
    std::vector<std::string> titles;
    for (const auto word : words) titles.push_back(normalTitle(word));
    const auto has = [&](std::string_view title) {
      return std::find(titles.begin(), titles.end(), title) != titles.end();
    };
    if (!has("x") || !has("y") || !has("z")) return false;
    titles_ = std::move(titles);
    return true;
  }

  static bool isCount(double value) { return value >= 0 && value == std::floor(value) && value < 1e15; }

  Status checkLines() const {
    if (table_.size() > num_bad_ || (num_bad_ == 0 && !table_.empty())) return {};
    if (num_bad_ == 0) {
      const char* problem = announced_ ? "its lines hold one number each, not x y z" : "it holds no points";
      return failFile(ErrorCode::InvalidInput, name_, problem, "Write x y z on each line");
    }
    return failFile(ErrorCode::InvalidInput,
                    name_,
                    fmt::format("line {} is no point (\"{}\"), and so are {} of {} lines",
                                first_bad_,
                                printable(bad_text_),
                                num_bad_,
                                num_bad_ + table_.size()),
                    "Write x y z on each line");
  }

  static std::string printable(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~' ? '?' : c;
    return result;
  }

  void addNotes(std::vector<std::string>& notes) const {
    if (num_bad_ > 0) {
      notes.push_back(fmt::format("{} lines are no points and were left out, the first is line {} (\"{}\")",
                                  num_bad_,
                                  first_bad_,
                                  printable(bad_text_)));
    }
    if (num_partial_ > 0)
      notes.push_back(fmt::format("{} lines have something that is no number after x y z", num_partial_));
    if (announced_ && *announced_ != table_.size() + num_bad_)
      notes.push_back(fmt::format("it announces {} points and holds {}", *announced_, table_.size() + num_bad_));
  }

  std::string_view text_;
  const std::filesystem::path& name_;
  Dialect dialect_;
  std::vector<std::string_view> words_;
  std::vector<double> row_;
  Table table_;
  std::vector<std::string> titles_;
  std::optional<std::uint64_t> announced_;
  std::size_t num_bad_ = 0;
  std::size_t num_partial_ = 0;
  std::size_t first_bad_ = 0;
  std::string_view bad_text_;
};

}  // namespace

bool isTextCloudExtension(std::string_view extension) {
  constexpr std::array<std::string_view, 10> kExtensions{
      ".xyz", ".xyzn", ".xyzrgb", ".xyzi", ".xyb", ".pts", ".asc", ".txt", ".csv", ".neu"};
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

Result<CloudContent> parseTextCloud(std::string_view text, const std::filesystem::path& name) {
  return TextCloudParser(text, name).parse();
}

}  // namespace tagscape
