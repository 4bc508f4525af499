#include "core/base/files.h"

#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::size_t numEntries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(WriteFileAtomically, ReplacesTheContentAndLeavesNothingElse) {
  const testing::TemporaryFolder folder;
  const fs::path file = folder.write("state.json", "old");
  ASSERT_TRUE(writeFileAtomically(file, std::string_view("new")));
  EXPECT_EQ(readTextFile(file).value(), "new");
  EXPECT_EQ(numEntries(folder.path()), 1U);
}

TEST(WriteFileAtomically, MakesMissingFolders) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(writeFileAtomically(folder.path() / "a" / "b" / "c.txt", std::string_view("x")));
  EXPECT_EQ(readTextFile(folder.path() / "a" / "b" / "c.txt").value(), "x");
}

TEST(WriteFileAtomically, KeepsTheOldFileWhenTheDiskIsFull) {
  const testing::TemporaryFolder folder;
  const fs::path file = folder.write("labels.txt", "precious");
  {
    const testing::FileSizeLimit full_disk(1000);
    const Status status = writeFileAtomically(file, std::string(100'000, 'x'));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::NotWritable);
    EXPECT_THAT(status.error().message, HasSubstr("labels.txt"));
  }
  EXPECT_EQ(readTextFile(file).value(), "precious");
  EXPECT_EQ(numEntries(folder.path()), 1U);
}

TEST(AppendToFile, AddsAllOrNothing) {
  const testing::TemporaryFolder folder;
  const fs::path file = folder.path() / "metrics.jsonl";
  ASSERT_TRUE(appendToFile(file, "first\n"));
  {
    const testing::FileSizeLimit full_disk(1000);
    const Status status = appendToFile(file, std::string(100'000, 'x'));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::NotWritable);
    EXPECT_THAT(status.error().message, HasSubstr("metrics.jsonl"));
  }
  ASSERT_TRUE(appendToFile(file, "second\n"));
  EXPECT_EQ(readTextFile(file).value(), "first\nsecond\n");
  EXPECT_EQ(appendToFile("/proc/tagscape", "x").error().code, ErrorCode::NotWritable);
}

TEST(WriteFileAtomically, NamesTheFolderThatIsAFile) {
  const testing::TemporaryFolder folder;
  const fs::path in_the_way = folder.write("out", "a file");
  const Status status = writeFileAtomically(in_the_way / "x.txt", std::string_view("x"));
  ASSERT_FALSE(status);
  EXPECT_EQ(exitCodeFor(status.error().code), 2);
  EXPECT_THAT(status.error().message, HasSubstr(in_the_way.string()));
}

TEST(EnsureWritableFolder, RefusesAPlaceThatTakesNoFiles) {
  // /proc refuses new files even for root, for whom a folder without write permission is no obstacle.
  const Status status = ensureWritableFolder("/proc/tagscape");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::NotWritable);
  EXPECT_THAT(status.error().message, HasSubstr("/proc/tagscape"));
}

TEST(EnsureWritableFolder, LeavesNoTraceInAFolderThatIsFine) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(ensureWritableFolder(folder.path() / "run"));
  EXPECT_EQ(numEntries(folder.path() / "run"), 0U);
}

TEST(ReadFile, RefusesAFolderAMissingFileAndOneThatIsTooLarge) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(readFile(folder.path()).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(readFile(folder.path() / "none").error().code, ErrorCode::NotFound);
  EXPECT_EQ(readFile(folder.write("big", std::string(100, 'x')), 99).error().code, ErrorCode::InvalidInput);
}

TEST(UserFolders, FollowTheXdgVariables) {
  const char* before = std::getenv("XDG_CACHE_HOME");
  const std::string kept = before != nullptr ? before : "";
  setenv("XDG_CACHE_HOME", "/somewhere", 1);
  EXPECT_EQ(userCacheFolder(), fs::path("/somewhere/tagscape"));
  setenv("XDG_CACHE_HOME", "relative", 1);  // the specification says to ignore it
  EXPECT_TRUE(userCacheFolder().is_absolute());
  setenv("XDG_CACHE_HOME", kept.c_str(), 1);
}

}  // namespace
}  // namespace tagscape
