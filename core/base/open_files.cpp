#include "core/base/open_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <sys/resource.h>

namespace tagscape {

std::uint64_t openFileLimit() {
  struct rlimit limit {};
  constexpr std::uint64_t kUsual = 1024;
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::uint64_t>(limit.rlim_cur) : kUsual;
}

std::uint64_t raiseOpenFileLimit() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return openFileLimit();
}

bool isProcessShortage(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM;
}

tl::unexpected<Error> failOpening(const std::filesystem::path& path, int error_number) {
  if (error_number == ENOENT || error_number == ENOTDIR)
    return failFile(ErrorCode::NotFound, path, "no such file", "Check the path");
  if (!isProcessShortage(error_number))
    return failFile(ErrorCode::Io, path, std::strerror(error_number), "Check that you may read it");
  return failFile(
      ErrorCode::Internal,
      path,
      fmt::format(
          "it could not be opened ({}; this process may open {} files)", std::strerror(error_number), openFileLimit()),
      "Raise the limit with ulimit -n, or end other programs");
}

}  // namespace tagscape
