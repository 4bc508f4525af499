#include "core/clouds/text_columns.h"

#include "core/clouds/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace tagscape::text_detail {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";
constexpr std::size_t kMaxColumns = 256;

using Triple = std::array<std::size_t, 3>;

Triple from(std::size_t first) { return {first, first + 1, first + 2}; }

/// Looks at rows evenly over the table: whether `test` holds for nearly all of those that have finite values there.
template <class Test>
bool holdsForMost(const Table& table, const Triple& columns, const Test& test) {
  constexpr std::size_t kSampled = 2000;
  constexpr double kMax = 0.95;
  const std::size_t step = std::max<std::size_t>(1, table.size() / kSampled);
  std::size_t count = 0, holds = 0;
  for (std::size_t row = 0; row < table.size(); row += step) {
    const Eigen::Vector3d values(table.at(row, columns[0]), table.at(row, columns[1]), table.at(row, columns[2]));
    if (!values.allFinite()) continue;
    ++count;
    holds += test(values) ? 1 : 0;
  }
  return count > 0 && static_cast<double>(holds) >= kMax * static_cast<double>(count);
}

bool looksLikeNormal(const Table& table, const Triple& columns) {
  constexpr double kRounding = 0.02;  // of components that are written with two digits
  return holdsForMost(table, columns, [](const Eigen::Vector3d& v) { return std::abs(v.norm() - 1) < kRounding; });
}

bool looksLikeColor(const Table& table, const Triple& columns) {
  const bool is_unit =
      holdsForMost(table, columns, [](const Eigen::Vector3d& v) { return v.minCoeff() >= 0 && v.maxCoeff() <= 1.001; });
  const bool is_byte = holdsForMost(table, columns, [](const Eigen::Vector3d& v) {
    return v.minCoeff() >= 0 && v.maxCoeff() <= 255 && v.array().round().matrix() == v;
  });
  return is_unit || is_byte;
}

std::optional<Triple> named(const std::vector<std::string>& titles,
                            std::initializer_list<std::array<std::string_view, 3>> names) {
  for (const auto& triple : names) {
    Triple columns{};
    bool all = true;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto found = std::find(titles.begin(), titles.end(), triple[i]);
      all = all && found != titles.end();
      columns[i] = static_cast<std::size_t>(found - titles.begin());
    }
    if (all) return columns;
  }
  return std::nullopt;
}

bool isIn(const std::optional<Triple>& triple, std::size_t column) {
  return triple && std::find(triple->begin(), triple->end(), column) != triple->end();
}

Columns columnsByTitles(const Table& table, const std::vector<std::string>& titles) {
  Columns columns;
  if (const auto position = named(titles, {{"x", "y", "z"}})) columns.position = *position;
  columns.color = named(titles, {{"r", "g", "b"}, {"red", "green", "blue"}, {"rf", "gf", "bf"}});
  columns.normal = named(titles, {{"nx", "ny", "nz"}, {"normal_x", "normal_y", "normal_z"}});
  for (std::size_t i = 0; i < std::min(titles.size(), table.numColumns()); ++i) {
    if (!isIn(columns.position, i) && !isIn(columns.color, i) && !isIn(columns.normal, i))
      columns.scalars.emplace(titles[i], i);
  }
  return columns;
}

/// Three columns that are a colour or a normal, beginning at the first place where they can.
void guessColumns(const Table& table, std::string_view extension, Columns& columns) {
  const std::size_t count = table.numColumns();
  std::size_t next = 3;
  const auto take = [&](std::optional<Triple>& slot) {
    slot = from(next);
    next += 3;
  };
  if (extension == ".pts" && count >= 7) columns.scalars.emplace("intensity", next++);
  if (extension == ".xyzn" && count >= 6) take(columns.normal);
  if (extension == ".xyzrgb" && count >= 6) take(columns.color);
  while (next < count) {
    const bool has_three = next + 3 <= count;
    if (has_three && !columns.normal && looksLikeNormal(table, from(next))) {
      take(columns.normal);
    } else if (has_three && !columns.color && looksLikeColor(table, from(next))) {
      take(columns.color);
    } else {
      columns.scalars.emplace(fmt::format("column_{}", next + 1), next);
      ++next;
    }
  }
}

}  // namespace

Dialect findDialect(std::string_view text) {
  constexpr int kLooked = 50;
  bool has_semicolon = false, has_dot = false, has_comma = false;
  bool commas_inside = true;  // whether words between blanks are numbers with a comma inside
  std::vector<std::string_view> words;
  for (int looked = 0; looked < kLooked && !text.empty();) {
    const auto line = text::trimmed(text::takeLine(text));
    const bool is_data = !line.empty() && (std::isdigit(static_cast<unsigned char>(line[0])) != 0 || line[0] == '-' ||
                                           line[0] == '+' || line[0] == '.');
    if (!is_data) continue;
    ++looked;
    has_semicolon = has_semicolon || line.find(';') != std::string_view::npos;
    has_dot = has_dot || line.find('.') != std::string_view::npos;
    if (line.find(',') == std::string_view::npos) continue;
    has_comma = true;
    text::split(line, kBlanks, words);
    commas_inside = commas_inside && words.size() >= 3 && std::all_of(words.begin(), words.end(), [](auto word) {
                      return word.back() != ',' && text::numberWithDecimalComma(word).has_value();
                    });
  }
  if (has_semicolon) return {"; \t\r\v\f", has_comma && !has_dot};
  if (has_comma && !has_dot && commas_inside) return {kBlanks, true};
  return {has_comma ? ", \t\r\v\f" : kBlanks, false};
}

void Table::add(const std::vector<double>& row) {
  constexpr std::size_t kRowsThatDecide = 100;
  if (row.size() > num_columns_ && size() < kRowsThatDecide) widen(row.size());
  const std::size_t count = std::min(row.size(), num_columns_);
  values_.insert(values_.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count));
  values_.resize(values_.size() + num_columns_ - count, std::numeric_limits<double>::quiet_NaN());
}

void Table::widen(std::size_t num_columns) {
  const std::size_t rows = size();
  num_columns = std::min(num_columns, kMaxColumns);
  std::vector<double> wider(rows * num_columns, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < num_columns_; ++column)
      wider[row * num_columns + column] = values_[row * num_columns_ + column];
  }
  values_ = std::move(wider);
  num_columns_ = num_columns;
}

std::string normalTitle(std::string_view word) {
  std::string title;
  for (const char c : word) {
    if (c != '"' && c != '\'' && c != '(' && c != ')' && c != '[' && c != ']' && c != '/' && c != '#')
      title.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  if (title.starts_with("x_") || title == "xcoord" || title == "px" || title == "easting") return "x";
  if (title.starts_with("y_") || title == "ycoord" || title == "py" || title == "northing") return "y";
  if (title.starts_with("z_") || title == "zcoord" || title == "pz" || title == "elevation") return "z";
  return title;
}

Columns findColumns(const Table& table,
                    const std::vector<std::string>& titles,
                    std::string_view extension,
                    std::vector<std::string>& notes) {
  Columns columns;
  std::string lower(extension);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (!titles.empty() && titles.size() <= table.numColumns()) {
    columns = columnsByTitles(table, titles);
  } else {
    guessColumns(table, lower, columns);
  }
  std::vector<std::string> unused;
  for (const auto& [title, column] : columns.scalars) {
    if (!isLabelName(title)) unused.push_back(title);
  }
  if (!unused.empty())
    notes.push_back(fmt::format("columns that are not used: {:.120}", fmt::format("{}", fmt::join(unused, ", "))));
  return columns;
}

void fillCloud(const Table& table, const Columns& columns, CloudBuilder& cloud) {
  const auto vector = [&](std::size_t row, const Triple& of) {
    return Eigen::Vector3d(table.at(row, of[0]), table.at(row, of[1]), table.at(row, of[2]));
  };
  for (std::size_t row = 0; row < table.size(); ++row) {
    cloud.positions.push_back(vector(row, columns.position));
    if (columns.color) cloud.colors.push_back(vector(row, *columns.color).cast<float>());
    if (columns.normal) cloud.normals.push_back(vector(row, *columns.normal).cast<float>());
  }
  for (const auto& [title, column] : columns.scalars) {
    if (!isLabelName(title)) continue;
    auto& values = cloud.scalars[title];
    for (std::size_t row = 0; row < table.size(); ++row) values.push_back(static_cast<float>(table.at(row, column)));
  }
}

}  // namespace tagscape::text_detail
