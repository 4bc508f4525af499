#pragma once

#include <cstddef>
#include <cstring>

namespace tagscape::laz {

/// The value at `from`, as LAS stores it.
template <class T>
[[nodiscard]] T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <class T>
void store(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

}  // namespace tagscape::laz
