// The whole experiment with a trainer that is a few lines of shell: what is started, kept, resumed and reported.

#include "core/experiment/reproduce.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/experiment/experiment_folder.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// Notes its arguments in calls.txt; `train` makes the run directory, `evaluate` prints the table that lies in
/// tables/<name>.json. A run whose name is in broken/ fails.
constexpr const char* kTrainer = R"sh(#!/bin/sh
place=$(dirname "$0")
command=$1
echo "$@" >> "$place/calls.txt"
while [ $# -gt 0 ]; do
  case $1 in --out) out=$2;; --run) run=$2;; --split) split=$2;; esac
  shift
done
if [ "$command" = train ]; then
  [ -e "$place/broken/$(basename "$out")" ] && {
    mkdir -p "$out/checkpoints"; echo '{}' > "$out/checkpoints/step_1.json"
    echo "error: the loss is not finite" >&2; exit 1
  }
  mkdir -p "$out/checkpoints"
  [ -e "$place/killed/$(basename "$out")" ] && exit 137
  echo '{}' > "$out/checkpoints/step_1.json"
  echo '{"state": "finished", "step": 1, "total_steps": 1}' > "$out/state.json"
  echo '{"step": 1, "seconds": 1, "phase": "joint", "values": {"loss_2d_cls": 0.5}}' > "$out/metrics.jsonl"
else
  sed "s/\"val\"/\"$split\"/" "$place/tables/$(basename "$run").json"
fi
)sh";

class Reproduce : public ::testing::Test {
 protected:
  Reproduce() {
    log::setVerbosity(0);
    fs::permissions(folder_.write("tagscape", kTrainer), fs::perms::owner_all);
    for (const char* scene : {"scene0000_00", "scene0001_00"})
      folder_.write(std::string("set/scans/") + scene + "/x", "");
    folder_.write("set/scannetv2_train.txt", "scene0000_00\n");
    folder_.write("set/scannetv2_val.txt", "scene0001_00\n");
    says("phase-1", .2);
    says("joint", .5);
    says("control", .3);
    says("3d-reweighted", .1);
    says("supervised", .9);
    options_.preset = "rooms";
    options_.data = folder_.path() / "set";
    options_.out = folder_.path() / "out";
    options_.program = folder_.path() / "tagscape";
    options_.command = "tagscape reproduce";
    options_.num_jobs = 2;
  }
  /// What the evaluation of a run will say.
  void says(const std::string& run, double iou) const {
    std::vector<ResultRow> rows;
    for (const char* domain : {"2D", "3D"}) {
      for (const EvaluationProtocol protocol :
           {EvaluationProtocol::WithTags, EvaluationProtocol::WithoutTags, EvaluationProtocol::Cam}) {
        ResultRow row;
        row.name = run;
        row.domain = domain;
        row.split = "val";
        row.protocol = nameOf(protocol);
        row.iou[0] = iou;
        row.mean_iou = iou;
        rows.push_back(row);
      }
    }
    folder_.write("tables/" + run + ".json", formatTable(rows, TableFormat::Json));
  }
  [[nodiscard]] std::vector<std::string> calls() const {
    std::vector<std::string> lines;
    const std::string text = readTextFile(folder_.path() / "calls.txt").value_or("");
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return readTextFile(options_.out / name).value_or("");
  }

  testing::TemporaryFolder folder_;
  ReproduceOptions options_;
};

TEST_F(Reproduce, TrainsEvaluatesAndWritesTheReport) {
  const auto report = reproduce(options_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->failures.empty());
  // joint, control, supervised: 2 domains x 3 protocols x 2 splits; 2d-only, 3d-only, 3d-reweighted in one domain.
  EXPECT_EQ(report->results.size(), 3U * 12 + 3U * 6);
  EXPECT_EQ(calls().size(), 5U + 10U);
  const auto json = nlohmann::json::parse(file("results.json"));
  EXPECT_EQ(json["results"].size(), report->results.size());
  EXPECT_EQ(json["about"]["command"], "tagscape reproduce");
  EXPECT_THAT(file("table.md"), HasSubstr("| joint"));
  EXPECT_THAT(file("table.md"),
              HasSubstr("2D val: joint gains +20.0 on its control; the required +4 are reached; 56 % of the ceiling"));
  EXPECT_THAT(file("table.csv"), HasSubstr("supervised,with tags,90.00"));
  EXPECT_THAT(file("plots/miou.svg"), HasSubstr("supervised"));
  EXPECT_THAT(file("plots/losses.svg"), HasSubstr("loss_2d_cls"));
  EXPECT_THAT(formatReproduction(*report, TableFormat::Text), Not(HasSubstr("published")));
  for (const auto& result : report->results) {
    EXPECT_FALSE(result.row.name == "2d-only" && result.row.domain != "2D");
    EXPECT_FALSE(result.row.name == "3d-reweighted" && result.row.domain != "3D");
  }
}

TEST_F(Reproduce, ASecondCallDoesOnlyWhatIsNew) {
  ASSERT_TRUE(reproduce(options_, {}));
  const auto before = calls().size();
  ASSERT_TRUE(reproduce(options_, {}));
  EXPECT_EQ(calls().size(), before);

  options_.num_seeds = 2;
  options_.choice.only = {"joint"};
  const auto report = reproduce(options_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(calls().size(), before + 4) << "phase 1 and joint of the second seed, joint evaluated twice";
  const auto of = [&](const std::string& name, int seed) {
    return std::count_if(report->results.begin(), report->results.end(), [&](const auto& result) {
      return result.row.name == name && result.model_seed == seed;
    });
  };
  EXPECT_EQ(of("joint", 2), 12);
  EXPECT_EQ(of("control", 1), 12) << "what the first call finished stays in the table";
  EXPECT_EQ(of("control", 2), 0);
}

TEST_F(Reproduce, AFailedRunIsNamedAndTheOthersGoOn) {
  folder_.write("broken/control", "");
  const auto report = reproduce(options_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->failures,
              Contains(HasSubstr("control (seed 1) training: exit code 1: error: the loss is not finite")));
  EXPECT_THAT(report->failures,
              Contains(HasSubstr("control (seed 1) on val was not run: it needs control (seed 1) training")));
  EXPECT_THAT(file("table.md"), HasSubstr("| joint"));
  EXPECT_THAT(file("table.md"), HasSubstr("## Not done"));
  EXPECT_THAT(file("table.md"), HasSubstr("Nothing to compare"));

  fs::remove(folder_.path() / "broken/control");
  const auto again = reproduce(options_, {});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->failures.empty());
  EXPECT_THAT(calls(), Contains(::testing::AllOf(HasSubstr("runs/seed-1/control"), ::testing::EndsWith("--resume"))));
}

TEST_F(Reproduce, ARunThatWasKilledBeforeItsFirstCheckpointIsBegunAnew) {
  options_.choice.only = {"supervised"};
  folder_.write("killed/supervised", "");
  ASSERT_TRUE(reproduce(options_, {}));
  fs::remove(folder_.path() / "killed/supervised");
  EXPECT_TRUE(reproduce(options_, {})->failures.empty());
  EXPECT_THAT(calls(),
              Contains(::testing::AllOf(HasSubstr("runs/seed-1/supervised"), ::testing::EndsWith("--overwrite"))));
}

TEST_F(Reproduce, RefusesOtherOptionsInTheSameFolder) {
  options_.choice.only = {"supervised"};
  ASSERT_TRUE(reproduce(options_, {}));
  options_.settings = {"image_lr=1"};
  const auto refused = reproduce(options_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("image_lr=1"));
  options_.settings.clear();
  options_.out = folder_.path() / "set";
  EXPECT_THAT(reproduce(options_, {}).error().message, HasSubstr("holds no experiment"));
}

TEST_F(Reproduce, RefusesAFolderThatAnotherCallWorksIn) {
  const auto held = ExperimentFolder::open(options_.out, {});
  ASSERT_TRUE(held);
  EXPECT_THAT(reproduce(options_, {}).error().message, HasSubstr("at work there"));
}

TEST_F(Reproduce, RefusesWhatCannotBeRunBeforeItBegins) {
  const auto messageWith = [&](auto&& change) {
    ReproduceOptions changed = options_;
    change(changed);
    const auto refused = reproduce(changed, {});
    EXPECT_FALSE(refused);
    EXPECT_FALSE(fs::exists(options_.out));
    return refused ? std::string() : refused.error().message;
  };
  EXPECT_THAT(messageWith([](auto& o) { o.num_seeds = 0; }), HasSubstr("--seeds"));
  EXPECT_THAT(messageWith([](auto& o) { o.num_data_seeds = 2; }), HasSubstr("--data-seeds"));
  EXPECT_THAT(messageWith([](auto& o) { o.settings = {"steps"}; }), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(messageWith([](auto& o) {
                o.preset = "scannet";
                o.data.reset();
              }),
              HasSubstr("needs --data"));
  fs::remove(folder_.path() / "set/scannetv2_train.txt");
  EXPECT_THAT(messageWith([](auto&) {}), HasSubstr("no split 'train'"));
}

TEST_F(Reproduce, PutsPublishedFiguresBesideScanNetAlone) {
  options_.preset = "scannet";
  const auto report = reproduce(options_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(formatReproduction(*report, TableFormat::Text), HasSubstr("WyPR (published)"));
  EXPECT_THAT(calls(), Contains(HasSubstr("--preset scannet")));
  // Rooms in ScanNet's files are no ScanNet.
  folder_.write("set/synth.txt", "seed = 1\n");
  options_.out = folder_.path() / "other";
  EXPECT_THAT(formatReproduction(reproduce(options_, {}).value(), TableFormat::Text), Not(HasSubstr("published")));
}

TEST_F(Reproduce, SaysThatItWasStoppedAndKeepsTheReport) {
  std::stop_source stop;
  stop.request_stop();
  const auto report = reproduce(options_, {{}, stop.get_token()});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->was_stopped);
  EXPECT_TRUE(calls().empty());
  EXPECT_TRUE(fs::exists(options_.out / "results.json"));
}

}  // namespace
}  // namespace tagscape
