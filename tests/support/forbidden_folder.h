#pragma once

#include <filesystem>
#include <unistd.h>

namespace tagscape::testing {

/// While it lives, nobody may look into the folder; a test that root runs meets refusals as everybody else does.
class ForbiddenFolder {
 public:
  explicit ForbiddenFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
    constexpr uid_t kNobody = 65534;
    std::filesystem::permissions(folder_.parent_path(), std::filesystem::perms::all);
    std::filesystem::permissions(folder_, std::filesystem::perms::none);
    if (was_root_ && seteuid(kNobody) != 0) was_root_ = false;
  }
  ~ForbiddenFolder() {
    if (was_root_ && seteuid(0) != 0) _exit(1);
    std::error_code ignored;
    std::filesystem::permissions(folder_, std::filesystem::perms::all, ignored);
  }
  ForbiddenFolder(const ForbiddenFolder&) = delete;
  ForbiddenFolder& operator=(const ForbiddenFolder&) = delete;

 private:
  std::filesystem::path folder_;
  bool was_root_ = geteuid() == 0;
};

}  // namespace tagscape::testing
