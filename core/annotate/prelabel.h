#pragma once

#include "core/annotate/label_operations.h"
#include "core/annotate/project.h"

namespace tagscape {

/// Labels that a machine or another program made, as one edit of a layer that the user goes on from. A person's labels
/// are never changed.
/// @param labels   of the layer now.
/// @param offered  [size of the layer] in the classes of the catalogue of 20; those that the project's set lacks are
///                 left out. Its sources become sources of the project.
/// @param tool     how it was made, for the list of edits: "prediction", "import".
/// @param model    which weights and options, ProjectSource::model.
/// @param options  its `is_person` is filled in.
/// Errors: InvalidInput for labels of another number of points; those of Project::sourceRow. Nothing is committed.
[[nodiscard]] Result<ProjectEdit> prelabel(Project& project,
                                           const ProjectLayer& layer,
                                           const LabelLayer& labels,
                                           const PointLabels& offered,
                                           const std::string& tool,
                                           const std::string& model,
                                           ProposalOptions options);

/// [sources of the project] whether they are a person's.
[[nodiscard]] std::vector<bool> personSources(const Project& project);

}  // namespace tagscape
