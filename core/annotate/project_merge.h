#pragma once

#include "core/annotate/project.h"

namespace tagscape {

/// What to do where two people disagree.
enum class ConflictRule : std::uint8_t {
  KeepOurs,
  TakeTheirs,
  Clear,  ///< The point loses its label, so that a third person decides.
};

/// What merging one scene did.
struct MergedScene {
  std::string name;
  std::size_t num_taken = 0;      ///< Labels of points that only they had, or that replace a machine's.
  std::size_t num_agreeing = 0;   ///< Labels of people on both sides that are the same.
  std::size_t num_conflicts = 0;  ///< Labels of people that differ.
  std::map<std::pair<std::string, std::string>, std::size_t> conflicts;  ///< By classes: ours, theirs.
  std::size_t num_tags_taken = 0;                                        ///< Of the scene and frames that had none.
  std::vector<std::string> tag_conflicts;                                ///< "frame 12: ours chair, theirs sofa".
};

struct MergeReport {
  std::vector<MergedScene> scenes;
  std::vector<std::string> problems;  ///< Scenes that could not be merged, with the reason.
};

/// Brings labels and tags of another annotator's project into `ours`, scene by scene (by points, else by name), as one
/// edit each that can be undone. Classes are matched by name. A person's label wins over a machine's.
/// Errors: as Project::commit; InvalidInput if classes of theirs are missing in ours, naming them.
[[nodiscard]] Result<MergeReport> mergeProjects(Project& ours, Project& theirs, ConflictRule rule, const Job& job);

}  // namespace tagscape
