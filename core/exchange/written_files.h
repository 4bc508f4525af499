#pragma once

#include "core/base/job.h"
#include "core/exchange/exchange_format.h"
#include "core/exchange/manifest.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

/// Takes the files of a format as their writer makes them, writes each atomically below <folder>/<format>, reads it
/// again and compares the bytes. Threads of its own do so while the writer encodes the next files, since most of the
/// time goes into waiting for the disk; two files wait for a thread at most, so that memory stays that of one scene.
/// Owned by one thread.
class WrittenFiles {
 public:
  WrittenFiles(std::filesystem::path folder, std::string format, Job job);
  WrittenFiles(const WrittenFiles&) = delete;
  WrittenFiles& operator=(const WrittenFiles&) = delete;
  ~WrittenFiles();

  /// Fails once a file could not be written, so that the writer stops. Errors: NotWritable; Internal if a file is not
  /// what was written; Cancelled.
  [[nodiscard]] FileSink sink();

  /// Waits for the last file. @return all, in the order in which they came. Errors: as of the sink.
  [[nodiscard]] Result<std::vector<ExportedFile>> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape
