#pragma once

// Private to this module.

#include "core/annotate/database.h"
#include "core/annotate/project.h"
#include "core/annotate/project_lock.h"

namespace tagscape {

inline constexpr std::int64_t kProjectVersion = 1;
inline constexpr std::int64_t kProjectApplication = 0x54414753;  ///< "TAGS", by which `file` knows a project.
inline constexpr std::int64_t kSceneTagsRow = -1;                ///< In place of a frame number.

struct Project::Impl {
  Database database;
  std::filesystem::path path;
  std::optional<ProjectLock> lock;
  std::string problem;
  std::string author;
  ClassSet classes;
  std::vector<ProjectSource> sources;

  [[nodiscard]] Status readAll();
  [[nodiscard]] Status readSources();
  [[nodiscard]] std::vector<ProjectLayer> layersWhere(std::string_view condition, std::int64_t value);
  [[nodiscard]] Status writeTags(SceneId scene, std::int64_t row, const std::optional<ClassTags>& tags);
  [[nodiscard]] std::map<std::int64_t, ClassTags> readTags(SceneId scene);
  [[nodiscard]] std::vector<EditRecord> records(std::string_view condition, std::initializer_list<SqlValue> values);
  [[nodiscard]] Result<ProjectEdit> readEdit(const EditRecord& record);
  [[nodiscard]] std::filesystem::path relativePath(const std::filesystem::path& scene) const;
};

/// "0 5 7": the numbers of the classes.
[[nodiscard]] std::string tagsText(const ClassTags& tags);
[[nodiscard]] ClassTags tagsFromText(const std::string& text);
[[nodiscard]] LabelOrigin originNamed(const std::string& name);
[[nodiscard]] std::int64_t nowInSeconds();
/// The tables of a project, empty.
[[nodiscard]] const std::string& projectSchema();

}  // namespace tagscape
