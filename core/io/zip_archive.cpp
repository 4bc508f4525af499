#include "core/io/zip_archive.h"

#include "core/io/byte_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <zip.h>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Download or copy the file again";

std::string textOf(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

/// Bytes for libzip: of a file that is open only while it is read (see byte_source.cpp).
struct ZipBytes {
  std::shared_ptr<const ByteSource> source;
  std::uint64_t position = 0;
  zip_error_t error{};

  zip_int64_t read(void* data, zip_uint64_t length) {
    const std::uint64_t count = std::min<std::uint64_t>(length, source->size() - position);
    if (!source->read(position, {static_cast<std::byte*>(data), count})) {
      zip_error_set(&error, ZIP_ER_READ, EIO);
      return -1;
    }
    position += count;
    return static_cast<zip_int64_t>(count);
  }
  zip_int64_t stat(void* data) const {
    auto* status = static_cast<zip_stat_t*>(data);
    zip_stat_init(status);
    status->size = source->size();
    status->valid |= ZIP_STAT_SIZE;
    return sizeof(*status);
  }
  zip_int64_t seek(void* data, zip_uint64_t length) {
    const zip_int64_t place = zip_source_seek_compute_offset(position, source->size(), data, length, &error);
    if (place < 0) return -1;
    position = static_cast<std::uint64_t>(place);
    return 0;
  }
};

zip_int64_t answerZip(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto* bytes = static_cast<ZipBytes*>(state);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN,
                                            ZIP_SOURCE_READ,
                                            ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR,
                                            ZIP_SOURCE_FREE,
                                            ZIP_SOURCE_SEEK,
                                            ZIP_SOURCE_TELL,
                                            ZIP_SOURCE_SUPPORTS,
                                            -1);
    case ZIP_SOURCE_OPEN:
      bytes->position = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return bytes->read(data, length);
    case ZIP_SOURCE_CLOSE:
      return 0;
    case ZIP_SOURCE_STAT:
      return bytes->stat(data);
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&bytes->error, data, length);
    case ZIP_SOURCE_FREE:
      delete bytes;
      return 0;
    case ZIP_SOURCE_SEEK:
      return bytes->seek(data, length);
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(bytes->position);
    default:
      zip_error_set(&bytes->error, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

}  // namespace

struct ZipArchive::Impl {
  std::filesystem::path name;
  zip_t* archive = nullptr;
  std::vector<std::string> names;
  mutable std::mutex reading;  // libzip's handles are for one thread at a time

  explicit Impl(std::filesystem::path path) : name(std::move(path)) {}
  [[nodiscard]] static Result<std::unique_ptr<Impl>> of(std::shared_ptr<const ByteSource> bytes);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (archive != nullptr) zip_discard(archive);
  }

  /// Takes the source over, whether it can be opened or not.
  Status open(zip_source_t* source) {
    zip_error_t error;
    zip_error_init(&error);
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_source_stat(source, &status) == 0 && (status.valid & ZIP_STAT_SIZE) != 0 && status.size == 0) {
      zip_source_free(source);  // for libzip nothing at all is an archive without entries
      return failFile(ErrorCode::InvalidInput, name, "it is empty", kRemedy);
    }
    archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
      zip_source_free(source);
      return failFile(ErrorCode::InvalidInput, name, fmt::format("no usable zip file ({})", textOf(error)), kRemedy);
    }
    const auto count = static_cast<zip_uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive, 0)));
    for (zip_uint64_t i = 0; i < count; ++i) {
      const char* entry = zip_get_name(archive, i, ZIP_FL_ENC_GUESS);
      names.emplace_back(entry != nullptr ? entry : "");
    }
    return {};
  }
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::~ZipArchive() = default;

/// An archive of these bytes.
Result<std::unique_ptr<ZipArchive::Impl>> ZipArchive::Impl::of(std::shared_ptr<const ByteSource> bytes) {
  auto impl = std::make_unique<Impl>(bytes->name());
  zip_error_t error;
  zip_error_init(&error);
  auto state = std::make_unique<ZipBytes>(ZipBytes{std::move(bytes)});
  zip_source_t* source = zip_source_function_create(&answerZip, state.get(), &error);
  if (source == nullptr) return failFile(ErrorCode::Internal, impl->name, textOf(error), kRemedy);
  (void)state.release();  // libzip frees it with the source
  TAGSCAPE_TRY(impl->open(source));
  return impl;
}

Result<std::shared_ptr<const ZipArchive>> ZipArchive::open(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(auto bytes, openByteSource(path));
  TAGSCAPE_ASSIGN(auto impl, Impl::of(std::move(bytes)));
  return std::shared_ptr<const ZipArchive>(new ZipArchive(std::move(impl)));
}

Result<std::shared_ptr<const ZipArchive>> ZipArchive::parse(std::span<const std::byte> bytes,
                                                            const std::filesystem::path& name) {
  TAGSCAPE_ASSIGN(auto impl, Impl::of(memoryByteSource(bytes, name)));
  return std::shared_ptr<const ZipArchive>(new ZipArchive(std::move(impl)));
}

const std::vector<std::string>& ZipArchive::names() const { return impl_->names; }

Result<std::vector<std::byte>> ZipArchive::read(std::size_t index, std::uint64_t max_bytes) const {
  const std::scoped_lock lock(impl_->reading);
  const auto refuse = [&](std::string_view problem) {
    return failFile(ErrorCode::InvalidInput,
                    impl_->name,
                    fmt::format("the entry \"{:.80}\" {}", impl_->names.at(index), problem),
                    kRemedy);
  };
  zip_stat_t status;
  zip_stat_init(&status);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if (zip_stat_index(impl_->archive, index, 0, &status) != 0 || (status.valid & kNeeded) != kNeeded)
    return refuse("cannot be found");
  // Deflate packs 1032 bytes into one at best; a claim beyond that, or beyond what such a file may have, is a bomb.
  constexpr std::uint64_t kBestRatio = 1032;
  if (status.size > max_bytes || status.size / kBestRatio > status.comp_size)
    return refuse(fmt::format("claims to unpack {} bytes into {}", status.comp_size, status.size));
  zip_file_t* file = zip_fopen_index(impl_->archive, index, 0);
  if (file == nullptr) return refuse(fmt::format("cannot be opened ({})", zip_strerror(impl_->archive)));
  std::vector<std::byte> bytes(status.size);
  const zip_int64_t count = zip_fread(file, bytes.data(), bytes.size());
  std::byte beyond{};
  const bool whole = count == static_cast<zip_int64_t>(bytes.size()) && zip_fread(file, &beyond, 1) == 0;
  // Closing reports a wrong checksum.
  if (zip_fclose(file) != 0 || !whole) return refuse("is damaged");
  return bytes;
}

}  // namespace tagscape
