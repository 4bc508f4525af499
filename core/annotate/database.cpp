#include "core/annotate/database.h"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <sqlite3.h>
#include <utility>

namespace tagscape {
namespace {

constexpr int kPatience_ms = 2000;  // For another program that is just writing.

ErrorCode codeOf(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
      return ErrorCode::NotWritable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return ErrorCode::InvalidInput;
    default:
      return ErrorCode::Io;
  }
}

const char* remedyOf(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
      return "Make room on the disk";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "Close the other program that uses it";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "Repair a copy of it: tagscape project repair FILE --out COPY";
    default:
      return "Check that the disk is there, and that you may write to it";
  }
}

void bindOne(sqlite3_stmt* statement, int position, const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, position, *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, position, *number);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    sqlite3_bind_text(statement, position, text->data(), static_cast<int>(text->size()), nullptr);
  } else if (const auto* blob = std::get_if<std::span<const std::byte>>(&value)) {
    // A null pointer would be bound as NULL.
    sqlite3_bind_blob64(
        statement, position, blob->empty() ? "" : static_cast<const void*>(blob->data()), blob->size(), nullptr);
  } else {
    sqlite3_bind_null(statement, position);
  }
}

/// "file:…?immutable=1": every byte that is not plain is escaped.
std::string uriOf(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char letter : path.string()) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '/' || letter == '.' ||
                          letter == '-' || letter == '_';
    uri += is_plain ? std::string(1, letter) : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return uri + "?immutable=1";
}

}  // namespace

struct Database::Impl {
  sqlite3* handle = nullptr;
  std::filesystem::path path;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements;

  ~Impl() {
    for (const auto& [sql, statement] : statements) sqlite3_finalize(statement);
    sqlite3_close(handle);
  }
};

std::int64_t SqlRow::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double SqlRow::number(int column) const { return sqlite3_column_double(statement_, column); }
bool SqlRow::isNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
int SqlRow::numColumns() const { return sqlite3_column_count(statement_); }

std::string SqlRow::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}

std::span<const std::byte> SqlRow::blob(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) : 0};
}

SqlValue SqlRow::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return number(column);
    case SQLITE_TEXT:
      return std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(statement_, column)),
                              static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
    case SQLITE_BLOB:
      return blob(column);
    default:
      return nullptr;
  }
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

tl::unexpected<Error> Database::failure(int code) const {
  return failFile(codeOf(code), impl_->path, sqlite3_errmsg(impl_->handle), remedyOf(code));
}

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
  if (mode != Mode::ReadOnly) {
    return openAs(path, path, SQLITE_OPEN_READWRITE | (mode == Mode::Create ? SQLITE_OPEN_CREATE : 0));
  }
  auto database = openAs(path, path, SQLITE_OPEN_READONLY);
  if (database && database->integer("PRAGMA schema_version")) return database;
  // Where nothing can be written, a file in WAL mode cannot be shared; as long as nobody writes it, it can be read.
  auto unshared = openAs(path, uriOf(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  return unshared && unshared->integer("PRAGMA schema_version") ? std::move(unshared) : std::move(database);
}

Result<Database> Database::openAs(const std::filesystem::path& path, const std::string& name, int flags) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  const int code = sqlite3_open_v2(name.c_str(), &impl->handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(std::move(impl));
  if (code != SQLITE_OK) return database.failure(code);
  sqlite3_extended_result_codes(database.impl_->handle, 1);
  sqlite3_busy_timeout(database.impl_->handle, kPatience_ms);
  // Files come from anywhere: their schema must not run functions or have views do so.
  sqlite3_db_config(database.impl_->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database.impl_->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

Result<sqlite3_stmt*> Database::prepared(std::string_view sql) {
  if (const auto found = impl_->statements.find(sql); found != impl_->statements.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(
      impl_->handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(code);
  impl_->statements.emplace(sql, statement);
  return statement;
}

Status Database::bind(sqlite3_stmt* statement, std::span<const SqlValue> values) const {
  int position = 0;
  for (const SqlValue& value : values) bindOne(statement, ++position, value);
  return {};
}

Status Database::run(std::string_view sql, std::initializer_list<SqlValue> values) {
  return run(sql, std::span<const SqlValue>(values.begin(), values.size()));
}

Status Database::run(std::string_view sql, std::span<const SqlValue> values) {
  TAGSCAPE_ASSIGN(sqlite3_stmt * statement, prepared(sql));
  TAGSCAPE_TRY(bind(statement, values));
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement);
  Status done = code == SQLITE_DONE ? Status() : Status(failure(code));
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return done;
}

Status Database::runAll(const std::string& sql) {
  const int code = sqlite3_exec(impl_->handle, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : Status(failure(code));
}

Status Database::each(std::string_view sql,
                      std::initializer_list<SqlValue> values,
                      const std::function<Status(const SqlRow&)>& take) {
  TAGSCAPE_ASSIGN(sqlite3_stmt * statement, prepared(sql));
  TAGSCAPE_TRY(bind(statement, {values.begin(), values.size()}));
  Status done;
  int code = sqlite3_step(statement);
  while (code == SQLITE_ROW && done) {
    done = take(SqlRow(statement));
    if (done) code = sqlite3_step(statement);
  }
  if (done && code != SQLITE_DONE) done = failure(code);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return done;
}

Result<std::int64_t> Database::integer(std::string_view sql,
                                       std::initializer_list<SqlValue> values,
                                       std::int64_t otherwise) {
  std::int64_t found = otherwise;
  TAGSCAPE_TRY(each(sql, values, [&](const SqlRow& row) {
    if (!row.isNull(0)) found = row.integer(0);
    return Status();
  }));
  return found;
}

std::int64_t Database::lastInsertedRow() const { return sqlite3_last_insert_rowid(impl_->handle); }

Status Database::transaction(const std::function<Status()>& work) {
  TAGSCAPE_TRY(run("BEGIN IMMEDIATE"));
  Status done = work();
  if (done) done = run("COMMIT");
  // An error may have ended the transaction already.
  if (!done && sqlite3_get_autocommit(impl_->handle) == 0) (void)run("ROLLBACK");
  return done;
}

}  // namespace tagscape
