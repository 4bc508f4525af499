#pragma once

#include "core/base/result.h"
#include "core/clouds/cloud_content.h"
#include "core/scans/label_images.h"
#include "core/scene/scene.h"

#include <filesystem>

namespace tagscape {

/// A mesh or point cloud as a scene without frames, with the labels that the file has; see point_file.h and
/// label_columns.h. Errors: those of readPointFile.
[[nodiscard]] Result<Scene> readPointScene(const std::filesystem::path& path, LabelIds ids);

/// Gives a scene its mesh, with offset (which poses follow), and label columns; what was left out or guessed becomes
/// warnings. @param file  where it comes from, for these.   @param ids  what the ids of its labels are.
void attachCloud(CloudContent content, const std::filesystem::path& file, LabelIds ids, Scene& scene);

}  // namespace tagscape
