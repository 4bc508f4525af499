#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tagscape {
namespace {

TEST(Random, StartsWithTheNumbersOfItsPublishedAlgorithm) {
  // xoshiro256** from the state {1, 2, 3, 4}: the first outputs follow from its definition by hand:
  // rotl(2 * 5, 7) * 9 = 11520; then s1 is 0, so the second is 0.
  Random random(0);
  random.setState({1, 2, 3, 4});
  EXPECT_EQ(random.next(), 11520U);
  EXPECT_EQ(random.next(), 0U);
  EXPECT_EQ(random.next(), 1509978240U);
}

TEST(Random, ForksDoNotDependOnTheirOrder) {
  const Random parent(7);
  const auto first = parent.fork("images").next();
  (void)parent.fork("points");
  EXPECT_EQ(parent.fork("images").next(), first);
  EXPECT_NE(parent.fork("points").next(), first);
  EXPECT_NE(Random(8).fork("images").next(), first);
}

TEST(Random, GoesOnFromASavedState) {
  Random random(3);
  (void)random.next();
  Random resumed(0);
  resumed.setState(random.state());
  EXPECT_EQ(resumed.next(), random.next());
}

TEST(Random, BelowIsUniform) {
  Random random(1);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[random.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);  // five standard deviations
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(1);
  double sum = 0;
  double squares = 0;
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.016);      // five standard errors
  EXPECT_NEAR(squares / kCount, 1, 0.025);  // more than five, of a deviation of sqrt(2 / n)
}

TEST(Random, ShuffleIsAPermutation) {
  Random random(1);
  std::vector<int> values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  random.shuffle(values);
  EXPECT_FALSE(std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  EXPECT_EQ(values, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

}  // namespace
}  // namespace tagscape
