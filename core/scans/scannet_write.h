#pragma once

#include "core/base/result.h"
#include "core/scans/scannet_labels.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// Writers of ScanNet's own text files, each the counterpart of a reader in scannet_labels.h. Replaced atomically.
/// Errors of all: NotWritable.

/// A .segs.json: the segment of every vertex.
[[nodiscard]] Status writeSegments(const std::filesystem::path& path,
                                   const std::string& scene_id,
                                   std::span<const std::int64_t> segments);

/// An .aggregation.json: objects by their raw categories; a group's position is its objectId.
[[nodiscard]] Status writeAggregation(const std::filesystem::path& path,
                                      const std::string& scene_id,
                                      const std::vector<SegmentGroup>& groups);

/// A scene's .txt: "key = value" lines in the given order.
[[nodiscard]] Status writeSceneText(const std::filesystem::path& path,
                                    const std::vector<std::pair<std::string, std::string>>& values);

/// A row of scannetv2-labels.combined.tsv.
struct LabelTableRow {
  int id = 0;
  std::string raw_category;
  int nyu40_id = 0;
  std::string nyu40_class;
};
[[nodiscard]] Status writeLabelTable(const std::filesystem::path& path, const std::vector<LabelTableRow>& rows);

}  // namespace tagscape
