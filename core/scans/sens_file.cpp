#include "core/scans/sens_file.h"

#include "core/base/log.h"
#include "core/io/image_codec.h"
#include "core/scans/sens_index.h"

#include <fmt/format.h>

#include <cstring>
#include <zlib.h>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Download or copy the file again";

/// "<file>, frame 12", so that messages about pixels say where.
std::filesystem::path placeOf(const ByteSource& source, std::size_t index) {
  return fmt::format("{}, frame {}", source.name().string(), index);
}

tl::unexpected<Error> refuse(const std::filesystem::path& place, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, place, problem, kRemedy);
}

Status inflateInto(std::span<const std::byte> packed, RawDepthImage& image, const std::filesystem::path& place) {
  auto size = static_cast<uLongf>(image.pixels.size() * sizeof(std::uint16_t));
  const uLongf expected = size;
  const int outcome = ::uncompress(reinterpret_cast<Bytef*>(image.pixels.data()),
                                   &size,
                                   reinterpret_cast<const Bytef*>(packed.data()),
                                   static_cast<uLong>(packed.size()));
  if (outcome == Z_MEM_ERROR) return fail(ErrorCode::Internal, "There is not enough memory to unpack a depth map");
  if (outcome != Z_OK || size != expected) return refuse(place, "its compressed depth map is damaged");
  return {};
}

}  // namespace

Result<SensFile> SensFile::open(const std::filesystem::path& path, const SensOptions& options) {
  TAGSCAPE_ASSIGN(auto source, openByteSource(path));
  if (options.use_cache) {
    if (auto frames = sens_detail::readKeptFrames(path)) {
      std::uint64_t position = 0;
      TAGSCAPE_ASSIGN(auto header, sens_detail::parseHeader(*source, position));
      return SensFile(std::move(source), std::move(header), std::move(*frames));
    }
  }
  TAGSCAPE_ASSIGN(auto index, sens_detail::buildIndex(*source));
  const bool is_usable = index.problem.empty() || (options.takes_whole_frames && !index.frames.empty());
  if (!is_usable) return refuse(path, index.problem);
  if (options.use_cache && index.problem.empty()) {
    if (const auto kept = sens_detail::keepFrames(path, index.frames); !kept)
      log::debug("The index of a .sens file is not kept for the next start. " + kept.error().message);
  }
  SensFile file(std::move(source), std::move(index.header), std::move(index.frames));
  file.problem_ = std::move(index.problem);
  return file;
}

Result<SensFile> SensFile::parse(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  auto source = memoryByteSource(bytes, name);
  TAGSCAPE_ASSIGN(auto index, sens_detail::buildIndex(*source));
  if (!index.problem.empty()) return refuse(name, index.problem);
  return SensFile(std::move(source), std::move(index.header), std::move(index.frames));
}

Result<RgbImage> SensFile::color(std::size_t index) const {
  const SensFrame& frame = frames_.at(index);
  const auto place = placeOf(*source_, index);
  const int width = header_.color_width;
  const int height = header_.color_height;
  const std::uint64_t raw_bytes =
      std::uint64_t{3} * static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (header_.color_type == SensColor::Raw && frame.color_bytes != raw_bytes)
    return refuse(place, fmt::format("its colours take {} bytes instead of {}", frame.color_bytes, raw_bytes));
  TAGSCAPE_ASSIGN(const auto bytes, source_->bytes(frame.color_offset, frame.color_bytes));
  if (header_.color_type == SensColor::Raw) {
    RgbImage image(width, height, 3);
    std::memcpy(image.pixels.data(), bytes.data(), bytes.size());
    return image;
  }
  TAGSCAPE_ASSIGN(const ImageSize size, peekImageSize(bytes, place));
  if (size != ImageSize{width, height}) {
    return refuse(
        place, fmt::format("its image has {} x {} pixels instead of {} x {}", size.width, size.height, width, height));
  }
  return decodeColor(bytes, place);
}

Result<RawDepthImage> SensFile::depth(std::size_t index) const {
  const SensFrame& frame = frames_.at(index);
  const auto place = placeOf(*source_, index);
  const std::uint64_t raw_bytes = sizeof(std::uint16_t) * static_cast<std::uint64_t>(header_.depth_width) *
                                  static_cast<std::uint64_t>(header_.depth_height);
  // Deflate packs 1032 bytes into one at best: whatever claims more is damaged, and no image is allocated for it.
  constexpr std::uint64_t kBestRatio = 1032;
  const bool raw = header_.depth_type == SensDepth::Raw;
  if ((raw && frame.depth_bytes != raw_bytes) || (!raw && frame.depth_bytes < raw_bytes / kBestRatio))
    return refuse(place, fmt::format("its depth map takes {} bytes, which does not fit its size", frame.depth_bytes));
  TAGSCAPE_ASSIGN(const auto bytes, source_->bytes(frame.color_offset + frame.color_bytes, frame.depth_bytes));
  RawDepthImage image(header_.depth_width, header_.depth_height, 1);
  if (raw) {
    std::memcpy(image.pixels.data(), bytes.data(), bytes.size());
  } else {
    TAGSCAPE_TRY(inflateInto(bytes, image, place));
  }
  return image;
}

}  // namespace tagscape
