#pragma once

#include "core/exchange/exporter.h"

namespace tagscape {

/// What of a layer a format gets: points, frames or both, as the format holds them and the options ask for them.
/// @param layer  after the options; must outlive the result.
/// Errors: InvalidInput if that is nothing.
[[nodiscard]] Result<ExportScene> exportPart(const ExchangeFormat& format,
                                             const SharedScene& scene,
                                             const ExchangeLayer& layer,
                                             const ExportOptions& options);

}  // namespace tagscape
