// Writes a scene as large as one of ScanNet's, to measure how long large things take: 150,000 vertices and a recording
// of 2,000 frames (JPEG 1296 x 968, zlib depth 640 x 480). A wavy field seen from above; nothing of it is a benchmark
// of learning. Usage: make_scene FOLDER [NUM_FRAMES]

#include "core/clouds/ply.h"
#include "core/scans/sens_file.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace tagscape;

constexpr std::uint32_t kColumns = 400, kRows = 375;  // 150,000 vertices, 2 cm apart

PlyContent field() {
  PlyContent content;
  auto& [positions, colors, normals] = content.mesh.vertices;
  for (std::uint32_t j = 0; j < kRows; ++j) {
    for (std::uint32_t i = 0; i < kColumns; ++i) {
      const float x = 0.02F * static_cast<float>(i), y = 0.02F * static_cast<float>(j);
      positions.emplace_back(x, y, 0.3F * std::sin(2 * x) * std::cos(3 * y));
      colors.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j), 128});
      if (i + 1 == kColumns || j + 1 == kRows) continue;
      const std::uint32_t corner = j * kColumns + i;
      content.mesh.triangles.push_back({corner, corner + 1, corner + kColumns});
      content.mesh.triangles.push_back({corner + 1, corner + kColumns + 1, corner + kColumns});
    }
  }
  return content;
}

SensFrameData frameOf(std::size_t index, std::size_t num_frames) {
  SensFrameData frame;
  frame.color = RgbImage(1296, 968, 3);
  for (int y = 0; y < frame.color.height; ++y) {
    for (int x = 0; x < frame.color.width; ++x) {
      const int shade = (x * 7 + y * 3 + static_cast<int>(index) * 11) & 127;
      for (int c = 0; c < 3; ++c) frame.color.at(x, y, c) = static_cast<std::uint8_t>(60 + shade + 20 * c);
    }
  }
  frame.depth = RawDepthImage(640, 480, 1, static_cast<std::uint16_t>(3000 + index % 100));
  for (std::size_t i = 0; i < frame.depth.pixels.size(); ++i)
    frame.depth.pixels[i] = static_cast<std::uint16_t>(frame.depth.pixels[i] + (i * 2654435761U >> 27));
  // From 3 m above, looking down, along the diagonal.
  const float share = static_cast<float>(index) / static_cast<float>(num_frames);
  frame.world_from_camera << 1, 0, 0, 8 * share, 0, -1, 0, 7.5F * share, 0, 0, -1, 3, 0, 0, 0, 1;
  return frame;
}

SensHeader header() {
  SensHeader header;
  header.color_type = SensColor::Jpeg;
  header.color_width = 1296;
  header.color_height = 968;
  header.depth_width = 640;
  header.depth_height = 480;
  header.color_intrinsic.topLeftCorner<2, 3>() << 1170, 0, 647.5F, 0, 1170, 483.5F;
  header.depth_intrinsic.topLeftCorner<2, 3>() << 577, 0, 319.5F, 0, 577, 239.5F;
  return header;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "Usage: make_scene FOLDER [NUM_FRAMES]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const std::size_t num_frames = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
  std::filesystem::create_directories(folder);
  const std::string id = folder.filename().string();
  Status done = writePly(folder / (id + "_vh_clean_2.ply"), field());
  if (done) {
    done = writeSens(folder / (id + ".sens"), header(), num_frames, [&](std::size_t i) -> Result<SensFrameData> {
      return frameOf(i, num_frames);
    });
  }
  if (!done) std::fprintf(stderr, "error: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
