#pragma once

#include "core/run/run_directory.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace tagscape {

/// A run's metrics as TensorBoard reads them: a file of records events.out.tfevents.<seconds>.<host>.<process>, each an
/// Event message with scalar summaries "loss/2d_cls", "lr/2d", "grad_norm/2d". A resumed run adds a file; TensorBoard
/// shows the newest value of a step.
/// Source: the published record format (length, masked CRC-32C, data, masked CRC-32C) and event.proto of TensorFlow.
class EventFile {
 public:
  /// Errors: NotWritable.
  [[nodiscard]] static Result<EventFile> create(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Errors: NotWritable.
  [[nodiscard]] Status append(const MetricsRow& row) const;

 private:
  explicit EventFile(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] Status appendRecord(std::string_view message) const;
  std::filesystem::path path_;
};

/// CRC-32C (Castagnoli), as iSCSI and TensorBoard have it.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace tagscape
