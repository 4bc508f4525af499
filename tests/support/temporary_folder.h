#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape::testing {

/// A new empty folder that goes away with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a file below it, with the folders that it needs, and returns its path.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// Every file below a folder with its bytes, by its path in the folder: to compare what two runs wrote.
[[nodiscard]] std::map<std::string, std::string> filesBelow(const std::filesystem::path& folder);

/// Text as the bytes of a file.
[[nodiscard]] std::vector<std::byte> bytesOf(std::string_view text);

/// The real capture beside the project (../shared/data/office), if it is there; tests on it skip with this reason
/// otherwise.
[[nodiscard]] std::optional<std::filesystem::path> officeCapture();
inline constexpr const char* kNoOffice = "the office capture (../shared/data/office) is not beside the project";

}  // namespace tagscape::testing
