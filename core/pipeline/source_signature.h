#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tagscape {

/// A short name for everything that a kept result depends on: texts, and files by name, size and time.
class SourceSignature {
 public:
  void add(std::string_view text);
  /// A file, or all files of a folder; nothing for a path that is not there.
  void addPath(const std::filesystem::path& path);
  [[nodiscard]] std::string hex() const;

 private:
  void addFile(const std::filesystem::directory_entry& entry);
  void mix(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;  ///< FNV-1a.
};

}  // namespace tagscape
