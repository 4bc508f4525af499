// The main of every test program: quiet logs, and the same surroundings before every test.

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace {

/// Tests must neither find nor leave anything in the user's own cache and settings.
class PrivateFolders : public testing::Environment {
 public:
  void SetUp() override {
    for (const char* variable : {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"}) {
      setenv(variable, (folder_.path() / variable).c_str(), 1);
    }
  }

 private:
  tagscape::testing::TemporaryFolder folder_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  testing::AddGlobalTestEnvironment(new PrivateFolders);  // owned by gtest
  return RUN_ALL_TESTS();
}
