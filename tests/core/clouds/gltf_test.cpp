#include "core/clouds/gltf.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// One triangle with byte colours and 16-bit indices, as the binary chunk of the files below.
std::string triangleBytes() {
  std::string out;
  const auto append = [&](auto value) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(value)>>(value);
    out.append(bytes.data(), bytes.size());
  };
  for (const float x : {0.F, 0.F, 0.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F}) append(x);
  for (const int color : {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255}) append(static_cast<std::uint8_t>(color));
  for (const std::uint16_t index : {0, 1, 2}) append(index);
  out.append(2, '\0');
  return out;
}

std::string json(const std::string& nodes, const std::string& mode = "4", const std::string& more = "") {
  return R"({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": )" + nodes +
         R"(, "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "COLOR_0": 1}, "indices": 2, "mode": )" + mode +
         R"(}]}], "accessors": [
      {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
      {"bufferView": 1, "componentType": 5121, "normalized": true, "count": 3, "type": "VEC4"},
      {"bufferView": 2, "componentType": 5123, "count": 3, "type": "SCALAR"}],
      "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 12},
                      {"buffer": 0, "byteOffset": 48, "byteLength": 6}],
      "buffers": [{"byteLength": 56}])" +
         more + "}";
}

std::string glb(std::string text) {
  text.resize((text.size() + 3) / 4 * 4, ' ');
  const std::string binary = triangleBytes();
  std::string out = "glTF";
  const auto append = [&](std::uint32_t value) {
    const auto bytes = std::bit_cast<std::array<char, 4>>(value);
    out.append(bytes.data(), bytes.size());
  };
  append(2);
  append(static_cast<std::uint32_t>(12 + 8 + text.size() + 8 + binary.size()));
  append(static_cast<std::uint32_t>(text.size()));
  append(0x4E4F534A);
  out += text;
  append(static_cast<std::uint32_t>(binary.size()));
  append(0x004E4942);
  return out + binary;
}

Result<CloudContent> parse(const std::string& bytes) {
  return parseGltf(testing::bytesOf(bytes), "a.glb", [](const std::string& uri) -> Result<std::vector<std::byte>> {
    if (uri == "a.bin") return testing::bytesOf(triangleBytes());
    return fail(ErrorCode::NotFound, uri + " is missing");
  });
}

CloudContent read(const std::string& bytes) {
  auto content = parse(bytes);
  EXPECT_TRUE(content) << content.error().message;
  return content ? *content : CloudContent{};
}

TEST(Gltf, ReadsATriangleWithItsColours) {
  const auto content = read(glb(json(R"([{"mesh": 0}])")));
  EXPECT_THAT(content.mesh.triangles, ElementsAre(Triangle{0, 1, 2}));
  EXPECT_EQ(content.mesh.vertices.positions_m[1], Eigen::Vector3f(1, 0, 0));
  EXPECT_EQ(content.mesh.vertices.colors[1], (Rgb8{0, 255, 0}));
  EXPECT_THAT(content.notes.back(), HasSubstr("y is up"));
}

TEST(Gltf, PutsPartsWhereTheirNodesAndParentsAre) {
  // The parent is turned by 90 degrees about z and scaled by 2; the child is moved by 1 along its own x.
  const auto content = read(glb(json(
      R"([{"children": [1, 2], "rotation": [0, 0, 0.70710678, 0.70710678], "scale": [2, 2, 2]},
          {"mesh": 0, "translation": [1, 0, 0]},
          {"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 5, 1]}])")));
  const auto& positions = content.mesh.vertices.positions_m;
  ASSERT_EQ(positions.size(), 6U);
  EXPECT_TRUE(positions[0].isApprox(Eigen::Vector3f(0, 2, 0), 1e-5F)) << positions[0].transpose();
  EXPECT_TRUE(positions[1].isApprox(Eigen::Vector3f(0, 4, 0), 1e-5F)) << positions[1].transpose();
  EXPECT_TRUE(positions[3].isApprox(Eigen::Vector3f(0, 0, 10), 1e-5F)) << positions[3].transpose();
  EXPECT_THAT(content.mesh.triangles, ElementsAre(Triangle{0, 1, 2}, Triangle{3, 4, 5}));
}

TEST(Gltf, AMirroredPartKeepsItsOutside) {
  const auto content = read(glb(json(R"([{"mesh": 0, "scale": [-1, 1, 1]}])")));
  EXPECT_THAT(content.mesh.triangles, ElementsAre(Triangle{0, 2, 1}));
}

TEST(Gltf, ReadsPointsAndFans) {
  EXPECT_TRUE(read(glb(json(R"([{"mesh": 0}])", "0"))).mesh.triangles.empty());
  EXPECT_THAT(read(glb(json(R"([{"mesh": 0}])", "6"))).mesh.triangles, ElementsAre(Triangle{0, 1, 2}));
}

TEST(Gltf, ReadsBuffersBesideItAndInIt) {
  std::string beside = json(R"([{"mesh": 0}])");
  beside.replace(beside.find("{\"byteLength\": 56}"), 18, R"({"byteLength": 56, "uri": "a.bin"})");
  EXPECT_EQ(read(beside).mesh.vertices.size(), 3U);
  beside.replace(beside.find("a.bin"), 5, "b.bin");
  EXPECT_THAT(parse(beside).error().message, HasSubstr("b.bin"));
}

TEST(Gltf, NamesTheCompressionThatItRefuses) {
  const auto content =
      parse(glb(json(R"([{"mesh": 0}])", "4", R"(, "extensionsRequired": ["KHR_draco_mesh_compression"])")));
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(content.error().message, HasSubstr("KHR_draco_mesh_compression"));
}

TEST(Gltf, RefusesASceneWithoutAMeshAndNodesInACircle) {
  EXPECT_THAT(parse(glb(json(R"([{"name": "empty"}])"))).error().message, HasSubstr("no node"));
  EXPECT_THAT(parse(glb(json(R"([{"children": [0]}])"))).error().message, HasSubstr("descendant"));
}

TEST(Gltf, RefusesAccessorsThatReachPastTheirBytes) {
  std::string text = json(R"([{"mesh": 0}])");
  text.replace(text.find("\"count\": 3"), 10, "\"count\": 4");
  EXPECT_THAT(parse(glb(text)).error().message, HasSubstr("accessor 0"));
}

}  // namespace
}  // namespace tagscape
