#include "core/io/safetensors.h"

#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// A file as the format describes it, built by hand: 8 bytes of header length, the header, the data.
std::vector<std::byte> fileOf(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string text(sizeof(length), '\0');
  std::memcpy(text.data(), &length, sizeof(length));
  return testing::bytesOf(text + header + data);
}

TEST(Safetensors, ReadsAFileBuiltByHand) {
  const auto content = parseSafetensors(
      fileOf(R"({"__metadata__":{"step":"3"},"a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]}})", "\1\2\3\4"),
      "x");
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->metadata.at("step"), "3");
  EXPECT_EQ(content->tensors.at("a").shape, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(content->tensors.at("a").bytes, testing::bytesOf("\1\2\3\4"));
}

TEST(Safetensors, RefusesAHeaderThatNoNetworkNeeds) {
  std::string header = "{}";
  header.resize(std::size_t{16} << 20, ' ');
  EXPECT_TRUE(parseSafetensors(fileOf(header, ""), "x"));
  const auto refused = parseSafetensors(fileOf(header + ' ', ""), "x");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("its header has 16777217 bytes, more than the 16777216"));
}

TEST(Safetensors, RoundTripKeepsEverything) {
  const testing::TemporaryFolder folder;
  TensorFile written;
  written.metadata["note"] = "überall \"quoted\"";
  written.tensors["scalar"] = {"F32", {}, testing::bytesOf("abcd")};
  written.tensors["empty"] = {"F32", {0, 5}, {}};
  written.tensors["layer.weight"] = {"I16", {3, 1}, testing::bytesOf("ABCDEF")};
  ASSERT_TRUE(writeSafetensors(folder.path() / "w.safetensors", written));
  const TensorFile read = readSafetensors(folder.path() / "w.safetensors").value();
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), 3U);
  for (const auto& [name, blob] : written.tensors) {
    EXPECT_EQ(read.tensors.at(name).dtype, blob.dtype);
    EXPECT_EQ(read.tensors.at(name).shape, blob.shape);
    EXPECT_EQ(read.tensors.at(name).bytes, blob.bytes);
  }
}

TEST(Safetensors, DataBeginsAtAMultipleOfEight) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"a", "ab", "abc"}) {
    TensorFile file;
    file.tensors[name] = {"U8", {1}, testing::bytesOf("x")};
    ASSERT_TRUE(writeSafetensors(folder.path() / name, file));
    const auto bytes = readFile(folder.path() / name).value();
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof(length));
    EXPECT_EQ(length % 8, 0U);
  }
}

struct BadFile {
  const char* what;
  std::vector<std::byte> bytes;
};

class RefusedSafetensors : public ::testing::TestWithParam<BadFile> {};

TEST_P(RefusedSafetensors, NamesTheFile) {
  const auto content = parseSafetensors(GetParam().bytes, "w.safetensors");
  ASSERT_FALSE(content) << GetParam().what;
  EXPECT_EQ(content.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(content.error().message, HasSubstr("w.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    RefusedSafetensors,
    ::testing::Values(
        BadFile{"empty", {}},
        BadFile{"a header longer than the file", testing::bytesOf("\xff\xff\xff\xff\xff\xff\xff\x7f{}")},
        BadFile{"no JSON", fileOf("hello", "")},
        BadFile{"data past the end", fileOf(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", "1234")},
        BadFile{"offsets that run backwards",
                fileOf(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[3,1]}})", "1234")},
        BadFile{"a shape that needs more bytes",
                fileOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234")},
        BadFile{"a shape that overflows",
                fileOf(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", "")},
        BadFile{"a negative side", fileOf(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})", "")},
        BadFile{"an unknown type", fileOf(R"({"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}})", "1")},
        BadFile{
            "overlapping data",
            fileOf(
                R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})",
                "1234")}));

}  // namespace
}  // namespace tagscape
