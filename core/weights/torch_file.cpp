#include "core/weights/torch_file.h"

#include "core/io/byte_source.h"
#include "core/io/tensor_size.h"
#include "core/io/zip_archive.h"
#include "core/weights/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using pickle::Pickle;
using pickle::Place;

constexpr std::string_view kRemedy =
    "Download or copy the file again; from Python, torch.save(model.state_dict(), path) writes one that can be read";
constexpr std::uint64_t kMaxPickleBytes = std::uint64_t{64} << 20;
// The first pickle of a legacy file: protocol 2, the number 0x1950a86a20f9469cfc6c, end.
constexpr std::string_view kLegacyMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
constexpr std::int64_t kLegacyProtocol = 1001;

bool beginsWith(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

tl::unexpected<Error> refuse(const fs::path& name, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, name, problem, kRemedy);
}

/// Gives the bytes of a storage.
using FindStorage = std::function<Result<std::span<const std::byte>>(const pickle::Storage&)>;

/// Turns what a pickle holds into named tensors.
class Collector {
 public:
  Collector(const Pickle& content, FindStorage find, const fs::path& name, std::uint64_t file_bytes)
      : content_(content), find_(std::move(find)), name_(name), bytes_left_(kMaxCopies * file_bytes + kSlack) {}

  Result<TensorFile> collect() {
    TAGSCAPE_TRY(visit(content_.root, "", 0));
    return std::move(found_);
  }

 private:
  // Several names may share a storage, and a list may be named twice: bounded, or a small file would fill the memory.
  static constexpr std::uint64_t kMaxCopies = 4;
  static constexpr std::uint64_t kSlack = 1 << 20;
  static constexpr int kMaxDepth = 16;
  static constexpr std::size_t kLongestName = 1000;

  Status spend(std::uint64_t bytes) {
    if (bytes > bytes_left_) return refuse(name_, "it claims several times as many values as it holds");
    bytes_left_ -= bytes;
    return {};
  }

  Status visit(Place place, const std::string& path, int depth) {
    constexpr std::uint64_t kCostOfAVisit = 32;
    TAGSCAPE_TRY(spend(kCostOfAVisit + path.size()));
    if (depth > kMaxDepth) return refuse(name_, fmt::format("\"{:.80}\" is nested too deeply", path));
    if (path.size() > kLongestName) return refuse(name_, fmt::format("the name \"{:.80}…\" is too long", path));
    if (const auto* tensor = content_.get<pickle::Tensor>(place)) return add(*tensor, path);
    if (const auto* dict = content_.get<pickle::Dict>(place)) return visitDict(*dict, path, depth);
    if (const auto* list = content_.get<pickle::List>(place)) return visitItems(list->items, path, depth);
    if (const auto* tuple = content_.get<pickle::Tuple>(place)) return visitItems(tuple->items, path, depth);
    return {};
  }

  Status visitItems(const std::vector<Place>& items, const std::string& path, int depth) {
    for (std::size_t i = 0; i < items.size(); ++i)
      TAGSCAPE_TRY(visit(items[i], join(path, std::to_string(i)), depth + 1));
    return {};
  }

  Status visitDict(const pickle::Dict& dict, const std::string& path, int depth) {
    for (const auto& [key, value] : dict.items) {
      std::string inner;
      if (const auto* text = content_.get<std::string>(key)) inner = join(path, text->substr(0, kLongestName + 1));
      if (const auto* number = content_.get<std::int64_t>(key)) inner = join(path, std::to_string(*number));
      if (inner.empty()) return refuse(name_, fmt::format("\"{:.80}\" has a key that is no name", path));
      TAGSCAPE_TRY(note(value, inner));
      TAGSCAPE_TRY(visit(value, inner, depth + 1));
    }
    return {};
  }

  /// Single numbers and short strings: steps, versions, settings.
  Status note(Place value, const std::string& path) {
    std::string text;
    if (const auto* words = content_.get<std::string>(value)) text = words->substr(0, kLongestName);
    if (const auto* number = content_.get<std::int64_t>(value)) text = std::to_string(*number);
    if (const auto* real = content_.get<double>(value)) text = fmt::format("{}", *real);
    if (!text.empty() && path.size() <= kLongestName) found_.metadata[path] = text;
    return spend(text.size());
  }

  static std::string join(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  Status add(const pickle::Tensor& tensor, const std::string& path);

  const Pickle& content_;
  FindStorage find_;
  const fs::path& name_;
  std::uint64_t bytes_left_;
  TensorFile found_;
};

/// Copies the elements that a view shows, in row-major order. The view was checked, but for the strides of sides of
/// length 1: they lead nowhere and may be any number.
void copyView(const pickle::Tensor& view, std::size_t element, std::span<const std::byte> from, std::byte* to) {
  std::vector<std::int64_t> at(view.sizes.size(), 0);
  std::int64_t row = view.offset;
  const std::int64_t inner = view.sizes.empty() ? 1 : view.sizes.back();
  const auto strideOf = [&](std::size_t axis) { return view.sizes[axis] > 1 ? view.strides[axis] : 0; };
  const std::int64_t step = view.sizes.empty() ? 0 : strideOf(view.sizes.size() - 1);
  for (;;) {
    for (std::int64_t i = 0; i < inner; ++i, to += element) {
      std::memcpy(to, &from[static_cast<std::size_t>(row + i * step) * element], element);
    }
    std::size_t axis = view.sizes.size();
    if (axis < 2) return;
    for (--axis; axis-- > 0;) {
      row += strideOf(axis);
      if (++at[axis] < view.sizes[axis]) break;
      row -= strideOf(axis) * view.sizes[axis];
      at[axis] = 0;
      if (axis == 0) return;
    }
  }
}

/// Whether all elements of a view lie within its storage. A view that shows elements twice is no weight.
bool liesWithin(const pickle::Tensor& view, std::int64_t count) {
  std::int64_t last = view.offset;
  std::int64_t num_elements = 1;
  if (view.offset < 0 || view.offset >= count) return false;
  for (std::size_t axis = 0; axis < view.sizes.size(); ++axis) {
    const std::int64_t steps = view.sizes[axis] - 1;
    const std::int64_t stride = view.strides[axis];
    if (stride < 0 || (steps > 0 && stride > (count - 1 - last) / steps)) return false;
    last += steps * stride;
    if (view.sizes[axis] > count / num_elements) return false;
    num_elements *= view.sizes[axis];
  }
  return true;
}

bool isRowMajor(const pickle::Tensor& view) {
  std::int64_t expected = 1;
  for (std::size_t axis = view.sizes.size(); axis-- > 0;) {
    if (view.sizes[axis] != 1 && view.strides[axis] != expected) return false;
    expected *= view.sizes[axis];
  }
  return true;
}

Status Collector::add(const pickle::Tensor& tensor, const std::string& path) {
  const auto& storage = *content_.get<pickle::Storage>(tensor.storage);
  const std::size_t element = elementSize(storage.dtype);
  const auto size = tensorBytes(tensor.sizes, element);
  if (!size || (*size > 0 && !liesWithin(tensor, storage.count))) {
    return refuse(name_, fmt::format("tensor \"{}\" reaches past the {} values of its storage", path, storage.count));
  }
  TensorBlob blob{storage.dtype, tensor.sizes, {}};
  if (*size > 0) {
    TAGSCAPE_ASSIGN(const auto values, find_(storage));
    // By division: the product of a claimed number of values and their size may not fit 64 bits.
    if (static_cast<std::uint64_t>(storage.count) > values.size() / element) {
      return refuse(name_,
                    fmt::format("the storage \"{:.80}\" of tensor \"{}\" has {} bytes, too few for {} values",
                                storage.key,
                                path,
                                values.size(),
                                storage.count));
    }
    TAGSCAPE_TRY(spend(*size));
    blob.bytes.resize(*size);
    if (isRowMajor(tensor)) {
      std::memcpy(blob.bytes.data(), &values[static_cast<std::size_t>(tensor.offset) * element], *size);
    } else {
      copyView(tensor, element, values, blob.bytes.data());
    }
  }
  found_.tensors[path.empty() ? "tensor" : path] = std::move(blob);
  return {};
}

// ------------------------------------------------------------------------------------------------ the two containers

/// An archive "<any>/data.pkl" with the storages in "<any>/data/<key>", not packed.
Result<TensorFile> parseZip(std::span<const std::byte> bytes, const fs::path& name) {
  TAGSCAPE_ASSIGN(const auto archive, ZipArchive::parse(bytes, name));
  std::map<std::string, std::size_t, std::less<>> entries;
  for (std::size_t i = 0; i < archive->names().size(); ++i) entries.emplace(archive->names()[i], i);
  constexpr std::string_view kPickle = "/data.pkl";
  const auto main = std::ranges::find_if(entries, [&](const auto& entry) { return entry.first.ends_with(kPickle); });
  if (main == entries.end()) return refuse(name, "a zip file without data.pkl: not written by torch.save");
  const std::string folder = main->first.substr(0, main->first.size() - kPickle.size() + 1);
  if (const auto order = entries.find(folder + "byteorder"); order != entries.end()) {
    TAGSCAPE_ASSIGN(const auto text, archive->read(order->second, 16));
    if (!beginsWith(text, "little")) return refuse(name, "it was written on a big-endian machine");
  }
  TAGSCAPE_ASSIGN(const auto program,
                  archive->read(main->second, std::min<std::uint64_t>(kMaxPickleBytes, bytes.size())));
  ByteCursor cursor(program, name.string() + ", entry " + main->first, kRemedy);
  TAGSCAPE_ASSIGN(const Pickle content, pickle::read(cursor));

  std::map<std::string, std::vector<std::byte>> storages;
  std::uint64_t bytes_left = bytes.size();  // Entries are not packed, so that all of them fit the file.
  const auto find = [&](const pickle::Storage& storage) -> Result<std::span<const std::byte>> {
    const auto known = storages.find(storage.key);
    if (known != storages.end()) return std::span<const std::byte>(known->second);
    const auto entry = entries.find(folder + "data/" + storage.key);
    if (entry == entries.end()) return refuse(name, fmt::format("the storage \"{:.80}\" is missing", storage.key));
    TAGSCAPE_ASSIGN(auto values, archive->read(entry->second, bytes_left));
    bytes_left -= values.size();
    return std::span<const std::byte>(storages.emplace(storage.key, std::move(values)).first->second);
  };
  return Collector(content, find, name, bytes.size()).collect();
}

Status checkLegacyHead(ByteCursor& cursor) {
  TAGSCAPE_TRY(cursor.take(kLegacyMagic.size()));
  TAGSCAPE_ASSIGN(const Pickle protocol, pickle::read(cursor));
  const auto* version = protocol.get<std::int64_t>(protocol.root);
  if (version == nullptr || *version != kLegacyProtocol) return cursor.refuse("an unknown version of this format");
  TAGSCAPE_ASSIGN(const Pickle system, pickle::read(cursor));
  const auto* facts = system.get<pickle::Dict>(system.root);
  if (facts == nullptr) return cursor.refuse("it does not describe the machine that wrote it");
  for (const auto& [key, value] : facts->items) {
    const auto* text = system.get<std::string>(key);
    const auto* little = system.get<bool>(value);
    if (text != nullptr && *text == "little_endian" && (little == nullptr || !*little)) {
      return cursor.refuse("it was written on a big-endian machine");
    }
  }
  return {};
}

/// Five pickles (mark, version, machine, content, keys of the storages), then each storage: its number of values as a
/// 64-bit number, and the values.
Result<TensorFile> parseLegacy(std::span<const std::byte> bytes, const fs::path& name) {
  ByteCursor cursor(bytes, name, kRemedy);
  TAGSCAPE_TRY(checkLegacyHead(cursor));
  TAGSCAPE_ASSIGN(const Pickle content, pickle::read(cursor));
  TAGSCAPE_ASSIGN(const Pickle keys, pickle::read(cursor));
  const auto* list = keys.get<pickle::List>(keys.root);
  if (list == nullptr) return cursor.refuse("it does not list its storages");
  std::map<std::string, std::size_t> element_of;  // The values do not say what type they have; the content does.
  for (const auto& value : content.values) {
    if (const auto* storage = std::get_if<pickle::Storage>(&value)) {
      element_of[storage->key] = elementSize(storage->dtype);
    }
  }
  std::map<std::string, std::span<const std::byte>> storages;
  for (const Place place : list->items) {
    const auto* key = keys.get<std::string>(place);
    const auto element = key == nullptr ? element_of.end() : element_of.find(*key);
    if (element == element_of.end()) return cursor.refuse("it lists a storage that nothing uses");
    TAGSCAPE_ASSIGN(const auto count, cursor.number<std::uint64_t>());
    if (count > cursor.remaining() / element->second) {
      return cursor.refuse(fmt::format("a storage claims {} values, more than the file has", count));
    }
    TAGSCAPE_ASSIGN(storages[*key], cursor.take(count * element->second));
  }
  const auto find = [&](const pickle::Storage& storage) -> Result<std::span<const std::byte>> {
    const auto known = storages.find(storage.key);
    if (known == storages.end() || elementSize(storage.dtype) != element_of.at(storage.key)) {
      return refuse(name, fmt::format("the storage \"{:.80}\" is missing", storage.key));
    }
    return known->second;
  };
  return Collector(content, find, name, bytes.size()).collect();
}

}  // namespace

bool looksLikeLegacyTorch(std::span<const std::byte> bytes) { return beginsWith(bytes, kLegacyMagic); }
bool looksLikeZip(std::span<const std::byte> bytes) { return beginsWith(bytes, "PK\x03\x04"); }

Result<TensorFile> readTorchFile(const fs::path& path) {
  TAGSCAPE_ASSIGN(const FileBytes file, FileBytes::read(path, kMaxWeightFileBytes));
  return parseTorchFile(file.span(), path);
}

Result<TensorFile> parseTorchFile(std::span<const std::byte> bytes, const fs::path& name) {
  if (looksLikeZip(bytes)) return parseZip(bytes, name);
  if (looksLikeLegacyTorch(bytes)) return parseLegacy(bytes, name);
  return refuse(name, "at byte 0: neither a zip file nor a pickle as torch.save writes them");
}

}  // namespace tagscape
