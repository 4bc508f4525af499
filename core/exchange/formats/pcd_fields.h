#pragma once

#include "core/exchange/exchange_layer.h"
#include "core/exchange/foreign_labels.h"
#include "core/scene/scene.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace tagscape::formats {

/// A binary PCD 0.7: x y z (float; double where the scan has an offset), rgb packed as PCL does, label (the class's
/// id), instance and confidence. Source: the format's description in PCL's documentation.
[[nodiscard]] std::vector<std::byte> encodePcd(const Scene& scene, const ExchangeLayer& layer);

/// Labels, instances and confidences of a PCD of any program. Errors: as parsePcd; InvalidInput if no field holds
/// labels.
[[nodiscard]] Result<ForeignLabels> readPcdFields(std::span<const std::byte> bytes, const std::filesystem::path& file);

}  // namespace tagscape::formats
