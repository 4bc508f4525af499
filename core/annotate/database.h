#pragma once

// Private to this module: SQLite with errors as Results.

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3_stmt;

namespace tagscape {

/// A value of a row. Blobs are views: of the caller's memory when bound, of the row when read.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, std::span<const std::byte>>;

/// The row that a statement is at; valid until the next one.
class SqlRow {
 public:
  explicit SqlRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;
  [[nodiscard]] bool isNull(int column) const;
  [[nodiscard]] int numColumns() const;
  [[nodiscard]] SqlValue value(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// One connection to a database file. Used by one thread at a time.
///
/// Errors of all functions name the file: NotWritable if the place refuses, is full or locked by another program;
/// InvalidInput if the file is damaged or no database; Io otherwise.
class Database {
 public:
  enum class Mode { Create, ReadWrite, ReadOnly };

  /// Read-only also where the folder cannot be written, as long as nobody else writes the file.
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, Mode mode);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Runs one statement; it is prepared once and kept.
  [[nodiscard]] Status run(std::string_view sql, std::initializer_list<SqlValue> values = {});
  [[nodiscard]] Status run(std::string_view sql, std::span<const SqlValue> values);
  /// Runs several statements in a row, without values.
  [[nodiscard]] Status runAll(const std::string& sql);
  /// Calls `take` for each row; its first error ends it.
  [[nodiscard]] Status each(std::string_view sql,
                            std::initializer_list<SqlValue> values,
                            const std::function<Status(const SqlRow&)>& take);
  /// The first column of the first row, or `otherwise`.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql,
                                             std::initializer_list<SqlValue> values = {},
                                             std::int64_t otherwise = 0);
  [[nodiscard]] std::int64_t lastInsertedRow() const;
  /// All or nothing: what `work` does is taken back if it fails.
  [[nodiscard]] Status transaction(const std::function<Status()>& work);

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  [[nodiscard]] static Result<Database> openAs(const std::filesystem::path& path, const std::string& name, int flags);
  [[nodiscard]] Result<sqlite3_stmt*> prepared(std::string_view sql);
  [[nodiscard]] Status bind(sqlite3_stmt* statement, std::span<const SqlValue> values) const;
  [[nodiscard]] tl::unexpected<Error> failure(int code) const;

  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
