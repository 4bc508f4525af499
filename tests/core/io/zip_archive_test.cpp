#include "core/io/zip_archive.h"

#include "core/base/files.h"
#include "core/scans/label_images.h"
#include "core/scene/class_catalog.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <zip.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Entries = std::vector<std::pair<std::string, std::vector<std::byte>>>;

fs::path writeZip(const fs::path& path, const Entries& entries) {
  int problem = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem);
  for (const auto& [name, bytes] : entries)
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), ZIP_FL_ENC_UTF_8);
  EXPECT_EQ(zip_close(archive), 0);
  return path;
}

std::vector<std::byte> labelImage(std::uint16_t id) { return encodePng16(RawDepthImage(8, 6, 1, id)).value(); }

TEST(ZipArchive, ReadsEntriesByIndex) {
  const testing::TemporaryFolder folder;
  const auto path =
      writeZip(folder.path() / "a.zip", {{"x", testing::bytesOf("one")}, {"y/z", testing::bytesOf("two")}});
  const auto archive = ZipArchive::open(path).value();
  EXPECT_EQ(archive->names()[1], "y/z");
  EXPECT_EQ(archive->read(1, 100).value(), testing::bytesOf("two"));
}

TEST(ZipArchive, RefusesAnEntryThatUnpacksToMoreThanAllowed) {
  const testing::TemporaryFolder folder;
  const auto path = writeZip(folder.path() / "bomb.zip", {{"zeros", std::vector<std::byte>(10'000'000)}});
  const auto archive = ZipArchive::open(path).value();
  EXPECT_LT(fs::file_size(path), 100'000U);
  EXPECT_THAT(archive->read(0, 1'000'000).error().message, HasSubstr("claims to unpack"));
}

TEST(ZipArchive, RefusesASizeThatThePackedBytesCannotHold) {
  const testing::TemporaryFolder folder;
  auto bytes = readFile(writeZip(folder.path() / "a.zip", {{"x", std::vector<std::byte>(500)}})).value();
  // The central directory's entry begins with PK\1\2; its unpacked size is at 24.
  const std::array<std::byte, 4> mark{std::byte{'P'}, std::byte{'K'}, std::byte{1}, std::byte{2}};
  const auto entry = std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end());
  const std::uint32_t claimed = 0xfffffff0;
  std::memcpy(&*entry + 24, &claimed, sizeof(claimed));
  const auto archive = ZipArchive::parse(bytes, "bomb.zip");
  ASSERT_TRUE(archive);
  EXPECT_THAT((*archive)->read(0, ~std::uint64_t{0}).error().message, HasSubstr("claims to unpack"));
}

TEST(ZipArchive, WhatIsNoZipIsRefused) {
  EXPECT_FALSE(ZipArchive::parse(testing::bytesOf("this is text"), "x"));
  EXPECT_FALSE(ZipArchive::parse({}, "x"));
  EXPECT_EQ(ZipArchive::open("/nowhere.zip").error().code, ErrorCode::NotFound);
}

TEST(LabelImages, InsideAZipAreFoundByNumberAndPathsInItMeanNothing) {
  const testing::TemporaryFolder folder;
  const auto path = writeZip(folder.path() / "l.zip",
                             {{"label-filt/0.png", labelImage(2)},
                              {"../../../etc/7.png", labelImage(1)},
                              {"label-filt/readme.txt", testing::bytesOf("no")}});
  const auto map = std::make_shared<const LabelMap>(
      LabelMap::parse("id\traw_category\tnyu40id\n1\twall\t1\n2\tchair\t5\n", "x").value());
  const LabelImages labels(ZipArchive::open(path).value(), path, map);
  EXPECT_TRUE(labels.has(0));
  EXPECT_FALSE(labels.has(1));
  const auto chair = labels.read(0, {16, 12}).value();
  EXPECT_EQ(chair.width, 16);
  EXPECT_EQ(chair.at(15, 11), *classByName("chair"));
  EXPECT_TRUE(labels.read(7, {8, 6}));
  EXPECT_FALSE(fs::exists(folder.path() / "7.png"));
}

TEST(LabelImages, NumbersAboveFortyMeanRawIds) {
  const testing::TemporaryFolder folder;
  for (const auto& [name, id] : {std::pair{"0.png", 2}, std::pair{"1.png", 1163}}) {
    const auto bytes = labelImage(static_cast<std::uint16_t>(id));
    folder.write(std::string("label/") + name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  const auto map = std::make_shared<const LabelMap>(
      LabelMap::parse("id\traw_category\tnyu40id\n2\tchair\t5\n1163\tobject\t40\n", "x").value());
  EXPECT_EQ(LabelImages(folder.path() / "label", LabelIds::Auto, map).read(0, {8, 6})->at(0, 0), *classByName("chair"));
  EXPECT_EQ(LabelImages(folder.path() / "label", LabelIds::Nyu40, map).read(0, {8, 6})->at(0, 0),
            *classByName("floor"));
  EXPECT_THAT(LabelImages(folder.path() / "label", LabelIds::Auto, nullptr).read(0, {8, 6}).error().message,
              HasSubstr("scannetv2-labels.combined.tsv"));
}

}  // namespace
}  // namespace tagscape
