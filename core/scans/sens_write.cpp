#include "core/base/files.h"
#include "core/io/image_codec.h"
#include "core/scans/sens_file.h"

#include <cstring>
#include <ostream>
#include <stdexcept>
#include <zlib.h>

namespace tagscape {
namespace {

template <class T>
void put(std::ostream& file, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  file.write(reinterpret_cast<const char*>(&value), sizeof(T));
}

void putMatrix(std::ostream& file, const Eigen::Matrix4f& matrix) {
  const Eigen::Matrix<float, 4, 4, Eigen::RowMajor> rows = matrix;
  file.write(reinterpret_cast<const char*>(rows.data()), 16 * sizeof(float));
}

void putBytes(std::ostream& file, std::span<const std::byte> bytes) {
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void putHeader(std::ostream& file, const SensHeader& header, std::size_t num_frames) {
  put(file, std::uint32_t{4});
  put(file, static_cast<std::uint64_t>(header.sensor_name.size()));
  file << header.sensor_name;
  for (const auto* matrix :
       {&header.color_intrinsic, &header.color_extrinsic, &header.depth_intrinsic, &header.depth_extrinsic})
    putMatrix(file, *matrix);
  put(file, static_cast<std::int32_t>(header.color_type));
  put(file, static_cast<std::int32_t>(header.depth_type));
  for (const int side : {header.color_width, header.color_height, header.depth_width, header.depth_height})
    put(file, static_cast<std::uint32_t>(side));
  put(file, header.depth_units_per_m);
  put(file, static_cast<std::uint64_t>(num_frames));
}

Result<std::vector<std::byte>> packColor(const RgbImage& image, SensColor type) {
  constexpr int kJpegQuality = 90;
  if (type == SensColor::Jpeg) return encodeJpeg(image, kJpegQuality);
  if (type == SensColor::Png) return encodePng(image);
  const auto bytes = std::as_bytes(std::span(image.pixels));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

Result<std::vector<std::byte>> packDepth(const RawDepthImage& image, SensDepth type) {
  const auto bytes = std::as_bytes(std::span(image.pixels));
  if (type == SensDepth::Raw) return std::vector<std::byte>(bytes.begin(), bytes.end());
  auto size = ::compressBound(static_cast<uLong>(bytes.size()));
  std::vector<std::byte> packed(size);
  constexpr int kFastLevel = 1;
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()),
                  &size,
                  reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()),
                  kFastLevel) != Z_OK) {
    return fail(ErrorCode::Internal, "a depth map could not be compressed");
  }
  packed.resize(size);
  return packed;
}

Status putFrame(std::ostream& file, const SensHeader& header, const SensFrameData& frame) {
  if (frame.color.width != header.color_width || frame.color.height != header.color_height ||
      frame.depth.width != header.depth_width || frame.depth.height != header.depth_height) {
    throw std::logic_error("writeSens: a frame has another size than the header says");
  }
  TAGSCAPE_ASSIGN(const auto color, packColor(frame.color, header.color_type));
  TAGSCAPE_ASSIGN(const auto depth, packDepth(frame.depth, header.depth_type));
  putMatrix(file, frame.world_from_camera);
  put(file, frame.timestamp_color_us);
  put(file, frame.timestamp_depth_us);
  put(file, static_cast<std::uint64_t>(color.size()));
  put(file, static_cast<std::uint64_t>(depth.size()));
  putBytes(file, color);
  putBytes(file, depth);
  return {};
}

}  // namespace

Status writeSens(const std::filesystem::path& path,
                 const SensHeader& header,
                 std::size_t num_frames,
                 const std::function<Result<SensFrameData>(std::size_t)>& frame) {
  Status frames_status;
  const Status written = writeFileAtomically(path, [&](std::ostream& file) {
    putHeader(file, header, num_frames);
    for (std::size_t i = 0; i < num_frames && file && frames_status; ++i) {
      const auto data = frame(i);
      frames_status = data ? putFrame(file, header, *data) : Status(fail(data.error()));
    }
    put(file, std::uint64_t{0});                           // inertial measurements
    if (!frames_status) file.setstate(std::ios::failbit);  // the file is not kept
  });
  return frames_status ? written : frames_status;
}

}  // namespace tagscape
