#include "core/base/random.h"

#include <bit>
#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

std::uint64_t splitmix64(std::uint64_t& x) {
  x += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t hashOf(std::string_view text) {  // FNV-1a, 64 bit
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = splitmix64(seed);
}

Random Random::fork(std::string_view purpose) const {
  return Random(state_[0] ^ std::rotl(state_[3], 17) ^ hashOf(purpose));
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t n) {
  if (n == 0) throw std::logic_error("Random::below: n must be positive");
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % n;  // values at or above it would favour small results
  std::uint64_t value = next();
  while (value >= limit) value = next();
  return value % n;
}

double Random::normal() {
  for (;;) {
    const double a = uniform(-1, 1);
    const double b = uniform(-1, 1);
    const double s = a * a + b * b;
    if (s > 0 && s < 1) return a * std::sqrt(-2 * std::log(s) / s);
  }
}

}  // namespace tagscape
