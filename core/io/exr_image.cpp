#include "core/io/exr_image.h"

#include <fmt/format.h>

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfInputFile.h>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Copy or export the file again";

/// Bytes in memory, as OpenEXR wants to read them.
class MemoryStream final : public Imf::IStream {
 public:
  explicit MemoryStream(std::span<const std::byte> bytes) : Imf::IStream("memory"), bytes_(bytes) {}

  bool read(char target[], int count) override {
    if (count < 0 || static_cast<std::size_t>(count) > bytes_.size() - position_)
      throw std::runtime_error("the file ends too early");
    std::memcpy(target, bytes_.data() + position_, static_cast<std::size_t>(count));
    position_ += static_cast<std::size_t>(count);
    return position_ < bytes_.size();
  }
  std::uint64_t tellg() override { return position_; }
  void seekg(std::uint64_t position) override {
    if (position > bytes_.size()) throw std::runtime_error("a place beyond the end of the file");
    position_ = static_cast<std::size_t>(position);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

Result<ImageSize> sizeOf(const Imf::Header& header, std::size_t num_bytes, const std::filesystem::path& name) {
  const auto& window = header.dataWindow();
  const std::int64_t width = std::int64_t{window.max.x} - window.min.x + 1;
  const std::int64_t height = std::int64_t{window.max.y} - window.min.y + 1;
  // Compressed blocks of equal pixels take a byte for some thousand of them.
  constexpr std::int64_t kBestRatio = 4096;
  const bool fits = width > 0 && height > 0 && width <= kMaxImagePixels / height &&
                    width * height / kBestRatio <= static_cast<std::int64_t>(num_bytes);
  if (!fits) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("its header claims {} x {} pixels", width, height), kRemedy);
  }
  return ImageSize{static_cast<int>(width), static_cast<int>(height)};
}

std::optional<std::string> depthChannel(const Imf::ChannelList& channels) {
  for (const char* name : {"Z", "depth", "Depth", "Y", "R"}) {
    if (channels.findChannel(name) != nullptr) return name;
  }
  std::optional<std::string> only;
  for (auto it = channels.begin(); it != channels.end(); ++it) {
    if (only) return std::nullopt;
    only = it.name();
  }
  return only;
}

Result<DepthImage> decode(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  MemoryStream stream(bytes);
  Imf::InputFile file(stream, 0);
  TAGSCAPE_ASSIGN(const ImageSize size, sizeOf(file.header(), bytes.size(), name));
  const auto channel = depthChannel(file.header().channels());
  if (!channel) return failFile(ErrorCode::InvalidInput, name, "it has no channel of depth (Z, Y or R)", kRemedy);
  DepthImage depth(size.width, size.height, 1);
  const auto& window = file.header().dataWindow();
  constexpr std::size_t kPixel = sizeof(float);
  Imf::FrameBuffer target;
  target.insert(
      *channel,
      Imf::Slice::Make(Imf::FLOAT, depth.pixels.data(), window, kPixel, kPixel * static_cast<std::size_t>(size.width)));
  file.setFrameBuffer(target);
  file.readPixels(window.min.y, window.max.y);
  for (float& value : depth.pixels) value = std::isfinite(value) && value > 0 ? value : 0;
  return depth;
}

template <class Read>
auto guarded(const std::filesystem::path& name, const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const std::exception& problem) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("no usable OpenEXR image ({:.120})", problem.what()), kRemedy);
  }
}

}  // namespace

Result<DepthImage> decodeExrDepth(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return guarded(name, [&] { return decode(bytes, name); });
}

Result<ImageSize> peekExrSize(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return guarded(name, [&]() -> Result<ImageSize> {
    MemoryStream stream(bytes);
    const Imf::InputFile file(stream, 0);
    return sizeOf(file.header(), bytes.size(), name);
  });
}

}  // namespace tagscape
