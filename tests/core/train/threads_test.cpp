#include "core/train/threads.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace tagscape {
namespace {

class Threads : public ::testing::Test {
 protected:
  void SetUp() override { unsetenv("OMP_NUM_THREADS"); }
  void TearDown() override { unsetenv("OMP_NUM_THREADS"); }
  static int chosen(int requested) { return setLearningThreads(requested).torch_threads; }
};

TEST_F(Threads, AreThoseOfTheEnvironmentWhereNobodyChose) {
  const int ours = chosen(0);
  setenv("OMP_NUM_THREADS", std::to_string(ours + 2).c_str(), 1);
  EXPECT_EQ(chosen(0), ours + 2);
  EXPECT_EQ(setLargeNetworkThreads(0).torch_threads, ours + 2);
  EXPECT_EQ(chosen(1), 1) << "a choice counts for more than the environment";
}

TEST_F(Threads, TakeNoNoticeOfWhatIsNoCount) {
  const int ours = chosen(0);
  for (const char* value : {"", "many", "0", "-3"}) {
    setenv("OMP_NUM_THREADS", value, 1);
    EXPECT_EQ(chosen(0), ours) << value;
  }
}

}  // namespace
}  // namespace tagscape
