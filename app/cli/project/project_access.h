#pragma once

#include "core/annotate/project.h"
#include "core/base/job.h"
#include "core/pipeline/open_scene.h"

#include <string>

namespace tagscape::cli {

/// Errors: those of Project::open; NotWritable if it can only be read.
[[nodiscard]] Result<Project> openForWriting(const std::string& path);

/// The scene of a name or path; without one, the only scene. Errors: InvalidInput naming the scenes there are.
[[nodiscard]] Result<ProjectScene> sceneNamed(const Project& project, const std::string& name);

/// Opens the scan of a scene with the cloud that its labels were made for.
/// Errors: those of openScene; InvalidInput if its points have changed.
[[nodiscard]] Result<SharedScene> openProjectScene(const ProjectScene& scene,
                                                   const OpenOptions& options,
                                                   const Job& job);

/// Adds a scan unless it is there. @return whether it was added.
[[nodiscard]] Result<bool> addScan(Project& project,
                                   const std::string& path,
                                   const OpenOptions& options,
                                   const Job& job);

}  // namespace tagscape::cli
