#pragma once

#include "core/annotate/label_geometry.h"
#include "core/annotate/label_operations.h"
#include "core/annotate/project.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tagscape {

/// What tools paint with, and how.
struct LabelSettings {
  std::uint8_t label = 0;  ///< Class of the project.
  std::uint16_t instance = 0;
  bool only_unlabelled = false;
  ClassTags protected_classes{};
  bool is_through = false;  ///< What lies behind the visible points, too.
  int brush_px = 20;        ///< Radius on screen, logical pixels; without meaning while brush_m is set.
  float brush_m = 0;        ///< Radius in the world; 0: brush_px counts.
  std::size_t level = 1;    ///< Of superpoints, from small to large.
};

/// Edits the labels and tags of the open scene in a project: every edit is in the file when its function returns. What
/// the place refuses (a full disk) is kept and tried again until it is written. Keeps the document's labels and tags as
/// the project has them; a change of the document's tags by the user becomes an edit.
/// Its sources: label_editor.cpp (settings, signals), label_editor_edits.cpp, label_editor_project.cpp. Owned by the
/// GUI thread, on which nothing but undoing goes through all points.
class LabelEditor : public QObject {
  Q_OBJECT

 public:
  explicit LabelEditor(Document& document, QObject* parent = nullptr);
  ~LabelEditor() override;

  // The project.
  void createProject(const std::filesystem::path& path, const ClassSet& classes);
  void openProject(const std::filesystem::path& path);
  void closeProject();
  [[nodiscard]] Status saveCopy(const std::filesystem::path& path);
  [[nodiscard]] bool isOpen() const { return project_.has_value(); }
  [[nodiscard]] bool isReadOnly() const { return project_ && project_->isReadOnly(); }
  [[nodiscard]] const Project* project() const { return project_ ? &*project_ : nullptr; }
  /// The open scene in the project; nothing before the first edit of a new one.
  [[nodiscard]] const std::optional<ProjectScene>& scene() const { return scene_; }
  /// Whether the labels of the open scene are there and may be changed.
  [[nodiscard]] bool canEdit() const { return layer_ && project_ && !project_->isReadOnly(); }
  /// Whether labels or what tools need of the scene are being made.
  [[nodiscard]] bool isBusy() const { return loader_.isBusy() || geometry_runner_.isBusy(); }
  /// Brings labels to a cloud that changed since, after cloudChanged().
  void remapScene();
  void setDone(bool is_done);
  void setChecked(bool is_checked);
  [[nodiscard]] Status writeTagsFile() const;  ///< tags.json in the scan's folder.

  // What is painted with.
  [[nodiscard]] const LabelSettings& settings() const { return settings_; }
  void setSettings(const LabelSettings& settings);
  void chooseClass(std::uint8_t label);
  /// The class with this key. @return whether there is one.
  bool chooseKey(const QString& key);
  void newInstance();

  // Edits; each is one entry of the history.
  void paint(const std::vector<std::uint32_t>& points, const QString& tool);
  void erase(const std::vector<std::uint32_t>& points, const QString& tool);
  /// A stroke grows by each addToStroke(), shows at once, and is one edit when it ends.
  void beginStroke(bool erases, const QString& tool);
  void addToStroke(const std::vector<std::uint32_t>& points);
  void endStroke();
  void cancelStroke();
  [[nodiscard]] bool isInStroke() const { return stroke_.has_value(); }
  void fillFrom(std::uint32_t point);
  void replaceClass(std::uint8_t from);  ///< By the chosen one.
  void growClass();
  void shrinkClass();
  void numberInstances();
  /// What a machine said of these points becomes the user's word.
  void accept(const std::vector<std::uint32_t>& points);
  void takePrediction(const ProposalOptions& options);
  [[nodiscard]] bool canUndo() const;
  [[nodiscard]] bool canRedo() const;
  void undo();
  void redo();
  /// Undoes or redoes until this edit is the latest that is done.
  void goTo(EditId edit);
  [[nodiscard]] std::vector<EditRecord> history() const;

  // Tags of frames.
  void copyTagsFromFrameBefore();
  void applyTagsToFrames(int first_index, int last_index);  ///< Those of the current frame; in Scene::frames.
  [[nodiscard]] int numTaggedFrames() const;
  [[nodiscard]] std::optional<int> nextUntaggedFrame() const;

  // What is where.
  [[nodiscard]] const LabelLayer* layer() const { return layer_.get(); }
  /// Null while it is being made.
  [[nodiscard]] const LabelGeometry* geometry() const { return geometry_.get(); }
  /// The points of the superpoint of a point at the chosen level; empty while they are being made.
  [[nodiscard]] std::vector<std::uint32_t> superpointOf(std::uint32_t point) const;
  [[nodiscard]] LabelBrush brush() const;
  /// The next point without a label after the one found last, going round.
  [[nodiscard]] std::optional<std::uint32_t> nextUnlabelled();
  /// How many edits wait to be written.
  [[nodiscard]] std::size_t numPending() const { return pending_.size(); }

  /// Asked before an edit that leaves far fewer labels; true goes on. By default nobody is asked.
  void setConfirm(std::function<bool(const QString& question)> confirm) { confirm_ = std::move(confirm); }

 Q_SIGNALS:
  void projectChanged();  ///< Opened, closed, or another scene of it is shown.
  void settingsChanged();
  void historyChanged();
  void labelsChanged();  ///< Counts may be others.
  void tagsChanged();
  /// The cloud of the open scene is not the one that was labelled.
  void cloudChanged(const QString& scene, quint64 num_points_then, quint64 num_points_now);
  void remapped(quint64 num_mapped, quint64 num_points);
  void storageFailed(const QString& message);  ///< Once, until it works again.
  void storageRecovered();
  void failed(const QString& title, const QString& message);

 private:
  struct Attached;  // What a worker found out of the open scene.
  struct Stroke {
    bool erases = false;
    QString tool;
    LabelDelta delta;  // In the order of the stroke.
  };

  void adopt(Result<Project> project, const QString& title);
  void attachScene();
  void attached(Result<Attached> found);
  void makeGeometry();
  void showLabels(std::shared_ptr<LabelLayer> layer);
  [[nodiscard]] Status ensureScene();
  [[nodiscard]] std::uint16_t sourceOf(const QString& tool);
  [[nodiscard]] bool mayCommit(const LabelDelta& delta);
  /// @return whether it was made: the user may have said no.
  bool commitDelta(LabelDelta delta, const QString& tool, bool is_machine = false, const QString& text = {});
  void commitEdit(ProjectEdit edit);
  void write();
  void step(bool is_undo);
  void applied(const ProjectEdit& edit, bool is_undo);
  void announce(const std::vector<std::uint32_t>& points);
  [[nodiscard]] QString describe(const LabelDelta& delta) const;
  [[nodiscard]] double secondsOfWork();
  void followTags();
  void showTags();
  [[nodiscard]] bool isFrameTagged(const std::map<int, ClassTags>& kept, int index) const;
  [[nodiscard]] std::optional<ClassTags> changedTags(const std::optional<ClassTags>& before, const TagSet& now) const;

  Document& document_;
  LabelSettings settings_;
  std::optional<Project> project_;
  std::optional<ProjectScene> scene_;
  std::optional<ProjectLayer> of_layer_;
  std::shared_ptr<LabelLayer> layer_;
  std::shared_ptr<const LabelGeometry> geometry_;
  SharedScene geometry_scene_;
  std::string points_hash_;                 // Of the open scene.
  std::vector<std::byte> scene_positions_;  // For addScene, made by the worker.
  std::map<QString, std::uint16_t> source_rows_;
  std::optional<Stroke> stroke_;
  std::deque<ProjectEdit> pending_;
  bool is_storage_failing_ = false;
  bool shows_tags_ = false;  // The document's tags change because the project's did.
  std::uint32_t last_unlabelled_ = 0;
  QTimer retry_;
  QElapsedTimer since_edit_;
  std::function<bool(const QString&)> confirm_;
  JobRunner loader_;
  JobRunner geometry_runner_{JobRunner::Priority::Low};
};

}  // namespace tagscape
