#include "core/io/byte_source.h"

#include "core/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
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

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, std::uint64_t size, std::filesystem::path name)
      : descriptor_(descriptor), size_(size), name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(descriptor_); }

  std::uint64_t size() const override { return size_; }
  const std::filesystem::path& name() const override { return name_; }
  int descriptor() const { return descriptor_; }
  Status read(std::uint64_t offset, std::span<std::byte> target) const override {
    if (offset > size_ || target.size() > size_ - offset) return failEnd(*this, offset, target.size());
    if (!readFully(descriptor_, offset, target)) return failRead(name_, offset, errno);
    return {};
  }

 private:
  int descriptor_;
  std::uint64_t size_;
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
  // O_NONBLOCK: a pipe must be refused below, not waited for here.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return failFile(missing ? ErrorCode::NotFound : ErrorCode::Io,
                    path,
                    missing ? "no such file" : strerror(errno),
                    missing ? "Check the path" : "Check that you may read it");
  }
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return failFile(ErrorCode::InvalidInput, path, "not a file", "Name a file");
  }
  return std::make_shared<const FileSource>(descriptor, static_cast<std::uint64_t>(status.st_size), path);
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
  constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
  std::atomic<int> reason{-1};
  parallelFor(size, kPieceBytes, [&](std::size_t begin, std::size_t end) {
    if (!readFully(file->descriptor(), begin, {content.data_.get() + begin, end - begin})) reason = errno;
  });
  if (reason >= 0) return failRead(path, 0, reason);
  return content;
}

}  // namespace tagscape
