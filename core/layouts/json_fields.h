#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

/// Fields of JSON documents of unknown content: nothing where there is none or it is of another kind.
namespace tagscape::layouts {

using nlohmann::json;

[[nodiscard]] inline const json* fieldIn(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}
[[nodiscard]] inline std::optional<double> numberIn(const json& object, const char* key) {
  const json* field = fieldIn(object, key);
  return field != nullptr && field->is_number() ? std::optional(field->get<double>()) : std::nullopt;
}
[[nodiscard]] inline std::string textIn(const json& object, const char* key) {
  const json* field = fieldIn(object, key);
  return field != nullptr && field->is_string() ? field->get<std::string>() : std::string();
}
/// A whole number from 1 to a million, else 0: a side of an image.
[[nodiscard]] inline int sideIn(const json& object, const char* key) {
  const double number = numberIn(object, key).value_or(0);
  constexpr double kMax = 1e6;
  return number >= 1 && number <= kMax ? static_cast<int>(number) : 0;
}
/// All numbers of a list, of lists in it too; nothing if something else is in it.
[[nodiscard]] inline std::optional<std::vector<double>> numbersOf(const json* list) {
  if (list == nullptr || !list->is_array()) return std::nullopt;
  std::vector<double> numbers;
  for (const json& entry : *list) {
    if (entry.is_number()) {
      numbers.push_back(entry.get<double>());
    } else if (entry.is_array()) {
      for (const json& inner : entry) {
        if (!inner.is_number()) return std::nullopt;
        numbers.push_back(inner.get<double>());
      }
    } else {
      return std::nullopt;
    }
  }
  return numbers;
}

}  // namespace tagscape::layouts
