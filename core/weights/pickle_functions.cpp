#include "core/weights/pickle_machine.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tagscape::pickle {
namespace {

constexpr std::size_t kLongestKey = 1000;  // of a storage, letters
constexpr std::size_t kMaxArguments = 16;  // of a function

struct StorageType {
  std::string_view global;
  std::string_view dtype;
};
constexpr std::array<StorageType, 10> kStorageTypes{{{"torch.FloatStorage", "F32"},
                                                     {"torch.DoubleStorage", "F64"},
                                                     {"torch.HalfStorage", "F16"},
                                                     {"torch.BFloat16Storage", "BF16"},
                                                     {"torch.LongStorage", "I64"},
                                                     {"torch.IntStorage", "I32"},
                                                     {"torch.ShortStorage", "I16"},
                                                     {"torch.CharStorage", "I8"},
                                                     {"torch.ByteStorage", "U8"},
                                                     {"torch.BoolStorage", "BOOL"}}};
constexpr std::array<std::string_view, 9> kFunctions{"collections.OrderedDict",
                                                     "torch._utils._rebuild_tensor",
                                                     "torch._utils._rebuild_tensor_v2",
                                                     "torch._utils._rebuild_parameter",
                                                     "torch.Size",
                                                     "numpy.core.multiarray.scalar",
                                                     "numpy._core.multiarray.scalar",
                                                     "numpy.dtype",
                                                     "_codecs.encode"};

std::string_view dtypeOf(std::string_view global) {
  const auto* const found = std::ranges::find(kStorageTypes, global, &StorageType::global);
  return found == kStorageTypes.end() ? std::string_view() : found->dtype;
}

/// Letters of Latin-1 from UTF-8: one of one byte or two.
std::string latin1Of(std::string_view utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto letter = static_cast<unsigned char>(utf8[i]);
    if (letter >= 0xc2 && letter <= 0xc3 && i + 1 < utf8.size()) {
      bytes.push_back(static_cast<char>(((letter & 3) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3f)));
    } else {
      bytes.push_back(static_cast<char>(letter));
    }
  }
  return bytes;
}

}  // namespace

// ------------------------------------------------------------------------------------------------ functions

Result<bool> Machine::call(std::uint8_t code) {
  switch (code) {
    case 'c': {
      TAGSCAPE_ASSIGN(const auto module, line());
      TAGSCAPE_ASSIGN(const auto name, line());
      return pushGlobal(module, name);
    }
    case 0x93:
      return stackGlobal();
    case 'Q':
      return pushStorage();
    case 'R':
      return reduce();
    case 'b':
      return build();
    default:
      return false;
  }
}

Result<std::string_view> Machine::line() {
  constexpr std::size_t kLongest = 1000;
  ByteCursor ahead = bytes_;
  std::size_t length = 0;
  for (;; ++length) {
    TAGSCAPE_ASSIGN(const auto letter, ahead.number<char>());
    if (letter == '\n') break;
    if (length == kLongest) return refuse("the pickle names something with more than 1000 letters");
  }
  TAGSCAPE_ASSIGN(const auto found, bytes_.text(length));
  TAGSCAPE_TRY(bytes_.number<char>());
  return found;
}

Result<bool> Machine::stackGlobal() {
  TAGSCAPE_ASSIGN(const auto names, pop(2));
  const auto* module = get<std::string>(names[0]);
  const auto* name = get<std::string>(names[1]);
  if (module == nullptr || name == nullptr) return refuse("the pickle names something without a name");
  return pushGlobal(*module, *name);
}

Result<bool> Machine::pushGlobal(std::string_view module, std::string_view name) {
  std::string full = fmt::format("{}.{}", module, name);
  if (std::ranges::find(kFunctions, full) == kFunctions.end() && dtypeOf(full).empty()) {
    return refuse(
        fmt::format("the pickle asks for '{:.200}', which is no tensor, dictionary, number or string; it is not "
                    "run",
                    full));
  }
  return push(Global{std::move(full)});
}

/// ('storage', type, key, device, number of elements), in older files with a sixth entry that is None.
Result<bool> Machine::pushStorage() {
  TAGSCAPE_ASSIGN(const Place place, pop());
  const auto* id = get<Tuple>(place);
  constexpr std::size_t kEntries = 5;
  if (id == nullptr || id->items.size() < kEntries || id->items.size() > kEntries + 1) {
    return refuse("the pickle refers to something outside of it that is no storage");
  }
  const auto* kind = get<std::string>(id->items[0]);
  const auto* type = get<Global>(id->items[1]);
  const auto* key = get<std::string>(id->items[2]);
  const auto* count = get<std::int64_t>(id->items[4]);
  const bool whole = id->items.size() == kEntries || get<std::monostate>(id->items[kEntries]) != nullptr;
  if (kind == nullptr || *kind != "storage" || type == nullptr || dtypeOf(type->name).empty() || key == nullptr ||
      count == nullptr || *count < 0 || !whole) {
    return refuse("the pickle refers to something outside of it that is no plain storage");
  }
  if (key->size() > kLongestKey) {
    return refuse(fmt::format("the pickle names a storage with more than {} letters", kLongestKey));
  }
  TAGSCAPE_TRY(spend(key->size()));
  return push(Storage{std::string(dtypeOf(type->name)), *key, *count});
}

Result<bool> Machine::reduce() {
  TAGSCAPE_ASSIGN(const auto operands, pop(2));
  const auto* function = get<Global>(operands[0]);
  const auto* arguments = get<Tuple>(operands[1]);
  if (function == nullptr || arguments == nullptr) return refuse("the pickle calls something that is no function");
  const std::string& name = function->name;
  if (arguments->items.size() > kMaxArguments) {
    return refuse(fmt::format("the pickle calls {} with more than {} arguments", name, kMaxArguments));
  }
  TAGSCAPE_TRY(spend(arguments->items.size() * sizeof(Place)));
  const std::vector<Place> items = arguments->items;
  if (name == "collections.OrderedDict") return makeDict(items);
  if (name.starts_with("torch._utils._rebuild_tensor")) return makeTensor(items);
  if (name == "torch._utils._rebuild_parameter" && !items.empty() && get<Tensor>(items[0]) != nullptr) {
    stack_.push_back(items[0]);
    return true;
  }
  if (name == "torch.Size" && items.size() == 1) {
    stack_.push_back(items[0]);
    return true;
  }
  // A number of numpy: scalar(dtype("f8", …), bytes), where protocol 2 has encode("…", "latin1") for the bytes.
  const bool names_text = (name == "numpy.dtype" || name == "_codecs.encode") && !items.empty();
  if (names_text && get<std::string>(items[0]) != nullptr) {
    stack_.push_back(items[0]);
    return true;
  }
  if (name.ends_with("multiarray.scalar") && items.size() == 2) return makeScalar(items[0], items[1]);
  return refuse(fmt::format("the pickle calls {} with arguments that do not fit", name));
}

/// Of little-endian numbers of 4 and 8 bytes; others, which no weights need, become None.
Result<bool> Machine::makeScalar(Place dtype, Place data) {
  const auto* type = get<std::string>(dtype);
  const auto* text = get<std::string>(data);
  if (type == nullptr || text == nullptr) return refuse("the pickle makes a number of numpy of something odd");
  const auto as = [&]<class T>(T value) -> std::optional<T> {
    // The bytes themselves, or each as the UTF-8 of its letter in Latin-1.
    std::string bytes = *text;
    if (bytes.size() != sizeof(T)) bytes = latin1Of(*text);
    if (bytes.size() != sizeof(T)) return std::nullopt;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  };
  if (*type == "f8") {
    if (const auto value = as(double{})) return push(*value);
  } else if (*type == "f4") {
    if (const auto value = as(float{})) return push(static_cast<double>(*value));
  } else if (*type == "i8") {
    if (const auto value = as(std::int64_t{})) return push(*value);
  } else if (*type == "i4") {
    if (const auto value = as(std::int32_t{})) return push(static_cast<std::int64_t>(*value));
  }
  return push(std::monostate{});
}

/// Empty (what it holds follows), or a list of pairs.
Result<bool> Machine::makeDict(const std::vector<Place>& arguments) {
  Dict dict;
  const auto* pairs = arguments.size() == 1 ? get<List>(arguments[0]) : nullptr;
  if (!arguments.empty() && pairs == nullptr) return refuse("the pickle makes a dictionary of something odd");
  if (pairs != nullptr) {
    TAGSCAPE_TRY(spend(pairs->items.size() * sizeof(std::pair<Place, Place>)));
    for (const Place pair : pairs->items) {
      const auto* as_list = get<List>(pair);
      const auto* as_tuple = get<Tuple>(pair);
      const auto* entries = as_list != nullptr ? &as_list->items : as_tuple != nullptr ? &as_tuple->items : nullptr;
      if (entries == nullptr || entries->size() != 2) return refuse("the pickle makes a dictionary of something odd");
      dict.items.emplace_back((*entries)[0], (*entries)[1]);
    }
  }
  return push(std::move(dict));
}

/// (storage, offset, sizes, strides, …); what follows concerns gradients.
Result<bool> Machine::makeTensor(const std::vector<Place>& arguments) {
  constexpr std::size_t kNeeded = 4;
  if (arguments.size() < kNeeded || get<Storage>(arguments[0]) == nullptr) {
    return refuse("the pickle makes a tensor without a storage");
  }
  const auto* offset = get<std::int64_t>(arguments[1]);
  auto sizes = integersOf(arguments[2]);
  auto strides = integersOf(arguments[3]);
  if (offset == nullptr || !sizes || !strides || sizes->size() != strides->size()) {
    return refuse("the pickle makes a tensor without a shape");
  }
  TAGSCAPE_TRY(spend((sizes->size() + strides->size()) * sizeof(std::int64_t)));
  return push(Tensor{arguments[0], *offset, std::move(*sizes), std::move(*strides)});
}

/// Attributes of a dictionary (PyTorch keeps version numbers there) and of a type of numpy are let go; nothing else has
/// any.
Result<bool> Machine::build() {
  TAGSCAPE_TRY(pop());
  if (stack_.size() > floor() && get<std::string>(stack_.back()) != nullptr) return true;
  TAGSCAPE_TRY(top<Dict>("dictionary"));
  return true;
}

std::optional<std::vector<std::int64_t>> Machine::integersOf(Place place) const {
  constexpr std::size_t kMaxSides = 32;
  const auto* tuple = get<Tuple>(place);
  if (tuple == nullptr || tuple->items.size() > kMaxSides) return std::nullopt;
  std::vector<std::int64_t> found;
  for (const Place item : tuple->items) {
    const auto* value = get<std::int64_t>(item);
    if (value == nullptr) return std::nullopt;
    found.push_back(*value);
  }
  return found;
}

}  // namespace tagscape::pickle
