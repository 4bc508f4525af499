#include "core/weights/pickle_machine.h"

#include <bit>

namespace tagscape::pickle {
namespace {

constexpr std::uint8_t kHighestProtocol = 5;

}  // namespace

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

}  // namespace tagscape::pickle
