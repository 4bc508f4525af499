#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape {

/// Seeded random numbers that are the same on every machine and compiler, which std::uniform_real_distribution and its
/// sisters do not promise. Generator: xoshiro256** 1.0, state filled by splitmix64 (Blackman & Vigna, "Scrambled
/// linear pseudorandom number generators", 2021). Not for cryptography. Not safe to share between threads: fork one
/// each.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Random(std::uint64_t seed);

  /// An independent stream named `purpose`; the parent is not advanced, so streams do not depend on the order of forks.
  [[nodiscard]] Random fork(std::string_view purpose) const;

  [[nodiscard]] std::uint64_t next();
  /// In [0, 1), 53 random bits.
  [[nodiscard]] double uniform();
  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, n), without bias. n must be positive.
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  /// Normal with mean 0 and deviation 1 (Marsaglia's polar method, one value per call so that the state stays simple).
  [[nodiscard]] double normal();

  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  /// For checkpoints: the whole state, and a generator that continues from it.
  [[nodiscard]] const State& state() const { return state_; }
  void setState(const State& state) { state_ = state; }

 private:
  State state_{};
};

}  // namespace tagscape
