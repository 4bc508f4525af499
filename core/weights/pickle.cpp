#include "core/weights/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <unordered_map>

namespace tagscape::pickle {
namespace {

constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kLongestKey = 1000;   // of a storage, letters
constexpr std::size_t kMostArguments = 16;  // of a function
constexpr std::uint8_t kHighestProtocol = 5;

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
constexpr std::array<std::string_view, 5> kFunctions{"collections.OrderedDict",
                                                     "torch._utils._rebuild_tensor",
                                                     "torch._utils._rebuild_tensor_v2",
                                                     "torch._utils._rebuild_parameter",
                                                     "torch.Size"};

std::string_view dtypeOf(std::string_view global) {
  const auto* const found = std::ranges::find(kStorageTypes, global, &StorageType::global);
  return found == kStorageTypes.end() ? std::string_view() : found->dtype;
}

/// The machine: a stack of values, marks in it, and a memo of values to come back to.
class Machine {
 public:
  explicit Machine(ByteCursor& bytes) : bytes_(bytes), copies_left_(kMaxValues + bytes.remaining()) {}

  Result<Pickle> run() {
    for (;;) {
      at_ = bytes_.position();
      TAGSCAPE_ASSIGN(const auto code, bytes_.number<std::uint8_t>());
      if (code == '.') break;
      TAGSCAPE_ASSIGN(const bool known, step(code));
      if (!known) return refuse(fmt::format("the pickle has the operation {:#04x}, which no weights need", code));
      if (pickle_.values.size() > kMaxValues) return refuse("the pickle holds more than a million values");
    }
    TAGSCAPE_ASSIGN(pickle_.root, pop());
    return std::move(pickle_);
  }

 private:
  Result<bool> step(std::uint8_t code) {
    for (const auto group : {&Machine::constant, &Machine::text, &Machine::container, &Machine::memo, &Machine::call}) {
      TAGSCAPE_ASSIGN(const bool known, (this->*group)(code));
      if (known) return true;
    }
    return false;
  }

  tl::unexpected<Error> refuse(std::string_view problem) const { return bytes_.refuseAt(at_, problem); }

  bool push(Value value) {
    stack_.push_back(static_cast<Place>(pickle_.values.size()));
    pickle_.values.push_back(std::move(value));
    return true;
  }
  /// A value that is recalled may be copied as often as the pickle has bytes: all copies together are bounded.
  Status spend(std::size_t num_bytes) {
    if (num_bytes > copies_left_) return refuse("the pickle copies the same values over and over");
    copies_left_ -= num_bytes;
    return {};
  }
  template <class T>
  Result<bool> pushNumber() {
    TAGSCAPE_ASSIGN(const T value, bytes_.number<T>());
    return push(static_cast<std::int64_t>(value));
  }
  /// What lies above the last mark, or on the whole stack, may be taken.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Result<Place> pop() {
    if (stack_.size() <= floor()) return refuse("the pickle takes a value that it does not have");
    const Place top = stack_.back();
    stack_.pop_back();
    return top;
  }
  Result<std::vector<Place>> popToMark() {
    if (marks_.empty()) return refuse("the pickle goes back to a mark that it did not set");
    std::vector<Place> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  Result<std::vector<Place>> pop(std::size_t count) {
    std::vector<Place> items(count);
    for (std::size_t i = count; i-- > 0;) {
      TAGSCAPE_ASSIGN(items[i], pop());
    }
    return items;
  }
  /// The value on top of the stack, which stays there.
  template <class T>
  Result<T*> top(std::string_view what) {
    T* const found = stack_.size() > floor() ? std::get_if<T>(&pickle_.values[stack_.back()]) : nullptr;
    if (found == nullptr) return refuse(fmt::format("the pickle adds to something that is no {}", what));
    return found;
  }
  template <class T>
  const T* get(Place place) const {
    return pickle_.get<T>(place);
  }

  Result<bool> constant(std::uint8_t code);
  Result<bool> text(std::uint8_t code);
  Result<bool> container(std::uint8_t code);
  Result<bool> memo(std::uint8_t code);
  Result<bool> call(std::uint8_t code);

  Result<bool> integer(std::uint64_t num_bytes);
  template <class Length>
  Result<bool> pushText();
  Result<bool> addItems(const std::vector<Place>& items);
  Result<bool> addPairs(const std::vector<Place>& items);
  Result<bool> remember(std::uint32_t index);
  Result<bool> recall(std::uint32_t index);
  Result<bool> pushGlobal(std::string_view module, std::string_view name);
  Result<std::string_view> line();
  Result<bool> stackGlobal();
  Result<bool> pushStorage();
  Result<bool> reduce();
  Result<bool> makeDict(const std::vector<Place>& arguments);
  Result<bool> makeTensor(const std::vector<Place>& arguments);
  Result<bool> build();
  std::optional<std::vector<std::int64_t>> integersOf(Place place) const;

  ByteCursor& bytes_;
  std::size_t copies_left_;  ///< Bytes.
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<Place> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Place> memo_;
};

// ------------------------------------------------------------------------------------------------ values

Result<bool> Machine::constant(std::uint8_t code) {
  switch (code) {
    case 0x80: {
      TAGSCAPE_ASSIGN(const auto protocol, bytes_.number<std::uint8_t>());
      if (protocol > kHighestProtocol) return refuse(fmt::format("a pickle of the unknown protocol {}", protocol));
      return true;
    }
    case 0x95: {  // the length of a frame: a hint
      TAGSCAPE_TRY(bytes_.number<std::uint64_t>());
      return true;
    }
    case 'N':
      return push(std::monostate{});
    case 0x88:
      return push(true);
    case 0x89:
      return push(false);
    case 'J':
      return pushNumber<std::int32_t>();
    case 'K':
      return pushNumber<std::uint8_t>();
    case 'M':
      return pushNumber<std::uint16_t>();
    case 0x8a: {
      TAGSCAPE_ASSIGN(const auto length, bytes_.number<std::uint8_t>());
      return integer(length);
    }
    case 0x8b: {
      TAGSCAPE_ASSIGN(const auto length, bytes_.number<std::uint32_t>());
      return integer(length);
    }
    case 'G': {  // the only number that is big-endian
      TAGSCAPE_ASSIGN(const auto bits, bytes_.number<std::uint64_t>());
      return push(std::bit_cast<double>(__builtin_bswap64(bits)));
    }
    default:
      return false;
  }
}

/// Two's complement of any length. One beyond 64 bits is kept as its bytes; no weights use its value.
Result<bool> Machine::integer(std::uint64_t num_bytes) {
  TAGSCAPE_ASSIGN(const auto digits, bytes_.text(num_bytes));
  if (digits.size() > sizeof(std::int64_t)) return push(std::string(digits));
  const bool negative = !digits.empty() && (static_cast<std::uint8_t>(digits.back()) & 0x80U) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = digits.size(); i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(digits[i]);
  return push(static_cast<std::int64_t>(value));
}

template <class Length>
Result<bool> Machine::pushText() {
  TAGSCAPE_ASSIGN(const auto length, bytes_.number<Length>());
  TAGSCAPE_ASSIGN(const auto content, bytes_.text(length));
  return push(std::string(content));
}

Result<bool> Machine::text(std::uint8_t code) {
  switch (code) {
    case 'U':   // a short string of Python 2
    case 0x8c:  // short unicode
    case 'C':   // short bytes
      return pushText<std::uint8_t>();
    case 'T':
    case 'X':
    case 'B':
      return pushText<std::uint32_t>();
    case 0x8d:
    case 0x8e:
      return pushText<std::uint64_t>();
    default:
      return false;
  }
}

// ------------------------------------------------------------------------------------------------ containers

Result<bool> Machine::addItems(const std::vector<Place>& items) {
  TAGSCAPE_ASSIGN(List* const list, top<List>("list"));
  list->items.insert(list->items.end(), items.begin(), items.end());
  return true;
}

Result<bool> Machine::addPairs(const std::vector<Place>& items) {
  if (items.size() % 2 != 0) return refuse("the pickle has a key without a value");
  TAGSCAPE_ASSIGN(Dict* const dict, top<Dict>("dictionary"));
  for (std::size_t i = 0; i < items.size(); i += 2) dict->items.emplace_back(items[i], items[i + 1]);
  return true;
}

Result<bool> Machine::container(std::uint8_t code) {
  const auto pushed = [this](auto kind, Result<std::vector<Place>> items) -> Result<bool> {
    if (!items) return fail(std::move(items).error());
    kind.items = std::move(*items);
    return push(std::move(kind));
  };
  const auto added = [](Result<std::vector<Place>> items, auto add) -> Result<bool> {
    if (!items) return fail(std::move(items).error());
    return add(*items);
  };
  switch (code) {
    case '(':
      marks_.push_back(stack_.size());
      if (marks_.size() > kMaxValues) return refuse("the pickle sets more than a million marks");
      return true;
    case ')':
      return push(Tuple{});
    case 't':
      return pushed(Tuple{}, popToMark());
    case 0x85:
    case 0x86:
    case 0x87:
      return pushed(Tuple{}, pop(code - 0x84U));
    case ']':
      return push(List{});
    case 'l':
      return pushed(List{}, popToMark());
    case '}':
      return push(Dict{});
    case 'a':
      return added(pop(1), [this](const auto& items) { return addItems(items); });
    case 'e':
      return added(popToMark(), [this](const auto& items) { return addItems(items); });
    case 's':
      return added(pop(2), [this](const auto& items) { return addPairs(items); });
    case 'u':
      return added(popToMark(), [this](const auto& items) { return addPairs(items); });
    case '0':
      return added(pop(1), [](const auto&) { return Result<bool>(true); });
    case '1':
      return added(popToMark(), [](const auto&) { return Result<bool>(true); });
    default:
      return false;
  }
}

// ------------------------------------------------------------------------------------------------ memo

Result<bool> Machine::remember(std::uint32_t index) {
  if (stack_.size() <= floor()) return refuse("the pickle remembers a value that it does not have");
  memo_[index] = stack_.back();
  return true;
}

Result<bool> Machine::recall(std::uint32_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) return refuse(fmt::format("the pickle recalls value {}, which it never had", index));
  stack_.push_back(found->second);
  return true;
}

Result<bool> Machine::memo(std::uint8_t code) {
  switch (code) {
    case 'q': {
      TAGSCAPE_ASSIGN(const auto index, bytes_.number<std::uint8_t>());
      return remember(index);
    }
    case 'r': {
      TAGSCAPE_ASSIGN(const auto index, bytes_.number<std::uint32_t>());
      return remember(index);
    }
    case 0x94:
      return remember(static_cast<std::uint32_t>(memo_.size()));
    case 'h': {
      TAGSCAPE_ASSIGN(const auto index, bytes_.number<std::uint8_t>());
      return recall(index);
    }
    case 'j': {
      TAGSCAPE_ASSIGN(const auto index, bytes_.number<std::uint32_t>());
      return recall(index);
    }
    default:
      return false;
  }
}

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
  if (arguments->items.size() > kMostArguments) {
    return refuse(fmt::format("the pickle calls {} with more than {} arguments", name, kMostArguments));
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
  return refuse(fmt::format("the pickle calls {} with arguments that do not fit", name));
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

/// Attributes of a dictionary (PyTorch keeps version numbers there) are let go; nothing else has any.
Result<bool> Machine::build() {
  TAGSCAPE_TRY(pop());
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

}  // namespace

Result<Pickle> read(ByteCursor& bytes) { return Machine(bytes).run(); }

}  // namespace tagscape::pickle
