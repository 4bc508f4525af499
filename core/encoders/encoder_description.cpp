#include "core/encoders/encoder_description.h"

#include "core/base/files.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxStride = 256;
constexpr int kMaxChannels = 65'536;
constexpr int kMaxSide = 16'384;
constexpr const char* kRemedy = "docs/encoders.md describes this file";

/// Values of a table by key, with errors that name file and line.
class Keys {
 public:
  Keys(const toml::table& table, const fs::path& path) : table_(table), path_(path) {}

  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view key, std::string_view problem) const {
    const toml::node* node = table_.get(key);
    const std::string place = node != nullptr ? fmt::format("line {}: ", node->source().begin.line) : "";
    return failFile(ErrorCode::InvalidInput, path_, fmt::format("{}{} {}", place, key, problem), kRemedy);
  }
  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

  [[nodiscard]] Result<int> integer(std::string_view key, int max) const {
    if (!has(key)) return wrong(key, "is missing");
    const auto value = table_.get(key)->value_exact<std::int64_t>();
    if (!value || *value < 1 || *value > max) return wrong(key, fmt::format("must be a whole number of 1 to {}", max));
    return static_cast<int>(*value);
  }
  [[nodiscard]] Result<double> number(std::string_view key) const {
    const toml::node* node = table_.get(key);
    const auto value = node->value<double>();
    if (!node->is_number() || !value || !std::isfinite(*value)) return wrong(key, "must be a number");
    return *value;
  }
  /// `count` numbers.
  [[nodiscard]] Result<std::vector<double>> numbers(std::string_view key, std::size_t count) const {
    if (!has(key)) return wrong(key, "is missing");
    std::vector<double> found;
    if (const toml::array* array = table_.get(key)->as_array(); array != nullptr && array->size() == count) {
      for (const auto& item : *array) {
        if (const auto value = item.value<double>(); value && item.is_number()) found.push_back(*value);
      }
    }
    const bool finite = std::ranges::all_of(found, [](double value) { return std::isfinite(value); });
    if (found.size() != count || !finite) return wrong(key, fmt::format("must be a list of {} numbers", count));
    return found;
  }
  [[nodiscard]] Status knowOnly(const std::set<std::string_view>& known) const {
    for (const auto& [key, value] : table_) {
      if (!known.contains(key.str())) return wrong(key.str(), "is no key of an encoder");
    }
    return {};
  }

 private:
  const toml::table& table_;
  const fs::path& path_;
};

Status readColors(const Keys& keys, EncoderDescription& description) {
  TAGSCAPE_ASSIGN(const auto mean, keys.numbers("mean", 3));
  TAGSCAPE_ASSIGN(const auto deviation, keys.numbers("deviation", 3));
  constexpr double kSmallest = 1e-6;
  if (std::ranges::any_of(deviation, [](double value) { return value < kSmallest; }))
    return keys.wrong("deviation", "must be above 0");
  for (std::size_t i = 0; i < 3; ++i) {
    description.mean[i] = static_cast<float>(mean[i]);
    description.deviation[i] = static_cast<float>(deviation[i]);
  }
  return {};
}

Status readSize(const Keys& keys, EncoderDescription& description) {
  if (!keys.has("input_size")) return {};
  TAGSCAPE_ASSIGN(const auto sides, keys.numbers("input_size", 2));
  for (const double side : sides) {
    if (side < 1 || side > kMaxSide || std::fmod(side, description.cells.stride_px) != 0) {
      return keys.wrong("input_size",
                        fmt::format("must be height and width in pixels, multiples of the stride up to {}", kMaxSide));
    }
  }
  description.input_size = {static_cast<int>(sides[0]), static_cast<int>(sides[1])};
  return {};
}

Status readGrid(const Keys& keys, EncoderDescription& description) {
  TAGSCAPE_ASSIGN(description.cells.stride_px, keys.integer("stride", kMaxStride));
  const double stride = description.cells.stride_px;
  description.cells.first_px = (stride - 1) / 2;
  if (!keys.has("first_cell_centre")) return {};
  TAGSCAPE_ASSIGN(description.cells.first_px, keys.number("first_cell_centre"));
  if (std::abs(description.cells.first_px) > stride)
    return keys.wrong("first_cell_centre", "must be within a stride of the image's corner, in pixels");
  return {};
}

Result<EncoderDescription> read(const toml::table& table, const fs::path& path) {
  const Keys keys(table, path);
  TAGSCAPE_TRY(keys.knowOnly({"file", "stride", "channels", "mean", "deviation", "input_size", "first_cell_centre"}));
  EncoderDescription description;
  description.file = fs::path(path).replace_extension(".pt");
  if (keys.has("file")) {
    const auto name = table["file"].value<std::string>();
    if (!name || name->empty()) return keys.wrong("file", "must be the name of a TorchScript file");
    description.file = path.parent_path() / *name;
  }
  TAGSCAPE_TRY(readGrid(keys, description));
  TAGSCAPE_ASSIGN(description.channels, keys.integer("channels", kMaxChannels));
  TAGSCAPE_TRY(readColors(keys, description));
  TAGSCAPE_TRY(readSize(keys, description));
  std::error_code code;
  if (!fs::is_regular_file(description.file, code)) {
    return failFile(ErrorCode::NotFound, description.file, fmt::format("{} names this file", path.string()), kRemedy);
  }
  return description;
}

}  // namespace

Result<EncoderDescription> readEncoderDescription(const fs::path& path) {
  constexpr std::uintmax_t kMaxBytes = 1 << 20;
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path, kMaxBytes));
  toml::table table;
  try {
    table = toml::parse(text, path.string());
  } catch (const toml::parse_error& error) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("line {}: {}", error.source().begin.line, error.description()),
                    kRemedy);
  }
  return read(table, path);
}

}  // namespace tagscape
