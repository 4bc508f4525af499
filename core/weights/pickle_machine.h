#pragma once

// Private to pickle*.cpp: the machine that runs a pickle. Operations on values are in pickle_values.cpp, the functions
// that a pickle may call in pickle_functions.cpp.

#include "core/weights/pickle.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace tagscape::pickle {

inline constexpr std::size_t kMaxValues = 1'000'000;

/// The machine: a stack of values, marks in it, and a memo of values to come back to.
class Machine {
 public:
  explicit Machine(ByteCursor& bytes) : bytes_(bytes), copies_left_(kMaxValues + bytes.remaining()) {}

  /// Runs the pickle to its end. Errors: as pickle::read.
  Result<Pickle> run();

 private:
  /// One operation. Each group of operations takes those that it knows; false for the others.
  Result<bool> step(std::uint8_t code);

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
  Result<bool> makeScalar(Place dtype, Place data);
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

}  // namespace tagscape::pickle
