// Processes that exchange tensors over the loopback interface. Every test of several ranks starts itself once for each.

#include "core/distributed/process_group.h"

#include "core/distributed/process_group_torch.h"
#include "core/distributed/torch_failure.h"
#include "tests/support/ranks.h"
#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <csignal>
#include <thread>
#include <unistd.h>

namespace tagscape {
namespace {

using testing::kFloatRounding;

using testing::expectAllPass;
using ::testing::HasSubstr;
using testing::isRank;
using testing::RankOutcome;
using testing::runThisTestOnRanks;
using namespace std::chrono_literals;

using Group = std::shared_ptr<ProcessGroup>;

Result<Group> tryToJoin(std::chrono::milliseconds patience, std::chrono::milliseconds silence) {
  ProcessGroupOptions options;
  options.join_timeout = patience;
  options.silence = silence;
  return ProcessGroup::join(*readRankEnvironment(), options);
}

Group join(std::chrono::milliseconds silence = 30s) {
  auto group = tryToJoin(30s, silence);
  if (!group) throw std::runtime_error(group.error().message);
  return *group;
}

at::Tensor numbers(std::initializer_list<double> values) { return torch::tensor(std::vector<double>(values)); }

/// What GroupFailure says; empty if nothing fails.
template <class Exchange>
std::string failureOf(Exchange&& exchange) {
  try {
    exchange();
  } catch (const GroupFailure& failure) {
    return failure.error().message;
  }
  return {};
}

/// An outcome of a rank that a test wants to see: it printed `text` and ended by itself within the time.
void expectPrinted(const RankOutcome& outcome, const std::string& text, double seconds) {
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr(text));
  EXPECT_LT(outcome.seconds, seconds);
}

TEST(ProcessGroup, AloneExchangesNothing) {
  const Group group = ProcessGroup::alone();
  EXPECT_TRUE(group->isAlone());
  EXPECT_TRUE(group->isFirst());
  EXPECT_EQ(group->transport(), "none");
  const at::Tensor value = torch::ones({3}, torch::requires_grad());
  EXPECT_TRUE(sumOverRanksWithGradient(*group, value).is_same(value));
  EXPECT_FALSE(sumOverRanks(*group, value).requires_grad());
  EXPECT_TRUE(group->barrier());
  EXPECT_EQ(*group->broadcast(7), 7);
  EXPECT_EQ(*group->sum(7), 7);
  EXPECT_NEAR(shareOfMean(*group, torch::tensor(3.), torch::tensor(2.), .5).item<double>(), 1.2, kFloatRounding);
  const auto agreed = group->allSucceeded(fail(ErrorCode::NotFound, "no scene"));
  ASSERT_FALSE(agreed);
  EXPECT_EQ(agreed.error().message, "no scene");
}

TEST(ProcessGroup, AProcessByItselfJoinsNobody) {
  const auto group = ProcessGroup::join(RankEnvironment{}, {});
  ASSERT_TRUE(group);
  EXPECT_TRUE((*group)->isAlone());
}

TEST(ProcessGroup, SumsOverThreeRanks) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(3));
  const Group group = join();
  EXPECT_EQ(group->size(), 3);
  EXPECT_EQ(group->transport(), "gloo");
  const double r = group->rank();
  EXPECT_TRUE(sumOverRanks(*group, numbers({r, 10 * r})).equal(numbers({3, 30})));
  // Not contiguous, and of another type.
  const at::Tensor strided = torch::full({2, 4}, 1, torch::kLong).t();
  const at::Tensor sum = sumOverRanks(*group, strided);
  EXPECT_TRUE(sum.equal(torch::full({4, 2}, 3, torch::kLong)));
  EXPECT_TRUE(strided.equal(torch::ones({4, 2}, torch::kLong))) << "the value itself must stay";
}

TEST(ProcessGroup, TheGradientOfASumIsThatOfAllRanksLosses) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const Group group = join();
  // Rank r's loss is (r + 1) Σ s², s = x_0 + x_1; so each x gets 2 s (1 + 2).
  const at::Tensor x = numbers({1.0 + group->rank(), -2}).requires_grad_();
  const at::Tensor sum = sumOverRanksWithGradient(*group, x);
  EXPECT_TRUE(sum.equal(numbers({3, -4})));
  (sum.square().sum() * (group->rank() + 1)).backward();
  EXPECT_TRUE(x.grad().equal(numbers({18, -24}))) << x.grad();
}

TEST(ProcessGroup, SharesOfAMeanAverageToIt) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const Group group = join();
  // (3 + 5) / (1 + 3) over the ranks, whose own quotients are 3 and 5 / 3.
  const at::Tensor numerator = torch::tensor(group->isFirst() ? 3. : 5.).requires_grad_();
  const at::Tensor share = shareOfMean(*group, numerator, torch::tensor(group->isFirst() ? 1. : 3.));
  EXPECT_DOUBLE_EQ(sumOverRanks(*group, share).item<double>() / group->size(), 2);
  share.backward();
  EXPECT_DOUBLE_EQ(numerator.grad().item<double>(), .5);
  EXPECT_EQ(*group->sum(group->rank() + 1), 3);
}

TEST(ProcessGroup, BroadcastsFromAnyRank) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const Group group = join();
  const at::Tensor whole = torch::full({3}, group->rank(), torch::kFloat), strided = torch::zeros({2, 3}).t();
  strided.fill_(group->rank() + 5);
  broadcastFrom(*group, 1, {whole, strided});
  EXPECT_TRUE(whole.equal(torch::full({3}, 1, torch::kFloat)));
  EXPECT_TRUE(strided.equal(torch::full({3, 2}, 6, torch::kFloat)));
  EXPECT_EQ(*group->broadcast(group->rank() + 40), 40);
}

TEST(ProcessGroup, SumsUnderWayMayBeMixedWithExchangesInAnotherOrder) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const Group group = join();
  const at::Tensor slow = torch::full({1 << 20}, group->rank() + 1, torch::kFloat);
  at::Tensor quick;
  PendingSum pending;
  if (group->isFirst()) pending = startSumOverRanks(*group, slow);
  quick = sumOverRanks(*group, numbers({1}));
  if (!group->isFirst()) pending = startSumOverRanks(*group, slow);
  pending.wait();
  EXPECT_TRUE(quick.equal(numbers({2})));
  EXPECT_TRUE(slow.equal(torch::full({1 << 20}, 3, torch::kFloat)));
}

TEST(ProcessGroup, RanksAgreeOnTheFirstFailure) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(3));
  const Group group = join();
  EXPECT_TRUE(group->allSucceeded({}));
  const Status own = group->rank() == 1   ? fail(ErrorCode::NotFound, "scene0001_00 is not there: é")
                     : group->rank() == 2 ? fail(ErrorCode::Io, "disk")
                                          : Status{};
  const Status agreed = group->allSucceeded(own);
  ASSERT_FALSE(agreed);
  if (group->rank() == 0) {
    EXPECT_EQ(agreed.error().message, "rank 1: scene0001_00 is not there: é");
    EXPECT_EQ(agreed.error().code, ErrorCode::NotFound);
  }
  if (group->rank() == 2) {
    EXPECT_EQ(agreed.error().message, "disk");
  }
  EXPECT_TRUE(group->barrier()) << "an agreed failure is no failure of the group";
}

TEST(ProcessGroup, ARaisedErrorReachesRanksThatWait) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(3));
  const Group group = join();
  if (group->isFirst()) return group->abort({ErrorCode::Io, "the disk is full"});
  const std::string message = failureOf([&] { (void)sumOverRanks(*group, numbers({1})); });
  EXPECT_THAT(message, HasSubstr("rank 0 of 3 has failed: the disk is full"));
  ASSERT_TRUE(group->failure());
  EXPECT_EQ(group->failure()->message, message);
  EXPECT_FALSE(group->barrier()) << "a group that failed stays so";
}

// kill -9: connections break at once, and the one that stopped beating is named.
void expectTheKilledRankIsNamed(int size, int killed) {
  if (!isRank()) {
    const auto outcomes = runThisTestOnRanks(size);
    for (int rank = 0; rank < size; ++rank) {
      const auto& outcome = outcomes[static_cast<std::size_t>(rank)];
      if (rank == killed) {
        EXPECT_EQ(outcome.signal, SIGKILL);
      } else {
        expectPrinted(outcome, "told: rank " + std::to_string(rank) + " stopped while adding up", 25);
      }
    }
    return;
  }
  const Group group = join();
  (void)sumOverRanks(*group, numbers({1}));
  if (group->rank() == killed) ::raise(SIGKILL);
  const std::string message = failureOf([&] {
    for (;;) (void)sumOverRanks(*group, numbers({1}));
  });
  std::printf("told: %s\n", message.c_str());
  EXPECT_THAT(message, HasSubstr("rank " + std::to_string(killed)));
}

TEST(ProcessGroup, AKilledRankIsNamedByTheOther) { expectTheKilledRankIsNamed(2, 1); }
TEST(ProcessGroup, AKilledRankIsNamedByAllOthers) { expectTheKilledRankIsNamed(4, 2); }
TEST(ProcessGroup, AKilledHostOfTheMeetingPointIsNamed) { expectTheKilledRankIsNamed(3, 0); }

TEST(ProcessGroup, AStoppedRankIsNamedAfterTheSilence) {
  if (!isRank()) {
    const auto outcomes = runThisTestOnRanks(2, 40s);
    expectPrinted(outcomes[0], "told: rank 0 stopped while adding up", 25);
    EXPECT_EQ(outcomes[1].signal, SIGKILL);
    return;
  }
  const Group group = join(/*silence=*/3s);
  if (group->rank() == 1) {
    std::printf("pid %d\n", ::getpid());
    (void)sumOverRanks(*group, torch::full({1}, ::getpid(), torch::kLong));
    ::raise(SIGSTOP);  // Connections stay open; nothing answers.
    return;
  }
  const auto stopped = sumOverRanks(*group, torch::zeros({1}, torch::kLong)).item<std::int64_t>();
  const std::string message = failureOf([&] { (void)sumOverRanks(*group, numbers({1})); });
  std::printf("told: %s\n", message.c_str());
  EXPECT_THAT(message, HasSubstr("rank 1 of 2 gave no sign of life for"));
  ::kill(static_cast<pid_t>(stopped), SIGKILL);
}

TEST(ProcessGroup, ALongComputationIsNoSilence) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  constexpr auto kSilence = 2s;
  constexpr auto kComputation = 2 * kSilence + 1s;  // the wait is the matter here: a rank may compute for longer
  const Group group = join(kSilence);
  if (group->rank() == 1) std::this_thread::sleep_for(kComputation);
  EXPECT_EQ(failureOf([&] { (void)sumOverRanks(*group, numbers({1})); }), "");
}

TEST(ProcessGroup, MissingRanksAreNamed) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(3));
  if (readRankEnvironment()->rank == 1) return;
  const auto group = tryToJoin(3s, 30s);
  ASSERT_FALSE(group);
  // The first to give up may be rank 0, which takes the meeting point away from the other.
  if (readRankEnvironment()->rank == 0) {
    EXPECT_THAT(group.error().message, HasSubstr("1 of 3 processes (rank 1)"));
  }
}

TEST(ProcessGroup, SaysThatNobodyListens) {
  RankEnvironment environment{.rank = 1, .size = 2, .master_host = "127.0.0.1"};
  environment.master_port = static_cast<std::uint16_t>(testing::freePort());
  ProcessGroupOptions options;
  options.join_timeout = 300ms;
  const auto group = ProcessGroup::join(environment, options);
  ASSERT_FALSE(group);
  EXPECT_THAT(
      group.error().message,
      HasSubstr("nothing answers at MASTER_ADDR:MASTER_PORT 127.0.0.1:" + std::to_string(environment.master_port)));
}

TEST(ProcessGroup, WaitingForOthersCanBeStopped) {
  RankEnvironment environment{.rank = 1, .size = 2, .master_host = "127.0.0.1"};
  environment.master_port = static_cast<std::uint16_t>(testing::freePort());
  std::stop_source stop;
  // So that it usually comes while the rank waits; a stop that comes before ends the same way.
  std::jthread later([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const auto group = ProcessGroup::join(environment, {}, stop.get_token());
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().code, ErrorCode::Cancelled);
}

TEST(ProcessGroup, RefusesADeviceThatIsNone) {
  RankEnvironment environment{.rank = 0, .size = 2, .master_host = "127.0.0.1", .master_port = 1};
  ProcessGroupOptions options;
  options.device = "abacus";
  const auto group = ProcessGroup::join(environment, options);
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(group.error().message, HasSubstr("abacus"));
}

TEST(TorchFailure, HandsOnTheErrorOfAGroup) {
  const Error error = torchFailure("stepping", GroupFailure({ErrorCode::Internal, "rank 1 is gone"}), "crop_px");
  EXPECT_EQ(error.message, "rank 1 is gone");
}

}  // namespace
}  // namespace tagscape
