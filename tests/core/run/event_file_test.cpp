#include "core/run/event_file.h"

#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace tagscape {
namespace {

using ::testing::StartsWith;

/// Takes fields of a protocol buffer message apart, as anybody's decoder would.
struct Message {
  std::string bytes;
  std::size_t at = 0;

  [[nodiscard]] bool done() const { return at >= bytes.size(); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(bytes.at(at++));
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string text() {
    const std::uint64_t size = varint();
    at += size;
    return bytes.substr(at - size, size);
  }
  template <class T>
  T fixed() {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    at += sizeof(T);
    return value;
  }
};

/// The records of a file, their checksums checked with the mask undone.
std::vector<std::string> recordsOf(const std::filesystem::path& path) {
  Message file{readTextFile(path, 1 << 20).value()};
  const auto unmasked = [](std::uint32_t value) {
    value -= 0xA282EAD8U;
    return (value >> 17) | (value << 15);
  };
  std::vector<std::string> records;
  while (!file.done()) {
    const std::string length = file.bytes.substr(file.at, 8);
    const auto size = file.fixed<std::uint64_t>();
    EXPECT_EQ(unmasked(file.fixed<std::uint32_t>()), crc32c(length));
    records.push_back(file.bytes.substr(file.at, size));
    file.at += size;
    EXPECT_EQ(unmasked(file.fixed<std::uint32_t>()), crc32c(records.back()));
  }
  return records;
}

TEST(Crc32c, HasItsPublishedCheckValue) { EXPECT_EQ(crc32c("123456789"), 0xE3069283U); }

TEST(EventFile, HoldsScalarsThatTensorBoardsFormatDescribes) {
  const testing::TemporaryFolder folder;
  const auto file = EventFile::create(folder.path());
  ASSERT_TRUE(file);
  EXPECT_THAT(file->path().filename().string(), StartsWith("events.out.tfevents."));
  ASSERT_TRUE(file->append({300, 1.5, "joint", {{"loss_total", .25}, {"lr_2d", 4e-3}}}));
  const auto records = recordsOf(file->path());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_NE(records[0].find("brain.Event:2"), std::string::npos);

  Message event{records[1]};
  EXPECT_EQ(event.varint(), 1U * 8 + 1);
  EXPECT_GT(event.fixed<double>(), 1e9) << "seconds since the epoch";
  EXPECT_EQ(event.varint(), 2U * 8);
  EXPECT_EQ(event.varint(), 300U);
  EXPECT_EQ(event.varint(), 5U * 8 + 2);
  Message summary{event.text()};
  std::map<std::string, float> scalars;
  while (!summary.done()) {
    EXPECT_EQ(summary.varint(), 1U * 8 + 2);
    Message scalar{summary.text()};
    EXPECT_EQ(scalar.varint(), 1U * 8 + 2);
    const std::string tag = scalar.text();
    EXPECT_EQ(scalar.varint(), 2U * 8 + 5);
    scalars[tag] = scalar.fixed<float>();
  }
  EXPECT_EQ(scalars, (std::map<std::string, float>{{"loss/total", .25F}, {"lr/2d", 4e-3F}}));
}

TEST(EventFile, SaysThatItCannotBeWritten) {
  const auto file = EventFile::create("/no/such/folder");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::NotWritable);
}

}  // namespace
}  // namespace tagscape
