#include "core/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace tagscape {
namespace {

TEST(ParallelFor, VisitsEveryItemOnce) {
  for (const int threads : {1, 2, 5}) {
    setNumThreads(threads);
    std::vector<std::atomic<int>> visits(1003);
    parallelFor(visits.size(), 10, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) ++visits[i];
    });
    for (const auto& count : visits) EXPECT_EQ(count, 1);
  }
  setNumThreads(0);
}

TEST(ParallelFor, DoesNothingForNoItems) {
  parallelFor(0, 10, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsWhatAPieceThrowsAfterAllHaveEnded) {
  std::atomic<int> finished{0};
  EXPECT_THROW(parallelFor(100,
                           1,
                           [&](std::size_t first, std::size_t) {
                             if (first == 50) throw std::runtime_error("piece 50");
                             ++finished;
                           }),
               std::runtime_error);
  EXPECT_EQ(finished, 99);
}

}  // namespace
}  // namespace tagscape
