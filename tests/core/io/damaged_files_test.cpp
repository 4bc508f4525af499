// Every reader of untrusted bytes meets a small good file cut at every byte and with every byte flipped. What it
// returns does not matter; that it returns, without a crash and within the file's size class, does. The sanitizer
// presets run this too.

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/io/frame_folder.h"
#include "core/io/image_codec.h"
#include "core/io/ply.h"
#include "core/io/safetensors.h"
#include "core/io/tags_file.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <functional>

namespace tagscape {
namespace {

using Bytes = std::vector<std::byte>;

struct Reader {
  const char* name;
  std::function<Bytes()> good;
  std::function<bool(const Bytes&)> read;
};

std::string_view textOf(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

RgbImage picture() {
  RgbImage image(24, 16, 3);
  Random random(5);
  for (auto& value : image.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

Bytes smallPly() {
  const testing::TemporaryFolder folder;
  PlyContent content;
  content.mesh.vertices.positions_m = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  content.mesh.vertices.colors.resize(3);
  content.mesh.triangles = {{0, 1, 2}};
  content.vertex_scalars["label"] = {1, 2, 3};
  (void)writePly(folder.path() / "a.ply", content);
  return readFile(folder.path() / "a.ply").value();
}

Bytes smallTensors() {
  const testing::TemporaryFolder folder;
  TensorFile content;
  content.metadata["step"] = "4";
  content.tensors["a"] = {"F32", {1, 2}, testing::bytesOf("12345678")};
  (void)writeSafetensors(folder.path() / "a", content);
  return readFile(folder.path() / "a").value();
}

const std::vector<Reader>& readers() {
  static const std::vector<Reader> kReaders{
      {"jpeg",
       [] { return encodeJpeg(picture(), 90).value(); },
       [](const Bytes& b) { return decodeColor(b, "x").has_value(); }},
      {"png",
       [] { return encodePng(picture()).value(); },
       [](const Bytes& b) { return decodeColor(b, "x").has_value(); }},
      {"png16",
       [] { return encodePng16(RawDepthImage(9, 7, 1, 1234)).value(); },
       [](const Bytes& b) { return decodePng16(b, "x").has_value(); }},
      {"ply", &smallPly, [](const Bytes& b) { return parsePly(b, "x").has_value(); }},
      {"safetensors", &smallTensors, [](const Bytes& b) { return parseSafetensors(b, "x").has_value(); }},
      {"tags",
       [] { return testing::bytesOf(R"({"scene": ["wall", "floor"], "frames": {"0": ["wall"]}})"); },
       [](const Bytes& b) { return parseTags(textOf(b), "x").has_value(); }},
      {"matrix",
       [] { return testing::bytesOf("1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"); },
       [](const Bytes& b) {
         const auto matrix = parseMatrix4(textOf(b), "x");
         return matrix && poseFromMatrix(*matrix, "x");
       }},
  };
  return kReaders;
}

class DamagedFile : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Reader& reader() const { return readers()[GetParam()]; }
};

TEST_P(DamagedFile, TheGoodOneIsRead) { EXPECT_TRUE(reader().read(reader().good())); }

TEST_P(DamagedFile, CutAnywhereItIsNotTakenForWhole) {
  const Bytes good = reader().good();
  // Text may lose its last line break; an image its end marker's padding. Anything shorter must be refused.
  for (std::size_t size = 0; size + 2 < good.size(); ++size) {
    EXPECT_FALSE(reader().read(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))))
        << reader().name << " cut at byte " << size;
  }
}

TEST_P(DamagedFile, FlippedBytesDoNoHarm) {
  const Bytes good = reader().good();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const auto flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
      Bytes bad = good;
      bad[at] ^= flip;
      (void)reader().read(bad);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, DamagedFile, ::testing::Range(std::size_t{0}, std::size_t{7}), [](const auto& instance) {
  return std::string(readers()[instance.param].name);
});

}  // namespace
}  // namespace tagscape
