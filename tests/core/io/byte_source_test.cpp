// Files that are read a piece at a time, of which a process can have only so many open.

#include "core/io/byte_source.h"

#include "core/base/files.h"
#include "core/base/open_files.h"
#include "core/io/zip_archive.h"
#include "core/io/zip_write.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <sys/resource.h>
#include <vector>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A limit on the number of files that this process may have open.
class OpenFileLimit {
 public:
  explicit OpenFileLimit(rlim_t number) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit limited{number, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limited);
  }
  OpenFileLimit(const OpenFileLimit&) = delete;
  OpenFileLimit& operator=(const OpenFileLimit&) = delete;
  ~OpenFileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

std::ptrdiff_t numOpenFiles() {
  return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
}

TEST(ByteSource, KeepsNoMoreFilesOpenThanTheProcessCanSpare) {
  const testing::TemporaryFolder folder;
  const auto before = numOpenFiles();
  const OpenFileLimit limit(static_cast<rlim_t>(before) + 40);
  std::vector<std::shared_ptr<const ByteSource>> sources;
  for (int i = 0; i < 200; ++i) {
    const auto path = folder.write(std::to_string(i), "number " + std::to_string(i));
    auto source = openByteSource(path);
    ASSERT_TRUE(source) << source.error().message;
    sources.push_back(std::move(*source));
  }
  EXPECT_LT(numOpenFiles(), before + 40);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const auto number = sources[static_cast<std::size_t>(i)]->bytes(7, 1);
      ASSERT_TRUE(number) << number.error().message;
      EXPECT_EQ(static_cast<char>(number->front()), std::to_string(i).front());
    }
  }
  EXPECT_LT(numOpenFiles(), before + 40);
  sources.clear();
  EXPECT_EQ(numOpenFiles(), before);
}

TEST(ByteSource, SaysThatAFileWasReplacedAfterItWasClosed) {
  const testing::TemporaryFolder folder;
  const OpenFileLimit limit(static_cast<rlim_t>(numOpenFiles()) + 40);
  const auto source = openByteSource(folder.write("first", "one")).value();
  std::vector<std::shared_ptr<const ByteSource>> others;
  for (int i = 0; i < 60; ++i) others.push_back(openByteSource(folder.write(std::to_string(i), "x")).value());
  fs::rename(folder.path() / "first", folder.path() / "kept");
  folder.write("first", "another");
  const auto read = source->bytes(0, 3);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::Io);
  EXPECT_THAT(read.error().message, HasSubstr("replaced"));
}

TEST(ByteSource, TellsAShortageOfTheProcessFromAMissingFile) {
  const testing::TemporaryFolder folder;
  const auto path = folder.write("file", "text");
  EXPECT_EQ(openByteSource(folder.path() / "none").error().code, ErrorCode::NotFound);
  const OpenFileLimit limit(0);
  for (const Error& error : {openByteSource(path).error(), readFile(path).error(), ZipArchive::open(path).error()}) {
    EXPECT_EQ(error.code, ErrorCode::Internal);
    EXPECT_THAT(error.message, HasSubstr("ulimit -n"));
  }
}

TEST(ZipArchive, HoldsNoFileOpenBesideThoseThatAreReadLast) {
  const testing::TemporaryFolder folder;
  const auto before = numOpenFiles();
  const OpenFileLimit limit(static_cast<rlim_t>(before) + 40);
  std::vector<std::shared_ptr<const ZipArchive>> archives;
  for (int i = 0; i < 100; ++i) {
    const auto path = folder.path() / (std::to_string(i) + ".zip");
    ASSERT_TRUE(writeZip(path, {{"entry", testing::bytesOf(std::to_string(i))}}));
    auto archive = ZipArchive::open(path);
    ASSERT_TRUE(archive) << archive.error().message;
    archives.push_back(std::move(*archive));
  }
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(archives[static_cast<std::size_t>(i)]->read(0, 100).value(), testing::bytesOf(std::to_string(i)));
  EXPECT_LT(numOpenFiles(), before + 40);
}

TEST(OpenFileLimits, AreRaisedAsFarAsTheSystemAllows) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const OpenFileLimit lowered(limit.rlim_max / 2);
  EXPECT_EQ(openFileLimit(), limit.rlim_max / 2);
  EXPECT_EQ(raiseOpenFileLimit(), limit.rlim_max);
  EXPECT_EQ(openFileLimit(), limit.rlim_max);
}

}  // namespace
}  // namespace tagscape
