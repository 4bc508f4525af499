#pragma once

#include "core/scene/tags.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace tagscape::cli {

inline void printJson(const nlohmann::json& value) {
  std::puts(value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

inline std::vector<std::string> tagNames(const TagSet& tags) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i]) names.emplace_back(classCatalog()[i].name);
  }
  return names;
}

}  // namespace tagscape::cli
