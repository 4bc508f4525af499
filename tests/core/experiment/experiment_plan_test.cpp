#include "core/experiment/experiment_plan.h"

#include "core/experiment/experiment_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tagscape {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

ExperimentPlan planOf(const std::string& preset, const RunChoice& choice = {}) {
  return experimentPlan(preset, choice).value();
}

std::vector<std::string> namesOf(const ExperimentPlan& plan) {
  std::vector<std::string> names;
  for (const auto& run : plan.runs) names.push_back(run.name);
  return names;
}

TEST(ExperimentPlan, HasTheRunsOfThePaperAndTheCeiling) {
  EXPECT_THAT(namesOf(planOf("rooms")),
              ElementsAre("phase-1", "joint", "control", "2d-only", "3d-only", "3d-reweighted", "supervised"));
  const auto all = namesOf(planOf("rooms", {.ablations = true}));
  for (const char* name :
       {"no-occlusion-filter", "no-confidence", "no-warm-up", "2d-to-3d-only", "3d-to-2d-only", "balance-quarter"})
    EXPECT_THAT(all, Contains(name));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << "names are unique";
}

TEST(ExperimentPlan, ListsRunsAfterThoseThatTheyStartFrom) {
  for (const auto& preset : experimentPresets()) {
    std::set<std::string> before;
    for (const auto& run : planOf(preset, {.ablations = true}).runs) {
      for (const auto& needed : {run.starts_from, run.evaluated})
        EXPECT_TRUE(needed.empty() || before.contains(needed));
      before.insert(run.name);
    }
  }
}

TEST(ExperimentPlan, ControlDiffersFromJointInTheJointLossesAlone) {
  const auto plan = planOf("rooms");
  const auto& joint = plan.run("joint");
  auto control = plan.run("control");
  EXPECT_EQ(joint.starts_from, "phase-1");
  EXPECT_EQ(control.starts_from, joint.starts_from);
  EXPECT_THAT(control.options, Contains("weight_2d_to_3d=0"));
  EXPECT_THAT(control.options, Contains("weight_3d_to_2d=0"));
  std::erase_if(control.options, [](const std::string& option) { return option.starts_with("weight_"); });
  EXPECT_EQ(control.options, joint.options);
  EXPECT_EQ(control.defaults, joint.defaults);
}

TEST(ExperimentPlan, ChoosesRunsByNameWithWhatTheyNeed) {
  EXPECT_THAT(namesOf(planOf("rooms", {.only = {"balance-quarter"}})), ElementsAre("phase-1", "balance-quarter"));
  EXPECT_THAT(namesOf(planOf("rooms", {.only = {"3d-only"}})), ElementsAre("phase-1", "3d-only"));
  EXPECT_THAT(namesOf(planOf("rooms", {.only = {"supervised"}})), ElementsAre("supervised"));
  const auto unknown = experimentPlan("rooms", {.only = {"jiont"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(unknown.error().message, HasSubstr("supervised"));
  EXPECT_EQ(experimentPlan("castles", {}).error().code, ErrorCode::InvalidInput);
}

class PlannedTasks : public ::testing::Test {
 protected:
  static constexpr const char* kOut = "/somewhere";
  static ExperimentTasks tasks(const std::vector<std::string>& settings = {}, const std::string& out = kOut) {
    const std::string data = out + "/data/seed-2";
    return buildTasks(planOf("rooms"), {{2, 3, data, {"train", "val"}}}, settings, out);
  }
  static const Task& named(const ExperimentTasks& all, const std::string& kind) {
    for (const auto& task : all.tasks) {
      if (task.kind == kind) return task;
    }
    throw std::logic_error("no task " + kind);
  }
};

TEST_F(PlannedTasks, JointStartsFromTheRunOfPhase1WithItsOwnOptions) {
  const auto all = tasks({"joint_steps=7"});
  const Task& joint = named(all, "joint training");
  EXPECT_THAT(joint.arguments,
              ElementsAre("train",
                          "/somewhere/data/seed-2",
                          "--split",
                          "train",
                          "--out",
                          "/somewhere/runs/data-2/seed-3/joint",
                          "--preset",
                          "rooms",
                          "--set",
                          "joint_steps=7",
                          "--set",
                          "image_steps=0",
                          "--set",
                          "points_steps=0",
                          "--start-from",
                          "/somewhere/runs/data-2/seed-3/phase-1",
                          "--threads",
                          "1",
                          "--json",
                          "--seed",
                          "3"));
  ASSERT_EQ(joint.needs.size(), 1U);
  EXPECT_EQ(all.tasks[joint.needs[0]].kind, "phase-1 training");
}

TEST_F(PlannedTasks, APersonsSettingsComeBetweenDefaultsAndWhatMakesARun) {
  const auto all = tasks({"points_steps=5", "joint_steps=9"});
  const auto& arguments = named(all, "supervised training").arguments;
  const auto at = [&](const std::string& word) {
    return std::find(arguments.begin(), arguments.end(), word) - arguments.begin();
  };
  EXPECT_LT(at("points_steps=1200"), at("points_steps=5"));
  EXPECT_LT(at("joint_steps=9"), at("joint_steps=0"));
}

TEST_F(PlannedTasks, EveryTrainingIsEvaluatedOnceOnEverySplit) {
  const auto all = tasks();
  EXPECT_EQ(all.evaluations.size(), 10U) << "five trainings: 2d-only and 3d-only are phase 1";
  const Task& evaluated = named(all, "phase-1 on val");
  EXPECT_THAT(evaluated.arguments, Contains("evaluate"));
  EXPECT_THAT(evaluated.arguments, Contains("val"));
  EXPECT_EQ(all.tasks[evaluated.needs.at(0)].kind, "phase-1 training");
}

TEST_F(PlannedTasks, KeysHoldEverythingThatAResultDependsOnButNotThePlace) {
  const auto here = tasks();
  const auto there = tasks({}, "/elsewhere");
  const auto other = tasks({"image_steps=9"});
  for (std::size_t i = 0; i < here.tasks.size(); ++i) {
    EXPECT_EQ(here.tasks[i].key, there.tasks[i].key);
    EXPECT_NE(here.tasks[i].key, other.tasks[i].key) << "phase 1 is another, so is all that starts from it";
  }
}

}  // namespace
}  // namespace tagscape
