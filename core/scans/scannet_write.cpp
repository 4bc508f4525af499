#include "core/scans/scannet_write.h"

#include "core/base/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace tagscape {

using nlohmann::ordered_json;

Status writeSegments(const std::filesystem::path& path,
                     const std::string& scene_id,
                     std::span<const std::int64_t> segments) {
  const ordered_json parameters{{"kThresh", "0.010000"}, {"segMinVerts", "20"}};
  std::string text =
      fmt::format(R"({{"params":{},"sceneId":{},"segIndices":[)", parameters.dump(), ordered_json(scene_id).dump());
  for (std::size_t i = 0; i < segments.size(); ++i)
    fmt::format_to(std::back_inserter(text), "{}{}", i == 0 ? "" : ",", segments[i]);
  text += "]}";
  return writeFileAtomically(path, text);
}

Status writeAggregation(const std::filesystem::path& path,
                        const std::string& scene_id,
                        const std::vector<SegmentGroup>& groups) {
  ordered_json list = ordered_json::array();
  for (const auto& group : groups) {
    list.push_back(
        {{"id", list.size()}, {"objectId", list.size()}, {"segments", group.segments}, {"label", group.label}});
  }
  const ordered_json document{{"sceneId", "scannet." + scene_id},
                              {"appId", "Aggregator.v2"},
                              {"segGroups", list},
                              {"segmentsFile", "scannet." + scene_id + "_vh_clean_2.0.010000.segs.json"}};
  return writeFileAtomically(path, document.dump());
}

Status writeSceneText(const std::filesystem::path& path,
                      const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text;
  for (const auto& [key, value] : values) text += fmt::format("{} = {}\n", key, value);
  return writeFileAtomically(path, text);
}

Status writeLabelTable(const std::filesystem::path& path, const std::vector<LabelTableRow>& rows) {
  std::string text = "id\traw_category\tcategory\tnyu40id\tnyu40class\n";
  for (const auto& row : rows)
    text += fmt::format("{0}\t{1}\t{1}\t{2}\t{3}\n", row.id, row.raw_category, row.nyu40_id, row.nyu40_class);
  return writeFileAtomically(path, text);
}

}  // namespace tagscape
