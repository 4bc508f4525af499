#pragma once

#include "core/base/result.h"
#include "core/io/byte_cursor.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Python's pickle, as far as PyTorch's weight files need it: numbers, strings, tuples, lists, dictionaries and
/// tensors. A pickle is a program that may call any function of Python. This machine has no functions but those that
/// make tensors and ordered dictionaries, and refuses every other by its name.
namespace tagscape::pickle {

/// A value's place in Pickle::values. Values refer to each other by place, so that a pickle that contains itself is
/// neither a leak nor a recursion.
using Place = std::uint32_t;

struct Tuple {
  std::vector<Place> items;
};
struct List {
  std::vector<Place> items;
};
struct Dict {
  std::vector<std::pair<Place, Place>> items;
};
/// A function or class that was named, of those that are known.
struct Global {
  std::string name;  ///< "module.name".
};
/// Values that lie elsewhere in the file.
struct Storage {
  std::string dtype;  ///< As in TensorBlob.
  std::string key;    ///< Names the values within the file.
  std::int64_t count = 0;
};
/// A view of a storage; sizes and strides are of equal length, but otherwise as the file has them: not checked.
struct Tensor {
  Place storage = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};
/// std::monostate is None.
using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Tuple, List, Dict, Global, Storage, Tensor>;

struct Pickle {
  std::vector<Value> values;
  Place root = 0;

  /// The value if it is of that type, or null.
  template <class T>
  [[nodiscard]] const T* get(Place place) const {
    return std::get_if<T>(&values.at(place));
  }
};

/// Reads one pickle (protocols 2 to 5, binary) and leaves `bytes` behind it.
///
/// Errors: InvalidInput with the byte if it is cut or damaged, asks for a function or class that is not known (named),
/// holds more than a million values, names a storage with more than 1000 letters, calls a function with more than 16
/// arguments, or has its values copied to more bytes than it has and a million. Source: the list of opcodes in Python's
/// documentation of pickletools.
[[nodiscard]] Result<Pickle> read(ByteCursor& bytes);

}  // namespace tagscape::pickle
