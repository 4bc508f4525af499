#include "core/io/image_codec.h"

#include <fmt/format.h>
#include <png.h>
#include <turbojpeg.h>

#include <bit>
#include <csetjmp>
#include <cstring>
#include <memory>

namespace tagscape {
namespace {

constexpr std::string_view kReplace = "Copy or export the file again";

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool isJpeg(std::span<const std::byte> bytes) {
  return bytes.size() > 3 && bytes[0] == std::byte{0xff} && bytes[1] == std::byte{0xd8};
}
bool isPng(std::span<const std::byte> bytes) { return bytes.size() > 8 && png_sig_cmp(raw(bytes), 0, 8) == 0; }

Status checkSize(std::int64_t width, std::int64_t height, const std::filesystem::path& name) {
  if (width <= 0 || height <= 0 || width > kMaxImagePixels / height) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("its header claims {} x {} pixels", width, height),
                    "Images may have up to 64 megapixels");
  }
  return {};
}

/// Refuses a header that claims more than the bytes after it can hold, before anything is allocated for it.
Status checkClaim(std::uint64_t claimed,
                  std::uint64_t max_per_byte,
                  std::size_t bytes,
                  const std::filesystem::path& name) {
  constexpr std::uint64_t kSmall = 1 << 20;  // not worth a word
  if (claimed <= kSmall || claimed / max_per_byte <= bytes) return {};
  return failFile(
      ErrorCode::InvalidInput, name, fmt::format("{} bytes are too few for the size in its header", bytes), kReplace);
}

// ---- JPEG ----------------------------------------------------------------------------------------------------------

struct TurboDelete {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using TurboHandle = std::unique_ptr<void, TurboDelete>;

Result<ImageSize> peekJpeg(tjhandle handle, std::span<const std::byte> bytes, const std::filesystem::path& name) {
  ImageSize size;
  int subsampling = 0;
  int colorspace = 0;
  if (tjDecompressHeader3(handle, raw(bytes), bytes.size(), &size.width, &size.height, &subsampling, &colorspace) !=
      0) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("no usable JPEG header ({})", tjGetErrorStr2(handle)), kReplace);
  }
  TAGSCAPE_TRY(checkSize(size.width, size.height, name));
  // A block of 8 x 8 pixels of one plane takes a bit at least; with halved chroma that is at most 341 pixels a byte.
  constexpr std::uint64_t kMaxPixelsPerByte = 512;
  TAGSCAPE_TRY(checkClaim(static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height),
                          kMaxPixelsPerByte,
                          bytes.size(),
                          name));
  return size;
}

Result<RgbImage> decodeJpeg(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const TurboHandle handle(tjInitDecompress());
  TAGSCAPE_ASSIGN(const ImageSize size, peekJpeg(handle.get(), bytes, name));
  RgbImage image(size.width, size.height, 3);
  // libjpeg fills what is missing with grey and only warns; here a warning is a refusal.
  if (tjDecompress2(
          handle.get(), raw(bytes), bytes.size(), image.pixels.data(), size.width, 0, size.height, TJPF_RGB, 0) != 0) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("damaged JPEG ({})", tjGetErrorStr2(handle.get())), kReplace);
  }
  return image;
}

// ---- PNG -----------------------------------------------------------------------------------------------------------

/// Bytes that libpng takes, and the message with which it gave up.
struct PngInput {
  std::span<const std::byte> bytes;
  std::size_t position = 0;
  std::string message;
};

/// libpng reports errors by longjmp; between setjmp and it there must be no object with a destructor, so the reading
/// itself works on this struct, whose owner outlives the jump.
struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  PngInput input;
  std::vector<png_bytep> rows;

  explicit PngReader(std::span<const std::byte> bytes) : input{bytes, 0, {}} {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, onError, [](png_structp, png_const_charp) {});
    if (png != nullptr) info = png_create_info_struct(png);
    if (png != nullptr) png_set_read_fn(png, &input, onRead);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }

  [[noreturn]] static void onError(png_structp handle, png_const_charp message) {
    static_cast<PngInput*>(png_get_error_ptr(handle))->message = message;
    png_longjmp(handle, 1);
  }
  static void onRead(png_structp handle, png_bytep out, std::size_t count) {
    auto& input = *static_cast<PngInput*>(png_get_io_ptr(handle));
    if (count > input.bytes.size() - input.position) png_error(handle, "the file ends too early");
    std::memcpy(out, input.bytes.data() + input.position, count);
    input.position += count;
  }

  bool readHeader() {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_info(png, info);
    return true;
  }
  bool readPixels() {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_image(png, rows.data());
    png_read_end(png, nullptr);
    return true;
  }
  [[nodiscard]] ImageSize size() const {
    return {static_cast<int>(png_get_image_width(png, info)), static_cast<int>(png_get_image_height(png, info))};
  }
};

tl::unexpected<Error> failPng(const PngReader& reader, const std::filesystem::path& name) {
  return failFile(ErrorCode::InvalidInput,
                  name,
                  fmt::format("damaged PNG at byte {} ({})", reader.input.position, reader.input.message),
                  kReplace);
}

/// Asks libpng for rows of `T`, `channels` to a pixel, and reads them.
template <class T>
Result<Image<T>> readPngPixels(PngReader& reader, int channels, const std::filesystem::path& name) {
  png_read_update_info(reader.png, reader.info);
  const ImageSize size = reader.size();
  const std::size_t row_values = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels);
  if (png_get_rowbytes(reader.png, reader.info) != row_values * sizeof(T)) {
    return failFile(
        ErrorCode::InvalidInput, name, "a kind of PNG that is not used here", "Export it as 8 or 16 bit PNG");
  }
  Image<T> image(size.width, size.height, channels);
  for (int y = 0; y < size.height; ++y) {
    reader.rows.push_back(reinterpret_cast<png_bytep>(image.pixels.data() + static_cast<std::size_t>(y) * row_values));
  }
  if (!reader.readPixels()) return failPng(reader, name);
  return image;
}

Status openPng(PngReader& reader, const std::filesystem::path& name) {
  if (reader.info == nullptr) return fail(ErrorCode::Internal, "libpng could not be started");
  if (!reader.readHeader()) return failPng(reader, name);
  const ImageSize size = reader.size();
  TAGSCAPE_TRY(checkSize(size.width, size.height, name));
  constexpr std::uint64_t kBestDeflateRatio = 1032;
  const std::uint64_t row_bytes = png_get_rowbytes(reader.png, reader.info);
  return checkClaim(
      row_bytes * static_cast<std::uint64_t>(size.height), kBestDeflateRatio, reader.input.bytes.size(), name);
}

Result<RgbImage> decodePngColor(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  PngReader reader(bytes);
  TAGSCAPE_TRY(openPng(reader, name));
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_strip_alpha(reader.png);
  png_set_gray_to_rgb(reader.png);
  return readPngPixels<std::uint8_t>(reader, 3, name);
}

// ---- writing PNG ---------------------------------------------------------------------------------------------------

struct PngWriter {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<std::byte> out;

  PngWriter() {
    png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    if (png != nullptr) info = png_create_info_struct(png);
    if (png != nullptr) png_set_write_fn(png, &out, onWrite, [](png_structp) {});
  }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
  ~PngWriter() { png_destroy_write_struct(&png, &info); }

  static void onWrite(png_structp handle, png_bytep bytes, std::size_t count) {
    auto& target = *static_cast<std::vector<std::byte>*>(png_get_io_ptr(handle));
    const auto* begin = reinterpret_cast<const std::byte*>(bytes);
    target.insert(target.end(), begin, begin + count);
  }

  bool write(const void* pixels, ImageSize size, int bit_depth, int color_type, std::size_t row_bytes) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_IHDR(png,
                 info,
                 static_cast<png_uint_32>(size.width),
                 static_cast<png_uint_32>(size.height),
                 bit_depth,
                 color_type,
                 PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, 4);
    png_write_info(png, info);
    if (bit_depth == 16 && std::endian::native == std::endian::little) png_set_swap(png);
    for (int y = 0; y < size.height; ++y) {
      png_write_row(png, static_cast<png_const_bytep>(pixels) + static_cast<std::size_t>(y) * row_bytes);
    }
    png_write_end(png, nullptr);
    return true;
  }
};

Result<std::vector<std::byte>> encodePngRows(
    const void* pixels, ImageSize size, int bit_depth, int color_type, std::size_t row_bytes) {
  if (size.width <= 0 || size.height <= 0) return fail(ErrorCode::InvalidInput, "an empty image cannot be written");
  PngWriter writer;
  if (writer.info == nullptr || !writer.write(pixels, size, bit_depth, color_type, row_bytes)) {
    return fail(ErrorCode::Internal, "libpng could not write an image");
  }
  return std::move(writer.out);
}

}  // namespace

Result<ImageSize> peekImageSize(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (isJpeg(bytes)) {
    const TurboHandle handle(tjInitDecompress());
    return peekJpeg(handle.get(), bytes, name);
  }
  if (isPng(bytes)) {
    PngReader reader(bytes);
    TAGSCAPE_TRY(openPng(reader, name));
    return reader.size();
  }
  return failFile(ErrorCode::InvalidInput, name, "neither a JPEG nor a PNG", kReplace);
}

Result<RgbImage> decodeColor(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (isJpeg(bytes)) return decodeJpeg(bytes, name);
  if (isPng(bytes)) return decodePngColor(bytes, name);
  return failFile(ErrorCode::InvalidInput, name, "neither a JPEG nor a PNG", kReplace);
}

Result<RawDepthImage> decodePng16(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (!isPng(bytes)) return failFile(ErrorCode::InvalidInput, name, "no PNG", kReplace);
  PngReader reader(bytes);
  TAGSCAPE_TRY(openPng(reader, name));
  if (png_get_color_type(reader.png, reader.info) != PNG_COLOR_TYPE_GRAY) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    "a colour PNG where one grey channel is needed",
                    "Export depth and labels as 16 bit grey PNG");
  }
  if (png_get_bit_depth(reader.png, reader.info) == 16) {
    if (std::endian::native == std::endian::little) png_set_swap(reader.png);
    return readPngPixels<std::uint16_t>(reader, 1, name);
  }
  png_set_packing(reader.png);
  TAGSCAPE_ASSIGN(const auto narrow, readPngPixels<std::uint8_t>(reader, 1, name));
  RawDepthImage wide(narrow.width, narrow.height, 1);
  std::copy(narrow.pixels.begin(), narrow.pixels.end(), wide.pixels.begin());
  return wide;
}

Result<std::vector<std::byte>> encodePng(const RgbImage& image) {
  if (image.channels != 3) throw std::logic_error("encodePng: needs 3 channels");
  return encodePngRows(image.pixels.data(),
                       {image.width, image.height},
                       8,
                       PNG_COLOR_TYPE_RGB,
                       static_cast<std::size_t>(image.width) * 3);
}

Result<std::vector<std::byte>> encodePng8(const Image<std::uint8_t>& image) {
  if (image.channels != 1) throw std::logic_error("encodePng8: needs 1 channel");
  return encodePngRows(
      image.pixels.data(), {image.width, image.height}, 8, PNG_COLOR_TYPE_GRAY, static_cast<std::size_t>(image.width));
}

Result<std::vector<std::byte>> encodePng16(const RawDepthImage& image) {
  return encodePngRows(image.pixels.data(),
                       {image.width, image.height},
                       16,
                       PNG_COLOR_TYPE_GRAY,
                       static_cast<std::size_t>(image.width) * 2);
}

Result<std::vector<std::byte>> encodeJpeg(const RgbImage& image, int quality) {
  if (image.channels != 3 || quality < 1 || quality > 100) throw std::logic_error("encodeJpeg: channels or quality");
  const TurboHandle handle(tjInitCompress());
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(handle.get(),
                                 image.pixels.data(),
                                 image.width,
                                 0,
                                 image.height,
                                 TJPF_RGB,
                                 &buffer,
                                 &size,
                                 TJSAMP_420,
                                 quality,
                                 TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, decltype(&tjFree)> owner(buffer, &tjFree);
  if (failed != 0)
    return fail(ErrorCode::Internal, fmt::format("a JPEG could not be written ({})", tjGetErrorStr2(handle.get())));
  const auto* begin = reinterpret_cast<const std::byte*>(buffer);
  return std::vector<std::byte>(begin, begin + size);
}

}  // namespace tagscape
