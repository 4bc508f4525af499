#pragma once

#include "core/base/result.h"
#include "core/io/byte_source.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

enum class SensColor { Raw = 0, Png = 1, Jpeg = 2 };
enum class SensDepth { Raw = 0, Zlib = 1 };

/// The header of a .sens file. Matrices are 4x4.
struct SensHeader {
  std::string sensor_name;
  Eigen::Matrix4f color_intrinsic = Eigen::Matrix4f::Identity();
  Eigen::Matrix4f color_extrinsic = Eigen::Matrix4f::Identity();
  Eigen::Matrix4f depth_intrinsic = Eigen::Matrix4f::Identity();
  Eigen::Matrix4f depth_extrinsic = Eigen::Matrix4f::Identity();
  SensColor color_type = SensColor::Jpeg;
  SensDepth depth_type = SensDepth::Zlib;
  int color_width = 0, color_height = 0;
  int depth_width = 0, depth_height = 0;
  float depth_units_per_m = 1000;
};

/// Where a frame lies in the file, and what needs no pixels to be known.
struct SensFrame {
  Eigen::Matrix4f world_from_camera = Eigen::Matrix4f::Identity();  ///< All -inf where tracking was lost.
  std::uint64_t timestamp_color_us = 0;
  std::uint64_t timestamp_depth_us = 0;
  std::uint64_t color_offset = 0;  ///< Byte of the colour data; the depth data follow it.
  std::uint64_t color_bytes = 0;
  std::uint64_t depth_bytes = 0;
};

struct SensOptions {
  bool use_cache = true;  ///< Keep the index of the frames in the user's cache folder, and use one kept before.
  /// Use the whole frames of a file that is cut, or whose counts do not fit; problem() tells what is wrong with it.
  bool takes_whole_frames = false;
};

/// A recording of posed RGB-D frames in ScanNet's .sens format, version 4. Only the index is held in memory, about 120
/// bytes a frame; pixels are read from where they lie, so any frame costs the same. Safe from several threads at once.
///
/// Opening hops over the headers of the frames once (one short read each) and keeps the index in the user's cache
/// folder, under path, size and time of the file; an index that is stale or damaged is built anew.
/// Source: the format's published readers (sensorData.h, SensorData.py of the ScanNet project).
class SensFile {
 public:
  /// Errors: NotFound; InvalidInput naming the byte or frame: another version, a count or size that does not fit the
  /// file, a cut file; Unsupported for occi_ushort depth.
  [[nodiscard]] static Result<SensFile> open(const std::filesystem::path& path, const SensOptions& options = {});
  /// The twin for bytes in memory, which must outlive it.
  [[nodiscard]] static Result<SensFile> parse(std::span<const std::byte> bytes, const std::filesystem::path& name);

  [[nodiscard]] const SensHeader& header() const { return header_; }
  [[nodiscard]] const std::vector<SensFrame>& frames() const { return frames_; }
  /// What is wrong with the file after its whole frames; empty if nothing is.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// Errors: InvalidInput naming the frame if its data are damaged or of another size than the header says; Io.
  [[nodiscard]] Result<RgbImage> color(std::size_t index) const;
  /// As stored, in 1 / depth_units_per_m metres; 0 where the sensor saw nothing. Errors as color().
  [[nodiscard]] Result<RawDepthImage> depth(std::size_t index) const;

 private:
  SensFile(std::shared_ptr<const ByteSource> source, SensHeader header, std::vector<SensFrame> frames)
      : source_(std::move(source)), header_(std::move(header)), frames_(std::move(frames)) {}

  std::shared_ptr<const ByteSource> source_;
  SensHeader header_;
  std::vector<SensFrame> frames_;
  std::string problem_;
};

/// One frame to write. Raw and PNG colour are written without loss, JPEG with quality 90.
struct SensFrameData {
  Eigen::Matrix4f world_from_camera = Eigen::Matrix4f::Identity();
  std::uint64_t timestamp_color_us = 0;
  std::uint64_t timestamp_depth_us = 0;
  RgbImage color;
  RawDepthImage depth;
};

/// Writes a .sens file (version 4, no inertial data) as a stream: `frame(index)` is asked for one frame after the other
/// and none is kept. Replaced atomically; after an error nothing is left behind.
/// Errors: NotWritable; those of `frame`. A frame of another size than the header's is a std::logic_error.
[[nodiscard]] Status writeSens(const std::filesystem::path& path,
                               const SensHeader& header,
                               std::size_t num_frames,
                               const std::function<Result<SensFrameData>(std::size_t)>& frame);

}  // namespace tagscape
