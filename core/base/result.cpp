#include "core/base/result.h"

#include <fmt/format.h>

namespace tagscape {

tl::unexpected<Error> failFile(ErrorCode code,
                               const std::filesystem::path& path,
                               std::string_view problem,
                               std::string_view remedy) {
  return fail(code, fmt::format("{}: {}. {}", path.string(), problem, remedy));
}

int exitCodeFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
    case ErrorCode::NotWritable:
    case ErrorCode::Unsupported:
      return 2;
    case ErrorCode::Cancelled:
    case ErrorCode::Io:
    case ErrorCode::Internal:
      return 1;
  }
  return 1;
}

std::string_view nameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
      return "invalid input";
    case ErrorCode::NotFound:
      return "not found";
    case ErrorCode::NotWritable:
      return "not writable";
    case ErrorCode::Unsupported:
      return "unsupported";
    case ErrorCode::Cancelled:
      return "cancelled";
    case ErrorCode::Io:
      return "input/output";
    case ErrorCode::Internal:
      return "internal";
  }
  return "internal";
}

}  // namespace tagscape
