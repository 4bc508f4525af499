#include "core/base/files.h"

#include "core/base/log.h"
#include "core/base/open_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kWriteRemedy = "Choose a folder that you may write to, on a disk with space left";

Status checkReadable(const fs::path& path, std::uintmax_t max_bytes, std::uintmax_t& size) {
  std::error_code code;
  const auto status = fs::status(path, code);
  if (!fs::exists(status)) return failFile(ErrorCode::NotFound, path, "no such file", "Check the path");
  if (!fs::is_regular_file(status)) return failFile(ErrorCode::InvalidInput, path, "not a file", "Name a file");
  size = fs::file_size(path, code);
  if (code) return failFile(ErrorCode::Io, path, code.message(), "Check the disk");
  if (size > max_bytes) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} bytes, more than the {} bytes that such a file may have", size, max_bytes),
                    "Check that it is the right file");
  }
  return {};
}

template <class Container>
Result<Container> readAll(const fs::path& path, std::uintmax_t max_bytes) {
  std::uintmax_t size = 0;
  TAGSCAPE_TRY(checkReadable(path, max_bytes, size));
  std::ifstream file(path, std::ios::binary);
  if (!file) return failOpening(path, errno);
  Container content(size, typename Container::value_type{});
  file.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size));
  if (file.gcount() != static_cast<std::streamsize>(size)) {
    return failFile(ErrorCode::Io, path, fmt::format("reading stopped at byte {}", file.gcount()), "Check the disk");
  }
  return content;
}

Status flushToDisk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failFile(ErrorCode::NotWritable, path, std::strerror(errno), kWriteRemedy);
  const int failed = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  if (failed != 0 && reason != EINVAL) {
    return failFile(ErrorCode::NotWritable, path, std::strerror(reason), kWriteRemedy);
  }
  return {};
}

fs::path temporaryNameFor(const fs::path& path) {
  fs::path temporary = path;
  temporary += fmt::format(".{}.part", ::getpid());
  return temporary;
}

fs::path xdgFolder(const char* variable, const char* below_home) {
  if (const char* set = std::getenv(variable); set != nullptr && fs::path(set).is_absolute()) {
    return fs::path(set) / "tagscape";
  }
  const char* home = std::getenv("HOME");
  return (home != nullptr ? fs::path(home) / below_home : fs::temp_directory_path()) / "tagscape";
}

}  // namespace

Result<std::vector<std::byte>> readFile(const fs::path& path, std::uintmax_t max_bytes) {
  return readAll<std::vector<std::byte>>(path, max_bytes);
}

Result<std::string> readTextFile(const fs::path& path, std::uintmax_t max_bytes) {
  return readAll<std::string>(path, max_bytes);
}

Status writeFileAtomically(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  std::error_code code;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), code);
  if (code) return failFile(ErrorCode::NotWritable, path.parent_path(), code.message(), kWriteRemedy);

  const fs::path temporary = temporaryNameFor(path);
  const auto giveUp = [&](std::string_view reason) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return failFile(ErrorCode::NotWritable, path, reason, kWriteRemedy);
  };
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    if (!file) return failFile(ErrorCode::NotWritable, path, std::strerror(errno), kWriteRemedy);
    write(file);
    file.flush();
    if (!file) return giveUp(fmt::format("writing failed ({})", std::strerror(errno)));
  }
  if (const Status flushed = flushToDisk(temporary); !flushed) return giveUp("the disk did not take the data");
  fs::rename(temporary, path, code);
  if (code) return giveUp(code.message());
  // The rename itself must survive a power cut; a folder that cannot be flushed (some network disks) is not an error.
  (void)flushToDisk(path.has_parent_path() ? path.parent_path() : fs::path("."));
  return {};
}

Status writeFileAtomically(const fs::path& path, std::string_view content) {
  return writeFileAtomically(
      path, [&](std::ostream& file) { file.write(content.data(), static_cast<std::streamsize>(content.size())); });
}

Status writeFileAtomically(const fs::path& path, std::span<const std::byte> content) {
  return writeFileAtomically(path, std::string_view(reinterpret_cast<const char*>(content.data()), content.size()));
}

Status appendToFile(const fs::path& path, std::string_view content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return failFile(ErrorCode::NotWritable, path, std::strerror(errno), kWriteRemedy);
  const off_t end = ::lseek(descriptor, 0, SEEK_END);
  int reason = 0;
  while (!content.empty() && reason == 0) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) reason = errno;
  }
  if (reason != 0 && end >= 0 && ::ftruncate(descriptor, end) != 0) {
    log::warn(fmt::format("{}: an incomplete record is left at its end ({})", path.string(), std::strerror(errno)));
  }
  ::close(descriptor);
  if (reason == 0) return {};
  return failFile(ErrorCode::NotWritable, path, std::strerror(reason), kWriteRemedy);
}

Status checkReadableFolder(const fs::path& folder) {
  std::error_code code;
  const auto type = fs::status(folder, code).type();
  if (type == fs::file_type::not_found)
    return failFile(ErrorCode::NotFound, folder, "no such folder", "Check the path");
  if (!code && type != fs::file_type::directory)
    return failFile(ErrorCode::InvalidInput, folder, "not a folder", "Name a folder");
  if (!code) fs::directory_iterator names(folder, code);
  // Names may be listed where nothing behind them may be looked at.
  if (!code && fs::exists(folder / ".", code)) return {};
  return failFile(ErrorCode::Io, folder, code.message(), "Check that you may read what is in it");
}

Status ensureWritableFolder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return failFile(ErrorCode::NotWritable, folder, code.message(), kWriteRemedy);
  if (!fs::is_directory(folder, code)) return failFile(ErrorCode::NotWritable, folder, "not a folder", kWriteRemedy);
  const fs::path probe = folder / fmt::format(".tagscape-probe-{}", ::getpid());
  const int descriptor = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return failFile(ErrorCode::NotWritable, folder, std::strerror(errno), kWriteRemedy);
  ::close(descriptor);
  ::unlink(probe.c_str());
  return {};
}

fs::path userCacheFolder() { return xdgFolder("XDG_CACHE_HOME", ".cache"); }
fs::path userDataFolder() { return xdgFolder("XDG_DATA_HOME", ".local/share"); }
fs::path userStateFolder() { return xdgFolder("XDG_STATE_HOME", ".local/state"); }

}  // namespace tagscape
