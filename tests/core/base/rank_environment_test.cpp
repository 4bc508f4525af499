#include "core/base/rank_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

Result<RankEnvironment> readFrom(const Variables& variables) {
  return readRankEnvironment([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found != variables.end() ? std::optional(found->second) : std::nullopt;
  });
}

const Variables kSecondOfFour{
    {"RANK", "1"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "1"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "29500"}};

Variables with(Variables variables, const std::string& name, const std::string& value) {
  variables[name] = value;
  return variables;
}

Variables without(Variables variables, const std::string& name) {
  variables.erase(name);
  return variables;
}

void expectRefusal(const Variables& variables, const std::vector<std::string>& parts) {
  const auto read = readFrom(variables);
  ASSERT_FALSE(read) << "rank " << read->rank << " of " << read->size;
  EXPECT_EQ(read.error().code, ErrorCode::InvalidInput);
  for (const auto& part : parts) EXPECT_THAT(read.error().message, HasSubstr(part));
}

TEST(RankEnvironment, IsAProcessByItselfWithoutVariables) {
  const auto read = readFrom({});
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->alone());
  EXPECT_EQ(read->rank, 0);
}

TEST(RankEnvironment, ReadsTorchrunsVariables) {
  const auto read = readFrom(kSecondOfFour);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->alone());
  EXPECT_EQ(read->rank, 1);
  EXPECT_EQ(read->size, 4);
  EXPECT_EQ(read->local_rank, 1);
  EXPECT_EQ(read->master_host, "node7");
  EXPECT_EQ(read->master_port, 29500);
  EXPECT_FALSE(read->has_meeting_point);
}

TEST(RankEnvironment, KnowsThatTorchrunKeepsTheMeetingPointItself) {
  const auto read =
      readFrom(with(with(kSecondOfFour, "TORCHELASTIC_USE_AGENT_STORE", "True"), "TORCHELASTIC_RESTART_COUNT", "3"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->has_meeting_point);
  EXPECT_EQ(read->attempt, 3);
}

TEST(RankEnvironment, NeedsNoLocalRank) {
  const auto read = readFrom(without(kSecondOfFour, "LOCAL_RANK"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->local_rank, 0);
}

TEST(RankEnvironment, NamesEveryMissingVariable) {
  for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"})
    expectRefusal(without(kSecondOfFour, name), {std::string(name) + " is not set", "tagscape launch"});
}

TEST(RankEnvironment, NamesAWrongValueAndWhatItMayBe) {
  expectRefusal(with(kSecondOfFour, "RANK", "4"), {"RANK", "\"4\"", "from 0 to 3"});
  expectRefusal(with(kSecondOfFour, "RANK", "-1"), {"RANK", "\"-1\""});
  expectRefusal(with(kSecondOfFour, "RANK", "1x"), {"RANK", "\"1x\""});
  expectRefusal(with(kSecondOfFour, "WORLD_SIZE", "0"), {"WORLD_SIZE", "\"0\""});
  expectRefusal(with(kSecondOfFour, "WORLD_SIZE", "99999999999"), {"WORLD_SIZE", "99999999999"});
  expectRefusal(with(kSecondOfFour, "LOCAL_RANK", "four"), {"LOCAL_RANK", "four"});
  expectRefusal(with(kSecondOfFour, "MASTER_PORT", "65536"), {"MASTER_PORT", "from 1 to 65535"});
  expectRefusal(with(kSecondOfFour, "MASTER_ADDR", ""), {"MASTER_ADDR is empty"});
}

const Variables kSlurmTask{{"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "8"}, {"SLURM_LOCALID", "1"}};

TEST(RankEnvironment, TakesSlurmsNumbersWhereTheMeetingPointIsGiven) {
  const auto read = readFrom(with(with(kSlurmTask, "MASTER_ADDR", "node7"), "MASTER_PORT", "29500"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rank, 5);
  EXPECT_EQ(read->size, 8);
  EXPECT_EQ(read->local_rank, 1);
}

TEST(RankEnvironment, LeavesAPlainProgramInASlurmJobAlone) {
  const auto read = readFrom(kSlurmTask);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->alone());
  EXPECT_EQ(read->rank, 0);
}

TEST(RankEnvironment, NamesWhatIsMissingBesideSlurmsNumbers) {
  expectRefusal(with(kSlurmTask, "MASTER_ADDR", "node7"), {"MASTER_PORT is not set", "MASTER_ADDR is set"});
}

TEST(RankEnvironment, PrefersTorchrunsNumbersToSlurms) {
  Variables both = kSecondOfFour;
  both.insert(kSlurmTask.begin(), kSlurmTask.end());
  const auto read = readFrom(both);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rank, 1);
}

}  // namespace
}  // namespace tagscape
