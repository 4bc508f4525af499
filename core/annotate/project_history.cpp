// Edits of a project: commit, undo, redo, and how layers come from them.

#include "core/annotate/label_codec.h"
#include "core/annotate/project_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::size_t kManyEdits = 200;  ///< After so many a snapshot is worth its room.

std::size_t countOf(std::int64_t number) { return static_cast<std::size_t>(std::max<std::int64_t>(0, number)); }

EditState stateOf(std::int64_t number) {
  return number == 0 ? EditState::Done : (number == 1 ? EditState::Undone : EditState::Discarded);
}

/// NULL for none.
std::optional<std::string> textOf(const std::optional<ClassTags>& tags) {
  return tags ? std::optional(tagsText(*tags)) : std::nullopt;
}

SqlValue valueOf(const std::optional<std::string>& text) {
  return text ? SqlValue(std::string_view(*text)) : SqlValue(nullptr);
}

std::optional<ClassTags> tagsAt(const SqlRow& row, int column) {
  return row.isNull(column) ? std::nullopt : std::optional(tagsFromText(row.text(column)));
}

}  // namespace

bool ProjectEdit::isEmpty() const {
  return tags.empty() &&
         std::all_of(layers.begin(), layers.end(), [](const LayerChange& change) { return change.delta.isEmpty(); });
}

std::size_t ProjectEdit::numElements() const {
  std::size_t count = 0;
  for (const LayerChange& change : layers) count += change.delta.size();
  return count;
}

Result<EditId> Project::commit(const ProjectEdit& edit) {
  TAGSCAPE_TRY(checkWritable());
  for (const LayerChange& change : edit.layers) {
    const auto found = impl_->layersWhere("id = ?", change.layer);
    const bool fits = !found.empty() && found.front().scene == edit.scene &&
                      (change.delta.isEmpty() || change.delta.elements.back() < found.front().size);
    if (!fits) throw std::logic_error("Project: an edit of a layer that the scene does not have");
  }
  EditId id = 0;
  const auto write = [&]() -> Status {
    Database& database = impl_->database;
    const std::string author = edit.is_machine ? std::string() : impl_->author;
    TAGSCAPE_TRY(database.run("UPDATE edits SET state = 2 WHERE state = 1"));
    TAGSCAPE_TRY(database.run(
        "INSERT INTO edits(scene, tool, text, author, time_s, seconds, num_elements, state) VALUES(?,?,?,?,?,?,?,0)",
        {edit.scene,
         std::string_view(edit.tool),
         std::string_view(edit.text),
         std::string_view(author),
         nowInSeconds(),
         edit.seconds,
         static_cast<std::int64_t>(edit.numElements())}));
    id = database.lastInsertedRow();
    for (const LayerChange& change : edit.layers) {
      const auto bytes = encodeDelta(change.delta);
      TAGSCAPE_TRY(database.run("INSERT INTO deltas VALUES(?, ?, ?)", {id, change.layer, std::span(bytes)}));
    }
    for (const TagChange& change : edit.tags) {
      const std::int64_t row = change.frame_number.value_or(kSceneTagsRow);
      const auto before = textOf(change.before), after = textOf(change.after);
      TAGSCAPE_TRY(
          database.run("INSERT INTO tag_changes VALUES(?, ?, ?, ?)", {id, row, valueOf(before), valueOf(after)}));
      TAGSCAPE_TRY(impl_->writeTags(edit.scene, row, change.after));
    }
    return database.run("INSERT INTO log(edit, is_undo) VALUES(?, 0)", {id});
  };
  TAGSCAPE_TRY(impl_->database.transaction(write));
  return id;
}

std::vector<EditRecord> Project::Impl::records(std::string_view condition, std::initializer_list<SqlValue> values) {
  std::vector<EditRecord> records;
  const std::string sql = fmt::format(
      "SELECT id, scene, tool, text, author, time_s, seconds, num_elements, state FROM edits WHERE {}", condition);
  (void)database.each(sql, values, [&](const SqlRow& row) {
    EditRecord record;
    record.id = row.integer(0);
    record.scene = row.integer(1);
    record.tool = row.text(2);
    record.text = row.text(3);
    record.author = row.text(4);
    record.time_s = row.integer(5);
    record.seconds = row.number(6);
    record.num_elements = countOf(row.integer(7));
    record.state = stateOf(row.integer(8));
    records.push_back(std::move(record));
    return Status();
  });
  return records;
}

Result<ProjectEdit> Project::Impl::readEdit(const EditRecord& record) {
  ProjectEdit edit{record.scene, record.tool, record.text, record.seconds, record.author.empty(), {}, {}};
  const auto of_layers = [&](const SqlRow& row) -> Status {
    const auto layer = layersWhere("id = ?", row.integer(0));
    if (layer.empty()) return {};
    auto delta = decodeDelta(row.blob(1), layer.front().size);
    if (!delta) {
      return failFile(ErrorCode::InvalidInput,
                      path,
                      fmt::format("edit {}: {}", record.id, delta.error().message),
                      "Repair a copy of it: tagscape project repair FILE --out COPY");
    }
    edit.layers.push_back({row.integer(0), std::move(*delta)});
    return {};
  };
  TAGSCAPE_TRY(database.each("SELECT layer, data FROM deltas WHERE edit = ?", {record.id}, of_layers));
  TAGSCAPE_TRY(
      database.each("SELECT frame, before, after FROM tag_changes WHERE edit = ?", {record.id}, [&](const SqlRow& row) {
        TagChange change;
        if (row.integer(0) != kSceneTagsRow) change.frame_number = static_cast<int>(row.integer(0));
        change.before = tagsAt(row, 1);
        change.after = tagsAt(row, 2);
        edit.tags.push_back(change);
        return Status();
      }));
  return edit;
}

Result<std::optional<HistoryStep>> Project::step(bool is_undo) {
  TAGSCAPE_TRY(checkWritable());
  auto found = impl_->records(is_undo ? "state = 0 ORDER BY id DESC LIMIT 1" : "state = 1 ORDER BY id ASC LIMIT 1", {});
  if (found.empty()) return std::nullopt;
  HistoryStep step{std::move(found.front()), {}, is_undo};
  TAGSCAPE_ASSIGN(step.edit, impl_->readEdit(step.record));
  const auto write = [&]() -> Status {
    TAGSCAPE_TRY(impl_->database.run("UPDATE edits SET state = ? WHERE id = ?",
                                     {std::int64_t{is_undo ? 1 : 0}, step.record.id}));
    for (const TagChange& change : step.edit.tags) {
      TAGSCAPE_TRY(impl_->writeTags(
          step.record.scene, change.frame_number.value_or(kSceneTagsRow), is_undo ? change.before : change.after));
    }
    return impl_->database.run("INSERT INTO log(edit, is_undo) VALUES(?, ?)",
                               {step.record.id, std::int64_t{is_undo ? 1 : 0}});
  };
  TAGSCAPE_TRY(impl_->database.transaction(write));
  step.record.state = is_undo ? EditState::Undone : EditState::Done;
  return step;
}

Result<std::optional<HistoryStep>> Project::undo() { return step(true); }

Result<std::optional<HistoryStep>> Project::redo() { return step(false); }

bool Project::canUndo() const {
  return !isReadOnly() && impl_->database.integer("SELECT 1 FROM edits WHERE state = 0 LIMIT 1").value_or(0) != 0;
}

bool Project::canRedo() const {
  return !isReadOnly() && impl_->database.integer("SELECT 1 FROM edits WHERE state = 1 LIMIT 1").value_or(0) != 0;
}

std::vector<EditRecord> Project::history(std::size_t max_edits) const {
  return impl_->records("state < 2 ORDER BY id DESC LIMIT ?", {static_cast<std::int64_t>(max_edits)});
}

std::vector<EditRecord> Project::editsSince(SceneId scene, std::int64_t time_s) const {
  return impl_->records("state = 0 AND scene = ? AND time_s >= ? ORDER BY id", {scene, time_s});
}

ProjectEffort Project::effort() const { return effort(-1); }

ProjectEffort Project::effort(SceneId scene) const {
  ProjectEffort effort;
  (void)impl_->database.each(
      "SELECT count(*), coalesce(sum(seconds), 0), coalesce(sum(num_elements), 0) FROM edits "
      "WHERE state = 0 AND author <> '' AND (?1 < 0 OR scene = ?1)",
      {scene},
      [&](const SqlRow& row) {
        effort = {countOf(row.integer(0)), row.number(1), countOf(row.integer(2))};
        return Status();
      });
  return effort;
}

std::int64_t Project::revision() const { return impl_->database.integer("SELECT max(seq) FROM log").value_or(0); }

Result<Project::LoadedLayer> Project::loadLayer(LayerId layer) {
  const auto found = impl_->layersWhere("id = ?", layer);
  if (found.empty())
    return failFile(ErrorCode::NotFound, impl_->path, fmt::format("there is no layer {}", layer), "Choose another one");
  const std::size_t size = found.front().size;
  LoadedLayer loaded{LabelLayer(size), {}, 0, {}};
  std::int64_t seq = 0;
  TAGSCAPE_TRY(impl_->database.each(
      "SELECT seq, data FROM snapshots WHERE layer = ?", {layer}, [&](const SqlRow& row) -> Status {
        auto labels = decodeLayer(row.blob(1), size);
        if (!labels) {
          loaded.problems.push_back("snapshot: " + labels.error().message);
          return {};  // Edits since the beginning are all there.
        }
        loaded.labels = std::move(*labels);
        seq = row.integer(0);
        return {};
      }));
  loaded.revision = seq;
  std::size_t num_edits = 0;
  const auto apply = [&](const SqlRow& row) -> Status {
    loaded.revision = row.integer(0);
    ++num_edits;
    const auto delta = decodeDelta(row.blob(2), size);
    if (!delta) {
      loaded.problems.push_back(fmt::format("edit {}: {}", row.integer(3), delta.error().message));
      return {};
    }
    row.integer(1) != 0 ? loaded.labels.revert(*delta) : loaded.labels.apply(*delta);
    return {};
  };
  const Status read = impl_->database.each(
      "SELECT log.seq, log.is_undo, deltas.data, log.edit FROM log JOIN deltas ON deltas.edit = log.edit "
      "WHERE deltas.layer = ? AND log.seq > ? ORDER BY log.seq",
      {layer, seq},
      apply);
  if (!read) {
    // What was read until here is shown; a sound file that cannot be read is an error.
    if (read.error().code != ErrorCode::InvalidInput) return fail(read.error());
    loaded.problems.push_back(read.error().message);
  }
  if (num_edits > kManyEdits && loaded.problems.empty()) loaded.snapshot = encodeLayer(loaded.labels);
  return loaded;
}

Status Project::keepSnapshot(LayerId layer, const LoadedLayer& loaded) {
  if (loaded.snapshot.empty()) return {};
  TAGSCAPE_TRY(checkWritable());
  return impl_->database.run("INSERT OR REPLACE INTO snapshots VALUES(?, ?, ?)",
                             {layer, loaded.revision, std::span(loaded.snapshot)});
}

}  // namespace tagscape
