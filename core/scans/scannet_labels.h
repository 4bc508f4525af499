#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// What ScanNet's categories are in NYU40: scannetv2-labels.combined.tsv. 0 means unannotated.
class LabelMap {
 public:
  /// Columns are found by their titles (id, raw_category, nyu40id); others are not looked at.
  /// Errors: NotFound; InvalidInput naming the line, or the title that is missing.
  [[nodiscard]] static Result<LabelMap> read(const std::filesystem::path& path);
  [[nodiscard]] static Result<LabelMap> parse(std::string_view text, const std::filesystem::path& name);
  /// A small map for scans that come without the file: the names of NYU40 and a few frequent categories. It knows no
  /// raw ids, so label images with raw ids need the file.
  [[nodiscard]] static const LabelMap& builtIn();

  [[nodiscard]] std::optional<int> nyu40OfCategory(std::string_view raw_category) const;
  [[nodiscard]] std::optional<int> nyu40OfId(int raw_id) const;
  [[nodiscard]] bool knowsIds() const { return !by_id_.empty(); }

 private:
  std::map<std::string, int, std::less<>> by_category_;
  std::map<int, int> by_id_;
};

/// Finds scannetv2-labels.combined.tsv in `folder` or up to three folders above it.
[[nodiscard]] std::optional<std::filesystem::path> findLabelMap(const std::filesystem::path& folder);

/// `segIndices` of a .segs.json: the segment of every vertex. The document is not kept: a million numbers take their
/// own size. Errors: NotFound; InvalidInput naming the byte, or if there is no list of whole numbers of this name.
[[nodiscard]] Result<std::vector<std::int64_t>> readSegments(const std::filesystem::path& path);
[[nodiscard]] Result<std::vector<std::int64_t>> parseSegments(std::string_view text, const std::filesystem::path& name);

/// An object of an .aggregation.json.
struct SegmentGroup {
  std::string label;  ///< Raw category.
  std::vector<std::int64_t> segments;
};

/// Errors: NotFound; InvalidInput naming the byte or the group that lacks a label or segments.
[[nodiscard]] Result<std::vector<SegmentGroup>> readAggregation(const std::filesystem::path& path);
[[nodiscard]] Result<std::vector<SegmentGroup>> parseAggregation(std::string_view text,
                                                                 const std::filesystem::path& name);

/// NYU40 ids of vertices from their segments: the category of the group that owns the segment, later groups over
/// earlier ones, 0 where none does or the map does not know the category (those are added to `unknown`).
/// Source: the rule of ScanNet's own export of training meshes.
[[nodiscard]] std::vector<std::uint16_t> nyu40OfSegments(std::span<const std::int64_t> segments,
                                                         const std::vector<SegmentGroup>& groups,
                                                         const LabelMap& map,
                                                         std::vector<std::string>& unknown);

/// Class index of a NYU40 id, kNoClass for those that are not one of the 20.
[[nodiscard]] std::uint8_t classOfNyu40(std::uint16_t nyu40_id);

/// The key = value lines of a scene's .txt. Lines without "=" are not looked at. All keys are optional in it.
[[nodiscard]] std::map<std::string, std::string> parseSceneText(std::string_view text);

}  // namespace tagscape
