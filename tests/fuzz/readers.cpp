#include "tests/fuzz/readers.h"

#include "core/base/files.h"
#include "core/clouds/e57.h"
#include "core/clouds/gltf.h"
#include "core/clouds/las.h"
#include "core/clouds/obj.h"
#include "core/clouds/pcd.h"
#include "core/clouds/ply.h"
#include "core/clouds/stl_off.h"
#include "core/clouds/text_cloud.h"
#include "core/io/depth_codec.h"
#include "core/io/image_codec.h"
#include "core/io/safetensors.h"
#include "core/io/zip_archive.h"
#include "core/layouts/trajectory.h"
#include "core/scans/camera_text.h"
#include "core/scans/data_set.h"
#include "core/scans/scannet_labels.h"
#include "core/scans/sens_file.h"
#include "core/scans/tags_file.h"
#include "core/weights/mxnet_params.h"
#include "core/weights/pickle.h"
#include "core/weights/torch_file.h"
#include "tests/support/e57_sample.h"
#include "tests/support/weight_samples.h"

#include <algorithm>
#include <cstring>
#include <unistd.h>
#include <zip.h>

namespace tagscape::fuzz {
namespace {

using Bytes = std::vector<std::byte>;

std::string_view textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
Bytes bytesOf(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// The bytes of a file that `write` makes.
template <class Write>
Bytes written(const Write& write) {
  const auto path = std::filesystem::temp_directory_path() / ("tagscape-seed-" + std::to_string(::getpid()));
  write(path);
  auto bytes = readFile(path).value_or(Bytes{});
  std::filesystem::remove(path);
  return bytes;
}

RgbImage picture() {
  RgbImage image(12, 8, 3);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 7);
  return image;
}

void readSens(std::span<const std::byte> bytes) {
  const auto file = SensFile::parse(bytes, "x.sens");
  if (!file) return;
  constexpr std::size_t kLooked = 3;
  for (std::size_t i = 0; i < std::min(kLooked, file->frames().size()); ++i) {
    (void)file->color(i);
    (void)file->depth(i);
  }
}

template <SensColor color, SensDepth depth>
Bytes sensSeed() {
  return written([](const std::filesystem::path& path) {
    SensHeader header{.sensor_name = "s", .color_type = color, .depth_type = depth};
    header.color_width = 12;
    header.color_height = 8;
    header.depth_width = 6;
    header.depth_height = 4;
    (void)writeSens(path, header, 2, [](std::size_t) -> Result<SensFrameData> {
      SensFrameData frame;
      frame.color = picture();
      frame.depth = RawDepthImage(6, 4, 1, 1500);
      return frame;
    });
  });
}

void readZip(std::span<const std::byte> bytes) {
  const auto archive = ZipArchive::parse(bytes, "x.zip");
  if (!archive) return;
  constexpr std::uint64_t kMaxEntry = 1 << 20;
  constexpr std::size_t kLooked = 4;
  for (std::size_t i = 0; i < std::min(kLooked, (*archive)->names().size()); ++i) (void)(*archive)->read(i, kMaxEntry);
}

Bytes zipSeed() {
  return written([](const std::filesystem::path& path) {
    int problem = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem);
    const Bytes label = encodePng16(RawDepthImage(6, 4, 1, 5)).value();
    zip_source_t* source = zip_source_buffer(archive, label.data(), label.size(), 0);
    zip_file_add(archive, "label-filt/0.png", source, ZIP_FL_ENC_UTF_8);
    zip_close(archive);
  });
}

void readSceneText(std::span<const std::byte> bytes) {
  const auto values = parseSceneText(textOf(bytes));
  const auto found = values.find("axisAlignment");
  if (found == values.end()) return;
  const auto matrix = parseMatrix4(found->second, "x.txt");
  if (matrix && poseFromMatrix(*matrix, "x.txt")) (void)intrinsicsFromMatrix(*matrix, 640, 480, "x.txt");
}

void readSegmentation(std::span<const std::byte> bytes) {
  const auto segments = parseSegments(textOf(bytes), "x.json");
  const auto groups = parseAggregation(textOf(bytes), "x.json");
  std::vector<std::string> unknown;
  if (groups)
    (void)nyu40OfSegments(segments.value_or(std::vector<std::int64_t>{1, 2}), *groups, LabelMap::builtIn(), unknown);
}

Bytes plySeed() {
  return written([](const std::filesystem::path& path) {
    PlyContent content;
    content.mesh.vertices.positions_m = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    content.mesh.vertices.colors.resize(3);
    content.mesh.triangles = {{0, 1, 2}};
    content.vertex_scalars["label"] = {1, 2, 3};
    (void)writePly(path, content);
  });
}

Bytes tensorSeed() {
  return written([](const std::filesystem::path& path) {
    TensorFile content;
    content.tensors["a"] = {"F32", {1, 2}, bytesOf("12345678")};
    (void)writeSafetensors(path, content);
  });
}

void readPickle(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes, "x.pkl", "");
  (void)pickle::read(cursor);
}

void readGltf(std::span<const std::byte> bytes) {
  (void)parseGltf(bytes, "x.gltf", [](const std::string&) -> Result<Bytes> { return bytesOf("0123456789"); });
}

/// One triangle, its bytes in the document.
Bytes gltfSeed() {
  return bytesOf(
      R"({"scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0, "translation": [1, 0, 0]}], "meshes": [{"primitives": )"
      R"([{"attributes": {"POSITION": 0}, "mode": 4}]}], "accessors": [{"bufferView": 0, "componentType": 5121, "count": 3, )"
      R"("type": "VEC3"}], "bufferViews": [{"buffer": 0, "byteLength": 9}], "buffers": [{"byteLength": 9, "uri": )"
      R"("data:application/octet-stream;base64,AAAAAQAAAAEA"}]})");
}

void readNumbers(std::span<const std::byte> bytes) {
  if (const auto camera = parseCamera(textOf(bytes), "x")) {
    std::string note;
    (void)fitCamera(*camera, 640, 480, "x", note);
  }
}

Bytes lasSeed() {
  Bytes file(227 + 20, std::byte{0});
  const auto put = [&](std::size_t at, auto value) { std::memcpy(file.data() + at, &value, sizeof(value)); };
  std::memcpy(file.data(), "LASF", 4);
  put(94, std::uint16_t{227});
  put(96, std::uint32_t{227});
  put(105, std::uint16_t{20});
  put(107, std::uint32_t{1});
  return file;
}

/// A file that others compressed, see tests/golden/make_laz.py.
template <int format>
Bytes lazSeed() {
  const std::string name = "format" + std::to_string(format) + ".laz";
  return readFile(std::filesystem::path(TAGSCAPE_SOURCE_DIR) / "tests/golden/laz" / name).value();
}

/// Points and colours, in packets that end within values.
Bytes e57Seed() {
  const auto integer = [](const std::string& name, std::vector<double> values) {
    return testing::E57Column{
        .xml = "<" + name + " type=\"ScaledInteger\" minimum=\"0\" maximum=\"2000\" scale=\".001\"/>",
        .num_bits = 11,
        .values = std::move(values)};
  };
  testing::E57Sample sample{.bytes_a_packet = 3};
  sample.scans.push_back({.columns = {integer("cartesianX", {1, 2, 3, 4}),
                                      integer("cartesianY", {5, 6, 7, 8}),
                                      integer("cartesianZ", {9, 10, 11, 12}),
                                      integer("colorRed", {1, 2, 3, 4}),
                                      integer("colorGreen", {1, 2, 3, 4}),
                                      integer("colorBlue", {1, 2, 3, 4})},
                          .xml = "<pose><translation><x>1</x></translation></pose>"});
  return testing::encodeE57(sample);
}

/// Checksums of pages would hide what is behind them: they are made anew, as someone who means harm would.
void readE57(std::span<const std::byte> bytes) {
  Bytes file(bytes.begin(), bytes.end());
  testing::renewE57Checksums(file);
  (void)parseE57(file, "x.e57");
}

const std::vector<Reader> kReaders{
    {"pcd",
     [](auto b) { (void)parsePcd(b, "x.pcd"); },
     [] {
       return bytesOf(
           "VERSION .7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA "
           "binary\n0123456789abcdef");
     }},
    {"obj",
     [](auto b) { (void)parseObj(textOf(b), "x.obj"); },
     [] { return bytesOf("v 0 0 0 1 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 1\nf 1//1 2//1 -1//1\n"); }},
    {"gltf", &readGltf, &gltfSeed},
    {"stl",
     [](auto b) { (void)parseStl(b, "x.stl"); },
     [] { return bytesOf("solid x\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendsolid\n"); }},
    {"off",
     [](auto b) { (void)parseOff(textOf(b), "x.off"); },
     [] { return bytesOf("COFF\n3 1 0\n0 0 0 9 9 9\n1 0 0 9 9 9\n0 1 0 9 9 9\n3 0 1 2\n"); }},
    {"text_cloud",
     [](auto b) { (void)parseTextCloud(textOf(b), "x.txt"); },
     [] { return bytesOf("//X Y Z R G B label\n2\n0,5;1;2;255;0;0;3\n1;2;3;4;5;6;7\n"); }},
    {"las", [](auto b) { (void)parseLas(b, "x.las"); }, &lasSeed},
    {"laz", [](auto b) { (void)parseLas(b, "x.laz"); }, &lazSeed<3>},
    {"laz_layers", [](auto b) { (void)parseLas(b, "x.laz"); }, &lazSeed<7>},
    {"e57", &readE57, &e57Seed},
    {"numbers", &readNumbers, [] { return bytesOf("# K\n[[525, 0, 319.5]\n [0, 525, 239.5] [0 0 1]]\n"); }},
    {"trajectory",
     [](auto b) { (void)parseTumTrajectory(textOf(b), "x.txt").map([](const Trajectory& t) { (void)t.at(1, 2); }); },
     [] { return bytesOf("# time\n1.5 0 0 0 0 0 0 1\n2.5 1 0 0 0 0 1 0\n"); }},
    {"log_trajectory",
     [](auto b) { (void)parseLogTrajectory(textOf(b), "x.log"); },
     [] { return bytesOf("0 0 1\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"); }},
    {"depth",
     [](auto b) { (void)decodeDepth(b, 1000, "x.pgm"); },
     [] { return bytesOf("P5\n# mm\n2 2\n65535\n01234567"); }},
    {"exr",
     [](auto b) { (void)decodeDepth(b, 1000, "x.exr"); },
     [] { return bytesOf(std::string_view("\x76\x2f\x31\x01\x02\0\0\0", 8)); }},
    {"ply", [](auto b) { (void)parsePly(b, "x.ply"); }, &plySeed},
    {"ply_text",
     [](auto b) { (void)parsePly(b, "x.ply"); },
     [] {
       return bytesOf(
           "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
           "property uchar red\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
           "0 0 0 1\n1 0 0 2\n0 1 0 3\n3 0 1 2\n");
     }},
    {"sens", &readSens, &sensSeed<SensColor::Jpeg, SensDepth::Zlib>},
    {"sens_raw", &readSens, &sensSeed<SensColor::Raw, SensDepth::Raw>},
    {"zip", &readZip, &zipSeed},
    {"segments",
     &readSegmentation,
     [] { return bytesOf(R"({"params": {"k": "1"}, "sceneId": "s", "segIndices": [1, 2, 2, 7]})"); }},
    {"aggregation",
     &readSegmentation,
     [] { return bytesOf(R"({"segGroups": [{"id": 0, "segments": [1, 2], "label": "chair"}]})"); }},
    {"label_map",
     [](auto b) { (void)LabelMap::parse(textOf(b), "x.tsv"); },
     [] { return bytesOf("id\traw_category\tcategory\tnyu40id\n1\twall\twall\t1\n2\tchair\tchair\t5\n"); }},
    {"scene_text",
     &readSceneText,
     [] { return bytesOf("axisAlignment = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 \ncolorHeight = 968\n"); }},
    {"split_list",
     [](auto b) { (void)parseSplitList(textOf(b), "x.txt"); },
     [] { return bytesOf("a\nscene0000_00\n"); }},
    {"tags",
     [](auto b) { (void)parseTags(textOf(b), "tags.json"); },
     [] { return bytesOf(R"({"scene": ["wall"], "frames": {"0": ["wall"]}})"); }},
    {"safetensors", [](auto b) { (void)parseSafetensors(b, "x"); }, &tensorSeed},
    {"mxnet_params", [](auto b) { (void)parseMxnetParams(b, "x"); }, &testing::smallMxnetParams},
    {"torch_zip", [](auto b) { (void)parseTorchFile(b, "x"); }, &testing::smallTorchZip},
    {"torch_legacy", [](auto b) { (void)parseTorchFile(b, "x"); }, &testing::smallTorchLegacy},
    {"pickle", &readPickle, &testing::smallPickle},
    {"jpeg", [](auto b) { (void)decodeColor(b, "x.jpg"); }, [] { return encodeJpeg(picture(), 80).value(); }},
    {"png", [](auto b) { (void)decodeColor(b, "x.png"); }, [] { return encodePng(picture()).value(); }},
    {"png16",
     [](auto b) { (void)decodePng16(b, "x.png"); },
     [] { return encodePng16(RawDepthImage(9, 7, 1, 1234)).value(); }},
};

}  // namespace

std::span<const Reader> allReaders() { return kReaders; }

}  // namespace tagscape::fuzz
