#include "core/annotate/project_merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tagscape {
namespace {

bool isPersons(const Project& project, const LabelValue& value) {
  return value.source < project.sources().size() && project.sources()[value.source].isPerson();
}

std::string nameOfClass(const ClassSet& classes, std::uint8_t label) {
  return label < classes.size() ? classes.classes[label].name : "none";
}

std::string namesOf(const ClassSet& classes, const ClassTags& tags) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (tags[i]) names.push_back(classes.classes[i].name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Merges one scene of two projects.
class SceneMerger {
 public:
  SceneMerger(Project& ours, Project& theirs, ConflictRule rule, const std::vector<std::uint8_t>& class_of)
      : ours_(ours), theirs_(theirs), rule_(rule), class_of_(class_of) {}

  Result<MergedScene> merge(const ProjectScene& our_scene, const ProjectScene& their_scene) {
    merged_ = {};
    merged_.name = our_scene.name;
    edit_ = {};
    edit_.scene = our_scene.id;
    edit_.tool = "merge";
    edit_.is_machine = true;
    TAGSCAPE_TRY(mergePoints(our_scene, their_scene));
    mergeTags(our_scene, their_scene);
    edit_.text = fmt::format(
        "{}: {} labels, {} conflicts", theirs_.path().filename().string(), merged_.num_taken, merged_.num_conflicts);
    if (!edit_.isEmpty()) TAGSCAPE_TRY(ours_.commit(edit_));
    return merged_;
  }

 private:
  Status mergePoints(const ProjectScene& our_scene, const ProjectScene& their_scene) {
    const auto our_layer = ours_.pointLayer(our_scene.id);
    const auto their_layer = theirs_.pointLayer(their_scene.id);
    if (!our_layer || !their_layer) return {};
    TAGSCAPE_ASSIGN(const auto our_labels, ours_.loadLayer(our_layer->id));
    TAGSCAPE_ASSIGN(const auto their_labels, theirs_.loadLayer(their_layer->id));
    LabelDelta delta;
    for (std::size_t i = 0; i < our_labels.labels.size(); ++i) {
      const LabelValue before = our_labels.labels.at(i);
      TAGSCAPE_ASSIGN(const LabelValue after, decide(before, their_labels.labels.at(i)));
      if (after == before) continue;
      delta.elements.push_back(static_cast<std::uint32_t>(i));
      delta.before.push_back(before);
      delta.after.push_back(after);
    }
    if (!delta.isEmpty()) edit_.layers.push_back({our_layer->id, std::move(delta)});
    return {};
  }

  Result<LabelValue> decide(const LabelValue& ours, const LabelValue& their) {
    if (their.label == kNoClass) return ours;
    TAGSCAPE_ASSIGN(const LabelValue theirs, translated(their));
    const bool is_ours = ours.label != kNoClass && isPersons(ours_, ours);
    const bool is_theirs = isPersons(theirs_, their);
    if (is_ours && is_theirs) {
      if (ours.label == theirs.label) {
        ++merged_.num_agreeing;
        return ours;
      }
      ++merged_.num_conflicts;
      ++merged_.conflicts[{nameOfClass(ours_.classes(), ours.label), nameOfClass(ours_.classes(), theirs.label)}];
      if (rule_ == ConflictRule::Clear) return LabelValue{};
      return rule_ == ConflictRule::TakeTheirs ? theirs : ours;
    }
    if (ours.label != kNoClass && (is_ours || !is_theirs)) return ours;
    ++merged_.num_taken;
    return theirs;
  }

  /// In our numbers of classes and sources.
  Result<LabelValue> translated(LabelValue value) {
    value.label = class_of_[value.label];
    if (value.source >= theirs_.sources().size()) value.source = 0;
    if (value.source >= row_of_.size()) row_of_.resize(theirs_.sources().size());
    auto& row = row_of_[value.source];
    if (!row) {
      TAGSCAPE_ASSIGN(row, ours_.sourceRow(theirs_.sources()[value.source]));
    }
    value.source = *row;
    return value;
  }

  [[nodiscard]] ClassTags translated(const ClassTags& tags) const {
    ClassTags result;
    for (std::size_t i = 0; i < class_of_.size(); ++i) {
      if (tags[i] && class_of_[i] != kNoClass) result.set(class_of_[i]);
    }
    return result;
  }

  void mergeTags(const ProjectScene& our_scene, const ProjectScene& their_scene) {
    const auto take = [&](const std::optional<int>& frame, const std::optional<ClassTags>& ours, const ClassTags& raw) {
      const ClassTags theirs = translated(raw);
      if (ours == theirs) return;
      if (!ours || rule_ == ConflictRule::TakeTheirs) {
        edit_.tags.push_back({frame, ours, theirs});
        ++merged_.num_tags_taken;
      }
      if (ours) {
        merged_.tag_conflicts.push_back(fmt::format("{}: ours {}; theirs {}",
                                                    frame ? fmt::format("frame {}", *frame) : "scene",
                                                    namesOf(ours_.classes(), *ours),
                                                    namesOf(ours_.classes(), theirs)));
      }
    };
    if (const auto tags = theirs_.sceneTags(their_scene.id)) take({}, ours_.sceneTags(our_scene.id), *tags);
    const auto our_frames = ours_.frameTags(our_scene.id);
    for (const auto& [frame, tags] : theirs_.frameTags(their_scene.id)) {
      const auto found = our_frames.find(frame);
      take(frame, found == our_frames.end() ? std::nullopt : std::optional(found->second), tags);
    }
  }

  Project& ours_;
  Project& theirs_;
  ConflictRule rule_;
  const std::vector<std::uint8_t>& class_of_;
  std::vector<std::optional<std::uint16_t>> row_of_;
  MergedScene merged_;
  ProjectEdit edit_;
};

const ProjectScene* counterpart(const std::vector<ProjectScene>& scenes, const ProjectScene& wanted) {
  for (const ProjectScene& scene : scenes) {
    if (scene.points_hash == wanted.points_hash) return &scene;
  }
  for (const ProjectScene& scene : scenes) {
    if (scene.name == wanted.name) return &scene;
  }
  return nullptr;
}

Result<std::vector<std::uint8_t>> matchClasses(const ClassSet& ours, const ClassSet& theirs) {
  std::vector<std::uint8_t> class_of;
  std::vector<std::string> missing;
  for (const LabelClass& label_class : theirs.classes) {
    const auto found = ours.find(label_class.name);
    if (!found) missing.push_back(label_class.name);
    class_of.push_back(found.value_or(kNoClass));
  }
  if (missing.empty()) return class_of;
  return fail(ErrorCode::InvalidInput,
              fmt::format("The other project has classes that this one lacks: {}. Add them to this one's class set",
                          fmt::join(missing, ", ")));
}

}  // namespace

Result<MergeReport> mergeProjects(Project& ours, Project& theirs, ConflictRule rule, const Job& job) {
  TAGSCAPE_ASSIGN(const auto class_of, matchClasses(ours.classes(), theirs.classes()));
  MergeReport report;
  SceneMerger merger(ours, theirs, rule, class_of);
  const auto our_scenes = ours.scenes();
  for (const ProjectScene& their_scene : theirs.scenes()) {
    TAGSCAPE_TRY(job.checkStop("Merging projects"));
    const ProjectScene* our_scene = counterpart(our_scenes, their_scene);
    if (!our_scene) {
      report.problems.push_back(
          fmt::format("{}: this project does not have it. Add it with `tagscape project add`", their_scene.name));
    } else if (our_scene->num_points != their_scene.num_points) {
      report.problems.push_back(fmt::format("{}: {} points here, {} there. Open both with the same cloud first",
                                            their_scene.name,
                                            our_scene->num_points,
                                            their_scene.num_points));
    } else {
      TAGSCAPE_ASSIGN(MergedScene merged, merger.merge(*our_scene, their_scene));
      report.scenes.push_back(std::move(merged));
    }
  }
  return report;
}

}  // namespace tagscape
