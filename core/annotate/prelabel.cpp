#include "core/annotate/prelabel.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape {

std::vector<bool> personSources(const Project& project) {
  std::vector<bool> is_person;
  for (const ProjectSource& source : project.sources()) is_person.push_back(source.isPerson());
  return is_person;
}

Result<ProjectEdit> prelabel(Project& project,
                             const ProjectLayer& layer,
                             const LabelLayer& labels,
                             const PointLabels& offered,
                             const std::string& tool,
                             const std::string& model,
                             ProposalOptions options) {
  if (offered.size() != labels.size()) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("{}: labels of {} points, but the scene of the project has {}. Use labels of the same cloud",
                    offered.name(),
                    offered.size(),
                    labels.size()));
  }
  std::vector<std::uint16_t> rows;
  for (const LabelSource& source : offered.sources()) {
    const int frame = source.origin == LabelOrigin::LiftedFrame ? source.number : -1;
    TAGSCAPE_ASSIGN(const std::uint16_t row, project.sourceRow({source.origin, tool, frame, model, {}}));
    rows.push_back(row);
  }
  const auto classes = classesOfCatalog(project.classes());
  constexpr float kFull = 255;
  std::vector<LabelValue> values(offered.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const PointLabel label = offered.at(i);
    if (label.label == kNoClass) continue;
    const auto confidence = static_cast<std::uint8_t>(std::lround(std::min(1.F, label.confidence) * kFull));
    values[i] = {classes[label.label], confidence, 0, rows[label.source]};
  }
  options.is_person = personSources(project);
  ProjectEdit edit;
  edit.scene = layer.scene;
  edit.tool = tool;
  edit.is_machine = true;
  edit.layers = {{layer.id, propose(labels, values, options)}};
  edit.text = fmt::format("{}, {}", offered.name(), offered.provenance());
  return edit;
}

}  // namespace tagscape
