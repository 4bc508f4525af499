#pragma once

#include <tl/expected.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace tagscape {

/// The kind of an Error. The command line turns it into an exit code (see exitCodeFor).
enum class ErrorCode {
  InvalidInput,  ///< A file or an argument is not what it must be.
  NotFound,      ///< A path does not exist.
  NotWritable,   ///< The place to write to refuses: read-only, no permission, disk full.
  Unsupported,   ///< Well-formed, but this build or this machine cannot do it.
  Cancelled,     ///< The user asked to stop.
  Io,            ///< Reading or writing failed for another reason.
  Internal,      ///< A library failed in a way that input does not explain.
};

/// An error for the person who has to act on it: what is wrong, in which file and place, and what to do.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

/// "<path>: <problem>. <remedy>", the form that every message about a file has. `problem` names the place in the file
/// (byte, line, key) where there is one.
[[nodiscard]] tl::unexpected<Error> failFile(ErrorCode code,
                                             const std::filesystem::path& path,
                                             std::string_view problem,
                                             std::string_view remedy);

/// 0 is done; 1 the job failed or was stopped; 2 bad input or usage (documented in `tagscape --help`).
[[nodiscard]] int exitCodeFor(ErrorCode code);

[[nodiscard]] std::string_view nameOf(ErrorCode code);

}  // namespace tagscape

/// Leaves the function with the error of `expression`, a Status or Result, if it has one.
#define TAGSCAPE_TRY(expression)                                   \
  do {                                                             \
    if (auto tagscape_status = (expression); !tagscape_status) {   \
      return ::tagscape::fail(std::move(tagscape_status).error()); \
    }                                                              \
  } while (false)

#define TAGSCAPE_CONCAT_INNER(a, b) a##b
#define TAGSCAPE_CONCAT(a, b) TAGSCAPE_CONCAT_INNER(a, b)
#define TAGSCAPE_ASSIGN_INNER(result, declaration, expression)     \
  auto result = (expression);                                      \
  if (!result) return ::tagscape::fail(std::move(result).error()); \
  declaration = std::move(result).value()

/// `TAGSCAPE_ASSIGN(auto mesh, readPly(path));` declares mesh, or leaves the function with the error.
#define TAGSCAPE_ASSIGN(declaration, expression) \
  TAGSCAPE_ASSIGN_INNER(TAGSCAPE_CONCAT(tagscape_result_, __LINE__), declaration, expression)
