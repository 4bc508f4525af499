#pragma once

#include "core/clouds/gltf.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>

/// The arrays of a glTF file. Private to the reader; see gltf.h.
namespace tagscape::gltf_detail {

using nlohmann::json;

inline constexpr std::string_view kRemedy = "Export the file again, as PLY if you can";

/// A whole number of at most 2^53 in `object`, or `otherwise` where there is none or it is something else.
[[nodiscard]] std::uint64_t wholeIn(const json& object, const char* key, std::uint64_t otherwise);
/// `object[key]` if it is there and an array, else an empty one.
[[nodiscard]] const json& listIn(const json& object, const char* key);

/// An accessor's numbers, in rows of `width`.
struct Array {
  std::vector<double> values;
  std::size_t width = 0;
  [[nodiscard]] std::size_t size() const { return width == 0 ? 0 : values.size() / width; }
};

/// Document and buffers of a file.
class Accessors {
 public:
  /// Reads JSON and buffers. Errors as parseGltf.
  [[nodiscard]] static Result<Accessors> open(std::span<const std::byte> bytes,
                                              const std::filesystem::path& name,
                                              const BufferReader& read);
  [[nodiscard]] const json& document() const { return document_; }
  /// Of all buffers together.
  [[nodiscard]] std::size_t numBytes() const { return num_bytes_; }
  /// Errors: InvalidInput naming the accessor when it is not there, or its bytes are not.
  [[nodiscard]] Result<Array> array(std::uint64_t accessor) const;

 private:
  struct View {
    std::span<const std::byte> bytes;
    std::size_t stride = 0;
  };
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view problem) const;
  [[nodiscard]] Status openGlb(std::span<const std::byte> bytes, std::string_view& text);
  [[nodiscard]] Status readBuffers(const BufferReader& read);
  [[nodiscard]] Result<View> view(std::uint64_t index) const;
  [[nodiscard]] Status fill(const json& accessor, std::size_t count, Array& array) const;
  [[nodiscard]] Status fillSparse(const json& accessor, Array& array) const;

  std::filesystem::path name_;
  json document_;
  std::vector<std::vector<std::byte>> buffers_;
  std::vector<std::byte> binary_chunk_;
  std::size_t num_bytes_ = 0;
};

}  // namespace tagscape::gltf_detail
