// What can still be read of a damaged project, in a new file.

#include "core/annotate/label_codec.h"
#include "core/annotate/project_impl.h"

#include <fmt/format.h>

#include <set>
#include <system_error>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

struct Table {
  std::string name;
  std::string key;  ///< By which rows are gone through from both ends.
  int num_columns;
};

const std::vector<Table>& tables() {
  static const std::vector<Table> kTables{{"meta", "key", 2},
                                          {"scenes", "id", 10},
                                          {"positions", "scene", 3},
                                          {"layers", "id", 8},
                                          {"snapshots", "layer", 3},
                                          {"sources", "id", 6},
                                          {"tags", "scene, frame", 3},
                                          {"edits", "id", 9},
                                          {"deltas", "rowid", 3},
                                          {"tag_changes", "rowid", 4},
                                          {"log", "seq", 3}};
  return kTables;
}

/// Copies the rows that can be read in one order. @return whether it came to the end.
Result<bool> copyRows(Database& from, Database& to, const Table& table, const char* order) {
  std::string marks = "?";
  for (int i = 1; i < table.num_columns; ++i) marks += ", ?";
  const std::string insert = fmt::format("INSERT OR IGNORE INTO {} VALUES({})", table.name, marks);
  const std::string key = fmt::format(
      fmt::runtime(table.key.find(',') == std::string::npos ? "{} {}" : "scene {1}, frame {1}"), table.key, order);
  Status written;
  const auto copy = [&](const SqlRow& row) -> Status {
    std::vector<SqlValue> values;
    for (int i = 0; i < row.numColumns(); ++i) values.push_back(row.value(i));
    written = to.run(insert, values);
    return written;
  };
  const Status read = from.each(fmt::format("SELECT * FROM {} ORDER BY {}", table.name, key), {}, copy);
  if (!written) return fail(written.error());
  return read.has_value();
}

/// Edits of which a record is gone or damaged: as if they had never been.
Result<std::size_t> dropBrokenEdits(Database& copy) {
  std::set<std::int64_t> broken;
  const auto check = [&](const SqlRow& row) {
    if (row.isNull(3) || !decodeDelta(row.blob(2), static_cast<std::size_t>(std::max<std::int64_t>(0, row.integer(3)))))
      broken.insert(row.integer(0));
    return Status();
  };
  TAGSCAPE_TRY(
      copy.each("SELECT edit, layer, data, (SELECT size FROM layers WHERE id = layer) FROM deltas", {}, check));
  const auto without_delta = [&](const SqlRow& row) {
    broken.insert(row.integer(0));
    return Status();
  };
  TAGSCAPE_TRY(
      copy.each("SELECT id FROM edits WHERE num_elements > 0 AND state < 2 AND id NOT IN (SELECT edit FROM deltas)",
                {},
                without_delta));
  TAGSCAPE_TRY(copy.each("SELECT edit FROM log WHERE edit NOT IN (SELECT id FROM edits)", {}, without_delta));
  for (const std::int64_t edit : broken) {
    for (const char* sql : {"DELETE FROM deltas WHERE edit = ?",
                            "DELETE FROM tag_changes WHERE edit = ?",
                            "DELETE FROM log WHERE edit = ?",
                            "DELETE FROM edits WHERE id = ?"}) {
      TAGSCAPE_TRY(copy.run(sql, {edit}));
    }
  }
  return broken.size();
}

Result<std::size_t> dropBrokenSnapshots(Database& copy) {
  std::set<std::int64_t> broken;
  const auto check = [&](const SqlRow& row) {
    const auto size = static_cast<std::size_t>(std::max<std::int64_t>(0, row.integer(2)));
    if (row.isNull(2) || !decodeLayer(row.blob(1), size)) broken.insert(row.integer(0));
    return Status();
  };
  TAGSCAPE_TRY(copy.each("SELECT layer, data, (SELECT size FROM layers WHERE id = layer) FROM snapshots", {}, check));
  for (const std::int64_t layer : broken) TAGSCAPE_TRY(copy.run("DELETE FROM snapshots WHERE layer = ?", {layer}));
  return broken.size();
}

Result<std::vector<std::string>> repairInto(Database& from, Database& to) {
  std::vector<std::string> lost;
  for (const Table& table : tables()) {
    TAGSCAPE_ASSIGN(const bool is_whole, copyRows(from, to, table, "ASC"));
    if (is_whole) continue;
    TAGSCAPE_ASSIGN(const bool is_rest_whole, copyRows(from, to, table, "DESC"));
    lost.push_back(fmt::format("rows of the table {}{}", table.name, is_rest_whole ? "" : " in the middle"));
  }
  TAGSCAPE_ASSIGN(const std::size_t num_edits, dropBrokenEdits(to));
  if (num_edits > 0) lost.push_back(num_edits == 1 ? "1 edit" : fmt::format("{} edits", num_edits));
  TAGSCAPE_ASSIGN(const std::size_t num_snapshots, dropBrokenSnapshots(to));
  if (num_snapshots > 0)
    lost.push_back(fmt::format("snapshots of {} layers, made again from their edits", num_snapshots));
  return lost;
}

}  // namespace

Result<std::vector<std::string>> repairProject(const fs::path& damaged, const fs::path& copy) {
  std::error_code code;
  if (!fs::exists(damaged, code)) return failFile(ErrorCode::NotFound, damaged, "no such file", "Check the path");
  if (fs::exists(copy, code))
    return failFile(ErrorCode::InvalidInput, copy, "there is a file of that name", "Choose another name");
  TAGSCAPE_ASSIGN(Database from, Database::open(damaged, Database::Mode::ReadOnly));
  TAGSCAPE_ASSIGN(const std::int64_t application, from.integer("PRAGMA application_id"));
  if (application != kProjectApplication)
    return failFile(ErrorCode::InvalidInput, damaged, "this is no Tagscape project", "Choose a .tagscape file");
  const fs::path part = copy.string() + ".part";
  fs::remove(part, code);
  const auto work = [&]() -> Result<std::vector<std::string>> {
    TAGSCAPE_ASSIGN(Database to, Database::open(part, Database::Mode::Create));
    std::vector<std::string> lost;
    const auto fill = [&]() -> Status {
      TAGSCAPE_TRY(to.runAll(projectSchema()));
      TAGSCAPE_ASSIGN(lost, repairInto(from, to));
      return {};
    };
    TAGSCAPE_TRY(to.transaction(fill));
    return lost;
  };
  auto lost = work();
  if (lost) fs::rename(part, copy, code);
  if (lost && code) return failFile(ErrorCode::NotWritable, copy, code.message(), "Choose another place");
  if (!lost) fs::remove(part, code);
  return lost;
}

}  // namespace tagscape
