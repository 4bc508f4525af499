// Every reader of untrusted bytes meets a small good file cut at every byte and with every byte flipped. What it
// returns does not matter; that it returns, without a crash and within the file's size class, does. The sanitizer
// presets run this too.

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/clouds/ply.h"
#include "core/io/image_codec.h"
#include "core/io/safetensors.h"
#include "core/scans/data_set.h"
#include "core/scans/frame_folder.h"
#include "core/scans/scannet_labels.h"
#include "core/scans/sens_file.h"
#include "core/scans/tags_file.h"
#include "core/weights/mxnet_params.h"
#include "core/weights/torch_file.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/weight_samples.h"

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

template <SensColor color, SensDepth depth>
Bytes smallSens() {
  const testing::TemporaryFolder folder;
  SensHeader header{.sensor_name = "s", .color_type = color, .depth_type = depth};
  header.color_width = 24;
  header.color_height = 16;
  header.depth_width = 6;
  header.depth_height = 4;
  (void)writeSens(folder.path() / "a.sens", header, 2, [](std::size_t) -> Result<SensFrameData> {
    SensFrameData frame;
    frame.color = picture();
    frame.depth = RawDepthImage(6, 4, 1, 1500);
    return frame;
  });
  return readFile(folder.path() / "a.sens").value();
}

bool readSens(const Bytes& bytes) {
  const auto file = SensFile::parse(bytes, "x");
  if (!file) return false;
  bool good = true;
  for (std::size_t i = 0; i < file->frames().size(); ++i) good = file->color(i) && file->depth(i) && good;
  return good;
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
      {"sens_jpeg_zlib", &smallSens<SensColor::Jpeg, SensDepth::Zlib>, &readSens},
      {"sens_png_raw", &smallSens<SensColor::Png, SensDepth::Raw>, &readSens},
      {"segments",
       [] { return testing::bytesOf(R"({"params": {"a": [1]}, "segIndices": [1, 2, 20]})"); },
       [](const Bytes& b) { return parseSegments(textOf(b), "x").has_value(); }},
      {"aggregation",
       [] { return testing::bytesOf(R"({"segGroups": [{"id": 1, "label": "chair", "segments": [1, 2]}]})"); },
       [](const Bytes& b) { return parseAggregation(textOf(b), "x").has_value(); }},
      {"mxnet_params", &testing::smallMxnetParams, [](const Bytes& b) { return parseMxnetParams(b, "x").has_value(); }},
      {"torch_zip", &testing::smallTorchZip, [](const Bytes& b) { return parseTorchFile(b, "x").has_value(); }},
      {"torch_legacy", &testing::smallTorchLegacy, [](const Bytes& b) { return parseTorchFile(b, "x").has_value(); }},
      {"safetensors", &smallTensors, [](const Bytes& b) { return parseSafetensors(b, "x").has_value(); }},
      {"tags",
       [] { return testing::bytesOf(R"({"scene": ["wall", "floor"], "frames": {"0": ["wall"]}})"); },
       [](const Bytes& b) { return parseTags(textOf(b), "x").has_value(); }},
      {"matrix",
       [] { return testing::bytesOf("1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"); },
       [](const Bytes& b) {
         const auto numbers = parseNumbers(textOf(b), "x");
         const auto matrix = parseMatrix4(textOf(b), "x");  // which takes twelve numbers, too
         return numbers && numbers->size() == 16 && matrix && poseFromMatrix(*matrix, "x");
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

// Of text without an end a shorter one may be whole: only harm is looked for.
TEST(DamagedText, CutOrFlippedDoesNoHarm) {
  const Bytes table = testing::bytesOf("id\traw_category\tnyu40id\r\n1\twall\t1\r\n2\tchair\t5\r\n");
  const Bytes scene = testing::bytesOf("axisAlignment = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 \nfx_color = 1170\n");
  const Bytes list = testing::bytesOf("scene0000_00\r\nscene0000_01\n");
  for (const Bytes& good : {table, scene, list}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      Bytes flipped = good;
      flipped[at] ^= std::byte{0x81};
      for (const Bytes& bad : {flipped, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at))}) {
        (void)LabelMap::parse(textOf(bad), "x");
        (void)parseSplitList(textOf(bad), "x");
        const auto values = parseSceneText(textOf(bad));
        if (values.contains("axisAlignment")) (void)parseMatrix4(values.at("axisAlignment"), "x");
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         DamagedFile,
                         ::testing::Range(std::size_t{0}, readers().size()),
                         [](const auto& instance) { return std::string(readers()[instance.param].name); });

}  // namespace
}  // namespace tagscape
