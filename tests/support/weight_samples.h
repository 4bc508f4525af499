#pragma once

// Small weight files, built byte by byte as the programs that write them do.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape::testing {

/// Bytes that grow; numbers are little-endian.
class Writer {
 public:
  template <class T>
  Writer& number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      text_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xffU);
    }
    return *this;
  }
  Writer& text(std::string_view text) {
    text_ += text;
    return *this;
  }
  Writer& floats(const std::vector<float>& values) {
    return text({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }
  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] std::vector<std::byte> bytes() const {
    const auto all = std::as_bytes(std::span(text_));
    return {all.begin(), all.end()};
  }

 private:
  std::string text_;
};

inline constexpr std::uint32_t kMxnetV1 = 0xF993fac8;
inline constexpr std::uint32_t kMxnetV2 = 0xF993fac9;
inline constexpr std::uint32_t kMxnetV3 = 0xF993faca;

/// One array of float32 values in the layout that `magic` names, 0 for the oldest.
inline void addMxnetArray(Writer& file,
                          std::uint32_t magic,
                          const std::vector<std::int64_t>& shape,
                          std::string_view data,
                          std::int32_t type = 0) {
  if (magic != 0) file.number(magic);
  if (magic == kMxnetV2 || magic == kMxnetV3) file.number<std::int32_t>(0);
  file.number(static_cast<std::uint32_t>(shape.size()));
  for (const std::int64_t side : shape) {
    if (magic == 0) file.number(static_cast<std::uint32_t>(side));
    if (magic != 0) file.number(side);
  }
  file.number<std::int32_t>(1).number<std::int32_t>(0).number(type).text(data);
}

inline Writer mxnetHead(std::uint64_t num_arrays) {
  Writer file;
  file.number<std::uint64_t>(0x112).number<std::uint64_t>(0).number(num_arrays);
  return file;
}

inline void addMxnetNames(Writer& file, const std::vector<std::string>& names) {
  file.number<std::uint64_t>(names.size());
  for (const auto& name : names) file.number<std::uint64_t>(name.size()).text(name);
}

/// Four arrays, one in each layout.
inline std::vector<std::byte> smallMxnetParams() {
  Writer file = mxnetHead(4);
  addMxnetArray(file, 0, {1, 2}, "12345678");
  addMxnetArray(file, kMxnetV1, {2}, "12345678");
  addMxnetArray(file, kMxnetV2, {2, 1}, "12345678");
  addMxnetArray(file, kMxnetV3, {}, "1234");
  addMxnetNames(file, {"arg:a_weight", "arg:b_gamma", "aux:b_moving_mean", "c"});
  return file.bytes();
}

/// Pieces of pickles of protocol 2.
inline std::string pickled(std::string_view text) {
  return Writer().text("X").number(static_cast<std::uint32_t>(text.size())).text(text).str();
}
inline std::string pickled(int value) { return Writer().text("J").number(value).str(); }
inline std::string pickled(std::int64_t value) {
  return Writer().text("\x8a").number<std::uint8_t>(sizeof(value)).number(value).str();
}

/// What refers to a storage of `type` ("FloatStorage"), without the operation that follows it ("Q").
template <class Count>
std::string pickledId(std::string_view type, std::string_view key, Count count, bool legacy) {
  return "(" + pickled("storage") + "ctorch\n" + std::string(type) + "\n" + pickled(key) + pickled("cpu") +
         pickled(count) + (legacy ? "N" : "") + "t";
}

/// A tensor of `type` that looks at a storage with the key "0".
template <class Count>
std::string pickledTensor(
    std::string_view type, Count count, int offset, std::string_view sizes, std::string_view strides, bool legacy) {
  const std::string id = pickledId(type, "0", count, legacy) + "Q";
  return "ctorch._utils\n_rebuild_tensor_v2\n(" + id + pickled(offset) + std::string(sizes) + std::string(strides) +
         "\x89" + "ccollections\nOrderedDict\n)RtR";
}

/// The pickle of an OrderedDict {"layer.weight": a 2 x 2 tensor, "step": 7}.
inline std::string dictPickle(bool legacy) {
  const std::string sides = pickled(2) + pickled(2) + "\x86";
  const std::string strides = pickled(2) + pickled(1) + "\x86";
  return std::string("\x80\x02") + "ccollections\nOrderedDict\n)R(" + pickled("layer.weight") +
         pickledTensor("FloatStorage", 4, 0, sides, strides, legacy) + pickled("step") + pickled(7) + "u.";
}

inline std::vector<std::byte> smallPickle() { return Writer().text(dictPickle(false)).bytes(); }

/// The older layout around the pickle `content`; the storage "0" holds `values`.
inline std::vector<std::byte> torchLegacy(const std::string& content, const std::vector<float>& values) {
  Writer file;
  file.text(std::string_view("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15));
  file.text(std::string_view("\x80\x02M\xe9\x03.", 6));
  file.text("\x80\x02}(" + pickled("little_endian") + "\x88u.");
  file.text(content);
  file.text("\x80\x02](" + pickled("0") + "e.");
  return file.number<std::uint64_t>(values.size()).floats(values).bytes();
}

inline std::uint32_t crc32Of(std::string_view text) {
  std::uint32_t crc = ~0U;
  for (const char letter : text) {
    crc ^= static_cast<std::uint8_t>(letter);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

/// A zip file whose entries are stored as they are.
inline std::vector<std::byte> storedZip(const std::vector<std::pair<std::string, std::string>>& entries) {
  Writer file, directory;
  for (const auto& [name, content] : entries) {
    const auto size = static_cast<std::uint32_t>(content.size());
    Writer common;  // version, flags, method, time, date, sizes: the same in both places
    common.number<std::uint16_t>(20).number<std::uint16_t>(0).number<std::uint16_t>(0).number<std::uint32_t>(
        0x00210000);
    common.number(crc32Of(content)).number(size).number(size);
    common.number(static_cast<std::uint16_t>(name.size())).number<std::uint16_t>(0);
    directory.text("PK\x01\x02").number<std::uint16_t>(20).text(common.str());
    directory.number<std::uint16_t>(0).number<std::uint16_t>(0).number<std::uint16_t>(0).number<std::uint32_t>(0);
    directory.number(static_cast<std::uint32_t>(file.str().size())).text(name);
    file.text("PK\x03\x04").text(common.str()).text(name).text(content);
  }
  const auto begin = static_cast<std::uint32_t>(file.str().size());
  const auto count = static_cast<std::uint16_t>(entries.size());
  file.text(directory.str()).text("PK\x05\x06").number<std::uint32_t>(0).number(count).number(count);
  file.number(static_cast<std::uint32_t>(directory.str().size())).number(begin).number<std::uint16_t>(0);
  return file.bytes();
}

inline std::vector<std::byte> torchZip(const std::string& content, const std::vector<float>& values) {
  return storedZip({{"model/data.pkl", content}, {"model/data/0", Writer().floats(values).str()}});
}

inline std::vector<std::byte> smallTorchLegacy() { return torchLegacy(dictPickle(true), {1, 2, 3, 4}); }
inline std::vector<std::byte> smallTorchZip() { return torchZip(dictPickle(false), {1, 2, 3, 4}); }

}  // namespace tagscape::testing
