#include "core/io/byte_source.h"

#include "core/base/open_files.h"
#include "core/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <list>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tagscape {
namespace {

tl::unexpected<Error> failEnd(const ByteSource& source, std::uint64_t offset, std::uint64_t count) {
  return failFile(
      ErrorCode::InvalidInput,
      source.name(),
      fmt::format("it ends at byte {}, but {} bytes from byte {} on are needed", source.size(), count, offset),
      "Copy or download the file again");
}

/// Reads until `target` is full; false with errno 0 at the end of the file.
bool readFully(int descriptor, std::uint64_t offset, std::span<std::byte> target) {
  std::size_t done = 0;
  while (done < target.size()) {
    const ssize_t count =
        ::pread(descriptor, target.data() + done, target.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = 0;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

tl::unexpected<Error> failRead(const std::filesystem::path& name, std::uint64_t offset, int reason) {
  return failFile(
      ErrorCode::Io,
      name,
      fmt::format("reading at byte {} failed ({})", offset, reason == 0 ? "the file became shorter" : strerror(reason)),
      "Check the disk");
}

/// A descriptor, closed when nobody reads from it any more.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number); }
  int number;
};

/// The files that were read last, by who reads them. A data set has thousands of files, and a process may have a
/// thousand open: those that were read longest ago are closed, and opened again when they are read again.
class OpenDescriptors {
 public:
  static OpenDescriptors& all() {
    static auto* const kAll = new OpenDescriptors;  // Sources may outlive what is destroyed at the end.
    return *kAll;
  }
  /// None if it was closed meanwhile.
  std::shared_ptr<const Descriptor> find(const void* reader) {
    const std::lock_guard lock(mutex_);
    const auto found = place_of_.find(reader);
    if (found == place_of_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, found->second);
    return found->second->second;
  }
  void keep(const void* reader, std::shared_ptr<const Descriptor> descriptor) {
    const std::lock_guard lock(mutex_);
    erase(reader);
    recent_.emplace_front(reader, std::move(descriptor));
    place_of_[reader] = recent_.begin();
    while (recent_.size() > most()) erase(recent_.back().first);
  }
  void forget(const void* reader) {
    const std::lock_guard lock(mutex_);
    erase(reader);
  }

 private:
  /// The process needs some for other things.
  static std::size_t most() {
    constexpr std::uint64_t kLeast = 4, kMost = 256, kShare = 4;
    return static_cast<std::size_t>(std::clamp(openFileLimit() / kShare, kLeast, kMost));
  }
  void erase(const void* reader) {
    const auto found = place_of_.find(reader);
    if (found == place_of_.end()) return;
    recent_.erase(found->second);
    place_of_.erase(found);
  }

  using Entry = std::pair<const void*, std::shared_ptr<const Descriptor>>;
  std::mutex mutex_;
  std::list<Entry> recent_;  ///< The last read first.
  std::map<const void*, std::list<Entry>::iterator> place_of_;
};

/// What tells one file from another that took its name.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::uint64_t size = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

Result<std::pair<std::shared_ptr<const Descriptor>, FileIdentity>> openRegular(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe must be refused below, not waited for here.
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return failOpening(path, errno);
  auto descriptor = std::make_shared<const Descriptor>(number);
  struct stat status {};
  if (::fstat(number, &status) != 0 || !S_ISREG(status.st_mode))
    return failFile(ErrorCode::InvalidInput, path, "not a file", "Name a file");
  return std::pair{std::move(descriptor),
                   FileIdentity{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size)}};
}

class FileSource final : public ByteSource {
 public:
  FileSource(const FileIdentity& identity, std::filesystem::path name) : identity_(identity), name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { OpenDescriptors::all().forget(this); }

  std::uint64_t size() const override { return identity_.size; }
  const std::filesystem::path& name() const override { return name_; }
  Status read(std::uint64_t offset, std::span<std::byte> target) const override {
    if (offset > size() || target.size() > size() - offset) return failEnd(*this, offset, target.size());
    TAGSCAPE_ASSIGN(const auto descriptor, opened());
    if (!readFully(descriptor->number, offset, target)) return failRead(name_, offset, errno);
    return {};
  }
  /// The file, opened again if it was closed meanwhile.
  Result<std::shared_ptr<const Descriptor>> opened() const {
    if (auto open = OpenDescriptors::all().find(this)) return open;
    TAGSCAPE_ASSIGN(auto again, openRegular(name_));
    if (again.second != identity_) {
      return failFile(ErrorCode::Io, name_, "it was replaced while it was in use", "Open the scan again");
    }
    OpenDescriptors::all().keep(this, again.first);
    return std::move(again.first);
  }

 private:
  FileIdentity identity_;
  std::filesystem::path name_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::span<const std::byte> bytes, std::filesystem::path name) : bytes_(bytes), name_(std::move(name)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  const std::filesystem::path& name() const override { return name_; }
  Status read(std::uint64_t offset, std::span<std::byte> target) const override {
    if (offset > bytes_.size() || target.size() > bytes_.size() - offset) return failEnd(*this, offset, target.size());
    if (!target.empty()) std::memcpy(target.data(), bytes_.data() + offset, target.size());
    return {};
  }

 private:
  std::span<const std::byte> bytes_;
  std::filesystem::path name_;
};

Result<std::shared_ptr<const FileSource>> openFile(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(auto opened, openRegular(path));
  auto source = std::make_shared<const FileSource>(opened.second, path);
  OpenDescriptors::all().keep(source.get(), std::move(opened.first));
  return source;
}

}  // namespace

Result<std::vector<std::byte>> ByteSource::bytes(std::uint64_t offset, std::uint64_t count) const {
  if (offset > size() || count > size() - offset) return failEnd(*this, offset, count);
  std::vector<std::byte> found(count);
  TAGSCAPE_TRY(read(offset, found));
  return found;
}

Result<std::shared_ptr<const ByteSource>> openByteSource(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(std::shared_ptr<const ByteSource> source, openFile(path));
  return source;
}

std::shared_ptr<const ByteSource> memoryByteSource(std::span<const std::byte> bytes, std::filesystem::path name) {
  return std::make_shared<const MemorySource>(bytes, std::move(name));
}

void FileBytes::Unmap::operator()(std::byte* data) const { ::munmap(data, size); }

Result<FileBytes> FileBytes::read(const std::filesystem::path& path, std::uint64_t max_bytes) {
  TAGSCAPE_ASSIGN(const auto file, openFile(path));
  const std::uint64_t size = file->size();
  if (size > max_bytes) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} bytes, more than the {} bytes that such a file may have", size, max_bytes),
                    "Check that it is the right file");
  }
  FileBytes content;
  if (size == 0) return content;
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return failFile(ErrorCode::Io, path, "there is not enough memory for it", "Close programs");
  (void)::madvise(memory, size, MADV_HUGEPAGE);
  content.data_ = {static_cast<std::byte*>(memory), Unmap{size}};
  content.size_ = size;
  TAGSCAPE_ASSIGN(const auto descriptor, file->opened());
  constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
  std::atomic<int> reason{-1};
  parallelFor(size, kPieceBytes, [&](std::size_t begin, std::size_t end) {
    if (!readFully(descriptor->number, begin, {content.data_.get() + begin, end - begin})) reason = errno;
  });
  if (reason >= 0) return failRead(path, 0, reason);
  return content;
}

}  // namespace tagscape
