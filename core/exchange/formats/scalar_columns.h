#pragma once

#include "core/clouds/cloud_content.h"
#include "core/exchange/exchange_layer.h"
#include "core/exchange/foreign_labels.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tagscape::formats {

/// Columns scalar_Classification, scalar_Confidence and, where the layer has them, scalar_Instance and scalar_Origin (a
/// LabelOrigin). CloudCompare shows them as scalar fields of these names without the prefix.
void addScalars(const ExchangeLayer& layer, std::map<std::string, std::vector<float>>& scalars);

/// Labels in the columns of a cloud: the first that is named like classes, with those named like instances and
/// confidences, whoever wrote them ("scalar_CAM" is the confidence in files of earlier versions).
/// Errors: InvalidInput naming the columns that are there if none holds labels.
[[nodiscard]] Result<ForeignLabels> labelsOfScalars(CloudContent content, const std::filesystem::path& file);

}  // namespace tagscape::formats
