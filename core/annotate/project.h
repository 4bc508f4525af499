#pragma once

#include "core/annotate/class_set.h"
#include "core/annotate/label_layer.h"
#include "core/base/job.h"
#include "core/base/result.h"
#include "core/scene/point_labels.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape {

using SceneId = std::int64_t;
using LayerId = std::int64_t;
using EditId = std::int64_t;

/// Who declared something of a scene, and when; nobody if there is no name.
struct ProjectMark {
  std::string by;
  std::int64_t time_s = 0;  ///< Since 1970, UTC.

  [[nodiscard]] bool isSet() const { return !by.empty(); }
};

/// A scene of a project.
struct ProjectScene {
  SceneId id = 0;
  std::string name;
  std::filesystem::path path;  ///< Absolute. Kept relative to the project file, so that both may move together.
  std::string points_hash;     ///< Of the points that layers were made for, see pointsHash().
  std::size_t num_points = 0;
  std::size_t num_frames = 0;
  ProjectMark done, checked;
};

enum class LayerKind : std::uint8_t { Points, Frame };

/// A layer of labels, without the labels.
struct ProjectLayer {
  LayerId id = 0;
  SceneId scene = 0;
  LayerKind kind = LayerKind::Points;
  int frame_number = -1;  ///< Of a frame's layer.
  int width = 0;          ///< Of a frame's layer, px.
  int height = 0;
  std::size_t size = 0;  ///< Points, or pixels row by row.
  std::string name;
};

/// Who or what set labels. Labels refer to it by its row, LabelValue::source.
struct ProjectSource {
  LabelOrigin origin = LabelOrigin::Unknown;  ///< Edit for what a person did.
  std::string tool{};    ///< Of a person: "brush", "superpoint", "fill" …; of a machine: the method.
  int frame = -1;        ///< Labels were lifted from this frame.
  std::string model{};   ///< Which weights and options made it (SceneCams::origin).
  std::string author{};  ///< Of a person.

  [[nodiscard]] bool isPerson() const { return origin == LabelOrigin::Edit; }
  friend bool operator==(const ProjectSource&, const ProjectSource&) = default;
};

struct LayerChange {
  LayerId layer = 0;
  LabelDelta delta;
};

/// Tags of a scene or a frame before and after; nothing where none are given.
struct TagChange {
  std::optional<int> frame_number;  ///< None: of the scene.
  std::optional<ClassTags> before, after;
};

/// What one action of the user changes, all of one scene. Undone and redone as a whole.
struct ProjectEdit {
  SceneId scene = 0;
  std::string tool;         ///< As ProjectSource::tool.
  std::string text;         ///< For the list of edits: "chair, 1,204 points".
  double seconds = 0;       ///< The user's time since the edit before, as far as it counts as work.
  bool is_machine = false;  ///< A prediction, an import, a merge: no effort of the user's.
  std::vector<LayerChange> layers;
  std::vector<TagChange> tags;

  [[nodiscard]] bool isEmpty() const;
  [[nodiscard]] std::size_t numElements() const;  ///< Of all layers.
};

enum class EditState : std::uint8_t {
  Done,
  Undone,     ///< Can be redone.
  Discarded,  ///< Was undone, and something else was done after that.
};

/// An entry of the history.
struct EditRecord {
  EditId id = 0;
  SceneId scene = 0;
  std::string tool, text;
  std::string author;  ///< Empty for a machine.
  std::int64_t time_s = 0;
  double seconds = 0;
  std::size_t num_elements = 0;
  EditState state = EditState::Done;
};

/// An edit that was undone or redone: what to do to layers that are loaded.
struct HistoryStep {
  EditRecord record;
  ProjectEdit edit;
  bool is_undo = false;
};

struct ProjectEffort {
  std::size_t num_actions = 0;  ///< Edits that are done, without machines'.
  double seconds = 0;
  std::size_t num_elements = 0;  ///< Labels that they changed, counting each change.
};

/// SHA-256 of the points' positions, 64 hexadecimal digits. Cost: about 60 ms for a million points.
[[nodiscard]] std::string pointsHash(const Scene& scene);

/// Labels and tags of scenes, and how they came about, in one file: an SQLite database in WAL mode. Every change is in
/// the file when the function returns, so that a process that is killed loses at most the change in hand; a file is
/// never left half written.
///
/// One process at a time writes a project; for others it opens read-only. Memory does not grow with the history, which
/// stays in the file. Used by one thread at a time.
///
/// Errors of functions that write: NotWritable if the project is read-only, the disk full or gone: then nothing was
/// changed, and the same call may be made again later.
class Project {
 public:
  /// Makes a new file, open for writing. Errors: NotWritable; InvalidInput if there is a file of that name.
  [[nodiscard]] static Result<Project> create(const std::filesystem::path& path, const ClassSet& classes);
  /// Opens a file; where it cannot be written (see problem()) only for reading.
  /// Errors: NotFound; InvalidInput if it is no project or nothing of it can be read; Unsupported for a newer version.
  [[nodiscard]] static Result<Project> open(const std::filesystem::path& path);
  [[nodiscard]] static Result<Project> openReadOnly(const std::filesystem::path& path);
  Project(Project&&) noexcept;
  Project& operator=(Project&&) noexcept;
  ~Project();

  [[nodiscard]] const std::filesystem::path& path() const;
  [[nodiscard]] bool isReadOnly() const;
  /// Why it is read-only, with a remedy: another process has it, damage, permissions; empty if it is not.
  [[nodiscard]] const std::string& problem() const;
  /// A copy elsewhere, with the whole history; this one stays open. Replaced atomically.
  [[nodiscard]] Status saveCopy(const std::filesystem::path& path);

  [[nodiscard]] const ClassSet& classes() const;
  /// Renames, recolours or adds classes; labels keep their numbers.
  /// Errors: InvalidInput if there are fewer than before.
  [[nodiscard]] Status setClasses(const ClassSet& classes);
  /// Written into edits from now on. By default the user's login name.
  void setAuthor(std::string author);
  [[nodiscard]] const std::string& author() const;

  [[nodiscard]] std::vector<ProjectScene> scenes() const;
  [[nodiscard]] std::optional<ProjectScene> scene(SceneId id) const;
  /// The scene at this path, else the one with these points: it has moved.
  [[nodiscard]] std::optional<ProjectScene> findScene(const std::filesystem::path& path,
                                                      const std::string& points_hash) const;
  /// Adds a scene with its own tags, and keeps its points to the millimetre (up to kMaxKeptPoints), so that labels find
  /// their place if the cloud changes.
  /// @param positions  what encodePositions() gives for them, if that has been made already.
  [[nodiscard]] Result<ProjectScene> addScene(const Scene& scene,
                                              const std::string& points_hash,
                                              const std::vector<std::byte>& positions = {});
  [[nodiscard]] Status setScenePath(SceneId scene, const std::filesystem::path& path);
  [[nodiscard]] Status setDone(SceneId scene, bool is_done);
  [[nodiscard]] Status setChecked(SceneId scene, bool is_checked);
  /// Gives all layers of points of a scene the points of a cloud that has changed: each new point has the label of the
  /// nearest old one within `max_distance_m`. The scene's history ends here: what was done before cannot be undone.
  struct Remapping {
    std::size_t num_points = 0;  ///< Of the new cloud.
    std::size_t num_mapped = 0;  ///< Have an old point near enough.
    std::size_t num_moved = 0;   ///< Of these: it is more than 1 mm away.
  };
  [[nodiscard]] Result<Remapping> remapScene(
      SceneId id, const Scene& scene, const std::string& points_hash, float max_distance_m, const Job& job);
  static constexpr std::size_t kMaxKeptPoints = 4'000'000;

  [[nodiscard]] std::vector<ProjectLayer> layers(SceneId scene) const;
  /// The first layer of a scene's points, which tools edit.
  [[nodiscard]] std::optional<ProjectLayer> pointLayer(SceneId scene) const;
  [[nodiscard]] std::optional<ProjectLayer> frameLayer(SceneId scene, int frame_number) const;
  /// Without labels. @param layer  its id is ignored.
  [[nodiscard]] Result<ProjectLayer> addLayer(const ProjectLayer& layer);
  struct LoadedLayer {
    LabelLayer labels;
    std::vector<std::string> problems;  ///< Damaged records that were left out.
    std::int64_t revision = 0;          ///< Of the project, when it was read.
    std::vector<std::byte> snapshot;    ///< For keepSnapshot(), where many edits had to be gone through.
  };
  /// Cost: that of the latest snapshot and the edits since, about 0.2 s for 500,000 points and 10,000 edits.
  [[nodiscard]] Result<LoadedLayer> loadLayer(LayerId layer);
  /// Keeps what was loaded, so that the next time is faster. Nothing without LoadedLayer::snapshot.
  [[nodiscard]] Status keepSnapshot(LayerId layer, const LoadedLayer& loaded);
  /// Grows with each commit, undo and redo, by whichever process.
  [[nodiscard]] std::int64_t revision() const;

  [[nodiscard]] const std::vector<ProjectSource>& sources() const;  ///< The first is that of labels that nobody set.
  /// The row of a source, which is added if it is new.
  [[nodiscard]] Result<std::uint16_t> sourceRow(const ProjectSource& source);

  [[nodiscard]] std::optional<ClassTags> sceneTags(SceneId scene) const;
  [[nodiscard]] std::map<int, ClassTags> frameTags(SceneId scene) const;  ///< By frame number.

  /// Adds to the history; what was undone can no longer be redone. Cost: 1 to 3 ms, and 1 ms for 10,000 elements.
  [[nodiscard]] Result<EditId> commit(const ProjectEdit& edit);
  /// Takes back the latest edit that is done, of any scene; or does the earliest undone one again. Nothing if there is
  /// none.
  [[nodiscard]] Result<std::optional<HistoryStep>> undo();
  [[nodiscard]] Result<std::optional<HistoryStep>> redo();
  [[nodiscard]] bool canUndo() const;
  [[nodiscard]] bool canRedo() const;
  /// The latest edits, the latest first, without discarded ones.
  [[nodiscard]] std::vector<EditRecord> history(std::size_t max_edits) const;
  /// Edits of a scene since a time that changed labels or tags.
  [[nodiscard]] std::vector<EditRecord> editsSince(SceneId scene, std::int64_t time_s) const;
  [[nodiscard]] ProjectEffort effort() const;
  [[nodiscard]] ProjectEffort effort(SceneId scene) const;

 private:
  struct Impl;
  explicit Project(std::unique_ptr<Impl> impl);
  [[nodiscard]] Result<std::optional<HistoryStep>> step(bool is_undo);
  [[nodiscard]] Status checkWritable() const;

  std::unique_ptr<Impl> impl_;
};

/// A copy with everything that can still be read of a damaged project; edits that cannot are left out.
/// @return what was lost, in words; empty if nothing was. Errors: as Project::create and Project::openReadOnly.
[[nodiscard]] Result<std::vector<std::string>> repairProject(const std::filesystem::path& damaged,
                                                             const std::filesystem::path& copy);

/// Labels of a layer of points as exports and evaluation take them: in the classes of the catalogue of 20 (others
/// become none), confidence 0 … 1 and origin.
[[nodiscard]] PointLabels pointLabelsOf(const Project& project, const ProjectLayer& layer, const LabelLayer& labels);

/// The scene with the project's tags in place of its own.
[[nodiscard]] SharedScene withProjectTags(const SharedScene& scene, const Project& project, SceneId id);

}  // namespace tagscape
