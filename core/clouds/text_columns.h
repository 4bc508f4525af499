#pragma once

#include "core/clouds/cloud_content.h"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the columns of a text cloud are. Private to its reader; see text_cloud.h.
namespace tagscape::text_detail {

/// How numbers stand in a line.
struct Dialect {
  std::string_view separators;
  bool decimal_comma = false;
};

/// From the first lines that hold digits.
[[nodiscard]] Dialect findDialect(std::string_view text);

/// Rows of numbers, as many columns as the longest of the first hundred rows has: one long line later on must not widen
/// a million others. Columns that a row lacks are not a number.
class Table {
 public:
  void add(const std::vector<double>& row);
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] std::size_t size() const { return empty() ? 0 : values_.size() / num_columns_; }
  [[nodiscard]] std::size_t numColumns() const { return num_columns_; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return values_[row * num_columns_ + column]; }

 private:
  void widen(std::size_t num_columns);
  std::vector<double> values_;
  std::size_t num_columns_ = 0;
};

/// Columns by what they hold; triples begin at their first column.
struct Columns {
  std::array<std::size_t, 3> position{0, 1, 2};
  std::optional<std::array<std::size_t, 3>> color;
  std::optional<std::array<std::size_t, 3>> normal;
  std::map<std::string, std::size_t> scalars;
};

/// A title in the form that findColumns knows: lower case, without quotes and brackets; "//x" is "x".
[[nodiscard]] std::string normalTitle(std::string_view word);

/// @param titles  of the columns, or none.   @param notes  gets what had to be guessed or is not used.
[[nodiscard]] Columns findColumns(const Table& table,
                                  const std::vector<std::string>& titles,
                                  std::string_view extension,
                                  std::vector<std::string>& notes);

void fillCloud(const Table& table, const Columns& columns, CloudBuilder& cloud);

}  // namespace tagscape::text_detail
