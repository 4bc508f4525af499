#include "core/io/npy.h"

#include "core/base/files.h"

#include <bit>
#include <stdexcept>
#include <string>

namespace tagscape {
namespace {

static_assert(std::endian::native == std::endian::little, "the header says that values are little-endian");

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kAlignment = 64;  // of the first value, as the format asks

/// The dictionary in Python's notation, padded so that the values begin at a multiple of 64 bytes.
std::string header(const std::vector<std::int64_t>& shape) {
  std::string sides;
  for (const std::int64_t side : shape) sides += std::to_string(side) + ", ";
  // A tuple of one needs its comma, the others may not end with ", ".
  if (shape.size() > 1) sides.resize(sides.size() - 2);
  if (shape.size() == 1) sides.resize(sides.size() - 1);
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sides + "), }";
  const std::size_t before = kMagic.size() + sizeof(std::uint16_t);
  text.append((kAlignment - (before + text.size() + 1) % kAlignment) % kAlignment, ' ');
  return text + '\n';
}

}  // namespace

Status writeNpy(const std::filesystem::path& path,
                const std::vector<std::int64_t>& shape,
                std::span<const float> values) {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  if (count != static_cast<std::int64_t>(values.size())) throw std::logic_error("writeNpy: the shape of the values");
  const std::string text = header(shape);
  return writeFileAtomically(path, [&](std::ostream& file) {
    const auto length = static_cast<std::uint16_t>(text.size());
    file.write(kMagic.data(), kMagic.size());
    file.write(reinterpret_cast<const char*>(&length), sizeof(length));
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  });
}

}  // namespace tagscape
