#pragma once

#include "core/layouts/scan_layout.h"
#include "core/pipeline/check_scan.h"
#include "core/scene/scene.h"

#include <nlohmann/json.hpp>

namespace tagscape::cli {

/// The report of `tagscape info` about a scene: as JSON, and as text formatted from that JSON.
[[nodiscard]] nlohmann::json describeScene(const Scene& scene, const ScanLayout& layout);
[[nodiscard]] nlohmann::json describeCheck(const ScanCheck& check);

void printScene(const nlohmann::json& info);
void printCheck(const nlohmann::json& check);

}  // namespace tagscape::cli
