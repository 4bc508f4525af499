#include "core/pipeline/source_signature.h"

#include <fmt/format.h>

#include <map>

namespace tagscape {
namespace fs = std::filesystem;

void SourceSignature::add(std::string_view text) {
  for (const char c : text) mix(static_cast<unsigned char>(c));
  mix(0);
}

void SourceSignature::addPath(const fs::path& path) {
  std::error_code code;
  if (fs::is_regular_file(path, code)) return addFile(fs::directory_entry(path, code));
  std::map<std::string, fs::directory_entry> entries;  // by name: the order on disk is arbitrary
  for (fs::directory_iterator it(path, code), end; !code && it != end; it.increment(code))
    entries.emplace(it->path().filename().string(), *it);
  for (const auto& [name, entry] : entries) addFile(entry);
}

std::string SourceSignature::hex() const { return fmt::format("{:016x}", hash_); }

void SourceSignature::addFile(const fs::directory_entry& entry) {
  std::error_code code;
  add(entry.path().filename().string());
  add(std::to_string(entry.file_size(code)));
  add(std::to_string(entry.last_write_time(code).time_since_epoch().count()));
}

}  // namespace tagscape
