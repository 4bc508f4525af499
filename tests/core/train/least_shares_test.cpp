#include "core/train/least_shares_torch.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <vector>

namespace tagscape {
namespace {

at::Tensor floats(const std::vector<float>& values) { return at::tensor(values); }

/// Four rows of 10, 20, 30 and 40 points; class 0 wins everywhere, class 2 comes nearest to it in row 1.
at::Tensor logits() { return floats({9, 1, -5, 9, 1, 4, 9, 2, -5, 9, 8, -9}).view({4, 3}); }
at::Tensor sizes() { return floats({10, 20, 30, 40}); }
at::Tensor all() { return at::ones({3}); }

at::Tensor areas(const at::Tensor& shares) { return (shares * (sizes() / sizes().sum()).unsqueeze(1)).sum(0); }

TEST(LeastShares, ChangeNothingWithoutALeastOrWhereEveryClassHasIt) {
  const at::Tensor plain = at::softmax(logits(), 1);
  EXPECT_TRUE(at::allclose(withLeastShares(logits(), sizes(), all(), 0), plain));
  EXPECT_TRUE(at::allclose(withLeastShares(logits(), sizes(), all(), 1e-4), plain));
}

TEST(LeastShares, RaiseAMissingClassWhereItComesNearest) {
  constexpr double kLeast = .05;
  ASSERT_LT(areas(at::softmax(logits(), 1))[2].item<double>(), kLeast);
  const at::Tensor shares = withLeastShares(logits(), sizes(), all(), kLeast);
  EXPECT_NEAR(areas(shares)[2].item<double>(), kLeast, .02 * kLeast);
  EXPECT_EQ(shares.select(1, 2).argmax().item<std::int64_t>(), 1);
  EXPECT_TRUE(at::allclose(shares.sum(1), at::ones({4})));
  // Raised everywhere alike: the other classes stand to each other as before.
  EXPECT_TRUE(
      at::allclose((shares.select(1, 0) / shares.select(1, 1)).log(), logits().select(1, 0) - logits().select(1, 1)));
}

TEST(LeastShares, AreForTaggedClassesAndPointsThatAreSeen) {
  const at::Tensor untagged = withLeastShares(logits(), sizes(), floats({1, 1, 0}), .05);
  EXPECT_TRUE(at::allclose(untagged, at::softmax(logits(), 1)));
  // Row 1 stands for no points: class 2 has to be found elsewhere.
  const at::Tensor shares = withLeastShares(logits(), floats({10, 0, 30, 40}), all(), .05);
  EXPECT_GT(shares[0][2].item<double>() + shares[2][2].item<double>(), .05);
  EXPECT_TRUE(at::allclose(withLeastShares(logits(), at::zeros({4}), all(), .05), at::softmax(logits(), 1)));
}

TEST(LeastShares, SettleWhereClassesAreFarFromLikely) {
  const at::Tensor far = logits() * 30;
  const at::Tensor shares = withLeastShares(far, sizes(), all(), .05);
  EXPECT_GT(areas(shares).min().item<double>(), .04);
  EXPECT_TRUE(shares.isfinite().all().item<bool>());
}

}  // namespace
}  // namespace tagscape
