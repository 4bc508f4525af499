#pragma once

#include "core/base/job.h"
#include "core/exchange/exporter.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace tagscape {

/// What an export would write in one format.
struct PlannedFormat {
  const ExchangeFormat* format = nullptr;
  std::filesystem::path folder{};
  std::size_t num_files = 0;
  std::size_t num_replaced = 0;  ///< Files of this scene and format that an earlier export left there.
  std::string problem{};         ///< Why it cannot be written; empty if it can.
};

/// What Exporter::add would write, without writing anything: to be shown before. Files are counted by encoding the
/// scene with its first frames. Errors: as applyOptions; Cancelled. Cost: that of encoding the points and two frames.
[[nodiscard]] Result<std::vector<PlannedFormat>> planExport(const std::filesystem::path& folder,
                                                            const SharedScene& scene,
                                                            ExchangeLayer layer,
                                                            const ExportOptions& options,
                                                            const Job& job);

}  // namespace tagscape
