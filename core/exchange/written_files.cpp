#include "core/exchange/written_files.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/io/byte_source.h"

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostWaiting = 2;
constexpr std::size_t kThreads = 4;  // mostly wait until the disk has flushed a file

struct Waiting {
  fs::path path;
  std::vector<std::byte> bytes;
};

Status writeAndCompare(const Waiting& file) {
  TAGSCAPE_TRY(writeFileAtomically(file.path, std::span<const std::byte>(file.bytes)));
  TAGSCAPE_ASSIGN(const FileBytes found, FileBytes::read(file.path, file.bytes.size() + 1));
  const auto bytes = found.span();
  if (bytes.size() == file.bytes.size() &&
      (bytes.empty() || std::memcmp(bytes.data(), file.bytes.data(), bytes.size()) == 0))
    return {};
  return failFile(
      ErrorCode::Internal, file.path, "reading it back gave other bytes", "Check the disk and export again");
}

}  // namespace

struct WrittenFiles::Impl {
  fs::path folder;
  std::string format;
  Job job;
  std::vector<ExportedFile> files;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Waiting> waiting;
  bool is_closed = false;
  Status status;  // of the files so far
  std::vector<std::thread> threads;

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return is_closed || !waiting.empty(); });
      if (waiting.empty()) return;
      const Waiting file = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      changed.notify_all();
      Status done = writeAndCompare(file);
      lock.lock();
      if (status && !done) {
        status = std::move(done);
        waiting.clear();
      }
      changed.notify_all();
    }
  }

  Status add(const std::string& name, std::vector<std::byte> bytes) {
    TAGSCAPE_TRY(job.checkStop("Exporting"));
    const std::string below = format + "/" + name;
    files.push_back({format, below, bytes.size(), sha256(bytes)});
    std::unique_lock lock(mutex);
    if (threads.size() < kThreads) threads.emplace_back([this] { work(); });
    changed.wait(lock, [this] { return !status || waiting.size() < kMostWaiting; });
    if (!status) return status;
    waiting.push_back({folder / below, std::move(bytes)});
    changed.notify_all();
    return {};
  }

  void close() {
    {
      const std::scoped_lock lock(mutex);
      is_closed = true;
    }
    changed.notify_all();
    for (auto& thread : threads) thread.join();
    threads.clear();
  }
};

WrittenFiles::WrittenFiles(fs::path folder, std::string format, Job job) : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(folder);
  impl_->format = std::move(format);
  impl_->job = std::move(job);
}

WrittenFiles::~WrittenFiles() { impl_->close(); }

FileSink WrittenFiles::sink() {
  return [this](const std::string& name, std::vector<std::byte> bytes) { return impl_->add(name, std::move(bytes)); };
}

Result<std::vector<ExportedFile>> WrittenFiles::finish() {
  impl_->close();
  if (!impl_->status) return fail(impl_->status.error());
  return std::move(impl_->files);
}

}  // namespace tagscape
