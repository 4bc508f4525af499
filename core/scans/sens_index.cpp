#include "core/scans/sens_index.h"

#include "core/base/files.h"
#include "core/io/image_codec.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace tagscape::sens_detail {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little, ".sens is little-endian and copied as it is");

constexpr std::string_view kRemedy = "Download or copy the file again";
constexpr std::uint64_t kInertialBytes = 128;
constexpr std::uint64_t kMaxNameBytes = 4096;

tl::unexpected<Error> refuse(const ByteSource& source, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, source.name(), problem, kRemedy);
}

using RowMajor4f = Eigen::Matrix<float, 4, 4, Eigen::RowMajor>;

/// Takes values one after the other.
class Cursor {
 public:
  Cursor(const ByteSource& source, std::uint64_t position) : source_(source), position_(position) {}
  template <class T>
  Status take(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::array<std::byte, sizeof(T)> bytes;
    TAGSCAPE_TRY(source_.read(position_, bytes));
    std::memcpy(&value, bytes.data(), sizeof(T));
    position_ += sizeof(T);
    return {};
  }
  Status take(Eigen::Matrix4f& matrix) {
    std::array<float, 16> values;
    TAGSCAPE_TRY(take(values));
    matrix = Eigen::Map<const RowMajor4f>(values.data());
    return {};
  }
  Status take(std::string& text, std::uint64_t size) {
    TAGSCAPE_ASSIGN(const auto bytes, source_.bytes(position_, size));
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    position_ += size;
    return {};
  }
  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  const ByteSource& source_;
  std::uint64_t position_;
};

Status checkTypes(const ByteSource& source, std::int32_t color, std::int32_t depth) {
  if (color < 0 || color > 2) return refuse(source, fmt::format("it has the unknown colour type {}", color));
  if (depth == 2) {
    return failFile(ErrorCode::Unsupported,
                    source.name(),
                    "its depth maps are compressed as occi_ushort, which is not supported",
                    "Write it again with zlib_ushort depth");
  }
  if (depth < 0 || depth > 1) return refuse(source, fmt::format("it has the unknown depth type {}", depth));
  return {};
}

Result<int> imageSide(const ByteSource& source, std::uint32_t side) {
  constexpr std::uint32_t kMaxSide = 1 << 16;
  if (side == 0 || side > kMaxSide) return refuse(source, fmt::format("its images claim a side of {} pixels", side));
  return static_cast<int>(side);
}

Status takeSizes(Cursor& cursor, const ByteSource& source, SensHeader& header) {
  std::array<std::uint32_t, 4> sides;
  TAGSCAPE_TRY(cursor.take(sides));
  TAGSCAPE_ASSIGN(header.color_width, imageSide(source, sides[0]));
  TAGSCAPE_ASSIGN(header.color_height, imageSide(source, sides[1]));
  TAGSCAPE_ASSIGN(header.depth_width, imageSide(source, sides[2]));
  TAGSCAPE_ASSIGN(header.depth_height, imageSide(source, sides[3]));
  if (std::int64_t{header.color_width} * header.color_height > kMaxImagePixels ||
      std::int64_t{header.depth_width} * header.depth_height > kMaxImagePixels) {
    return refuse(source, "its images claim more than 64 megapixels");
  }
  TAGSCAPE_TRY(cursor.take(header.depth_units_per_m));
  if (!std::isfinite(header.depth_units_per_m) || header.depth_units_per_m <= 0)
    return refuse(source, fmt::format("its depth scale is {}", header.depth_units_per_m));
  return {};
}

void unpackFrame(const std::array<std::byte, kFrameHeaderBytes>& bytes, SensFrame& frame) {
  std::array<float, 16> pose;
  std::array<std::uint64_t, 4> numbers;
  std::memcpy(pose.data(), bytes.data(), sizeof(pose));
  std::memcpy(numbers.data(), bytes.data() + sizeof(pose), sizeof(numbers));
  frame.world_from_camera = Eigen::Map<const RowMajor4f>(pose.data());
  frame.timestamp_color_us = numbers[0];
  frame.timestamp_depth_us = numbers[1];
  frame.color_bytes = numbers[2];
  frame.depth_bytes = numbers[3];
}

}  // namespace

bool fits(const SensFrame& frame, std::uint64_t file_bytes) {
  return frame.color_offset <= file_bytes && frame.color_bytes <= file_bytes - frame.color_offset &&
         frame.depth_bytes <= file_bytes - frame.color_offset - frame.color_bytes;
}

Result<SensHeader> parseHeader(const ByteSource& source, std::uint64_t& position) {
  Cursor cursor(source, position);
  std::uint32_t version = 0;
  std::uint64_t name_bytes = 0;
  if (source.size() == 0) return refuse(source, "it is empty");
  TAGSCAPE_TRY(cursor.take(version));
  constexpr std::uint32_t kText = 0x21202020;  // "<!DO", "<htm" and any other four printable characters lie above it
  if (version >= kText && (version & 0x80808080) == 0) return refuse(source, "it is a text or a page of a web site");
  if (version != 4) return refuse(source, fmt::format("it is no .sens file of version 4 (it says {})", version));
  TAGSCAPE_TRY(cursor.take(name_bytes));
  if (name_bytes > kMaxNameBytes) return refuse(source, fmt::format("its sensor name claims {} bytes", name_bytes));
  SensHeader header;
  TAGSCAPE_TRY(cursor.take(header.sensor_name, name_bytes));
  for (auto* matrix :
       {&header.color_intrinsic, &header.color_extrinsic, &header.depth_intrinsic, &header.depth_extrinsic})
    TAGSCAPE_TRY(cursor.take(*matrix));
  std::int32_t color = 0;
  std::int32_t depth = 0;
  TAGSCAPE_TRY(cursor.take(color));
  TAGSCAPE_TRY(cursor.take(depth));
  TAGSCAPE_TRY(checkTypes(source, color, depth));
  header.color_type = static_cast<SensColor>(color);
  header.depth_type = static_cast<SensDepth>(depth);
  TAGSCAPE_TRY(takeSizes(cursor, source, header));
  position = cursor.position();
  return header;
}

namespace {

/// Frames up to the first that is not whole. @return what is wrong with the file after these; empty if nothing is.
std::string takeFrames(const ByteSource& source, std::uint64_t position, SensIndex& index) {
  Cursor counter(source, position);
  std::uint64_t num_frames = 0;
  if (!counter.take(num_frames)) return "it ends before its frames";
  position = counter.position();
  if (num_frames > (source.size() - position) / kFrameHeaderBytes) {
    index.frames.reserve((source.size() - position) / kFrameHeaderBytes);
  } else {
    index.frames.reserve(num_frames);
  }
  for (std::uint64_t i = 0; i < num_frames; ++i) {
    std::array<std::byte, kFrameHeaderBytes> bytes;
    if (!source.read(position, bytes)) return fmt::format("it ends in frame {} of {} frames", i, num_frames);
    SensFrame frame;
    unpackFrame(bytes, frame);
    frame.color_offset = position + kFrameHeaderBytes;
    if (!fits(frame, source.size()))
      return fmt::format("it ends in frame {} of {} frames (byte {})", i, num_frames, position);
    position = frame.color_offset + frame.color_bytes + frame.depth_bytes;
    index.frames.push_back(frame);
  }
  Cursor inertial(source, position);
  std::uint64_t num_inertial = 0;
  if (!inertial.take(num_inertial)) return "it ends before the count of inertial measurements";
  if (num_inertial > (source.size() - inertial.position()) / kInertialBytes)
    return fmt::format("it claims {} inertial measurements, more than it holds", num_inertial);
  return "";
}

}  // namespace

Result<SensIndex> buildIndex(const ByteSource& source) {
  SensIndex index;
  std::uint64_t position = 0;
  TAGSCAPE_ASSIGN(index.header, parseHeader(source, position));
  index.problem = takeFrames(source, position, index);
  return index;
}

// ---- the kept index ------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view kMagic = "tagscape sens index 1\n";

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

/// Everything that tells one state of a file from another.
std::string identityOf(const fs::path& path) {
  std::error_code code;
  const auto absolute = fs::weakly_canonical(path, code);
  return fmt::format("{}\n{}\n{}\n",
                     absolute.string(),
                     fs::file_size(path, code),
                     fs::last_write_time(path, code).time_since_epoch().count());
}

constexpr std::size_t kKeptFrameBytes = 16 * sizeof(float) + 5 * sizeof(std::uint64_t);

void packFrame(const SensFrame& frame, std::string& out) {
  const RowMajor4f pose = frame.world_from_camera;
  const std::array<std::uint64_t, 5> numbers{
      frame.timestamp_color_us, frame.timestamp_depth_us, frame.color_offset, frame.color_bytes, frame.depth_bytes};
  out.append(reinterpret_cast<const char*>(pose.data()), 16 * sizeof(float));
  out.append(reinterpret_cast<const char*>(numbers.data()), sizeof(numbers));
}

SensFrame unpackKept(const char* from) {
  std::array<float, 16> pose;
  std::array<std::uint64_t, 5> numbers;
  std::memcpy(pose.data(), from, sizeof(pose));
  std::memcpy(numbers.data(), from + sizeof(pose), sizeof(numbers));
  return {Eigen::Map<const RowMajor4f>(pose.data()), numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
}

}  // namespace

fs::path keptFramesFile(const fs::path& path) {
  std::error_code code;
  const std::string absolute = fs::weakly_canonical(path, code).string();
  return userCacheFolder() / "sens" / fmt::format("{}-{:016x}.index", path.stem().string(), fnv1a(absolute));
}

std::optional<std::vector<SensFrame>> readKeptFrames(const fs::path& path) {
  const auto text = readTextFile(keptFramesFile(path));
  const std::string begin = std::string(kMagic) + identityOf(path);
  if (!text || !text->starts_with(begin) || text->size() < begin.size() + sizeof(std::uint64_t)) return std::nullopt;
  const std::string_view body = std::string_view(*text).substr(0, text->size() - sizeof(std::uint64_t));
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, text->data() + body.size(), sizeof(checksum));
  const std::size_t frame_bytes = body.size() - begin.size();
  if (checksum != fnv1a(body) || frame_bytes % kKeptFrameBytes != 0) return std::nullopt;
  std::error_code code;
  const auto file_bytes = fs::file_size(path, code);
  std::vector<SensFrame> frames(frame_bytes / kKeptFrameBytes);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i] = unpackKept(body.data() + begin.size() + i * kKeptFrameBytes);
    if (!fits(frames[i], file_bytes)) return std::nullopt;
  }
  return frames;
}

Status keepFrames(const fs::path& path, const std::vector<SensFrame>& frames) {
  std::string content = std::string(kMagic) + identityOf(path);
  for (const auto& frame : frames) packFrame(frame, content);
  const std::uint64_t checksum = fnv1a(content);
  content.append(reinterpret_cast<const char*>(&checksum), sizeof(checksum));
  return writeFileAtomically(keptFramesFile(path), std::string_view(content));
}

}  // namespace tagscape::sens_detail
