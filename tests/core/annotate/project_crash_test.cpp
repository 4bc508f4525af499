// A process that is killed loses at most the edit in hand.

#include "core/annotate/project.h"
#include "tests/core/annotate/annotate_fixtures.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tagscape {
namespace {

constexpr std::size_t kNumPoints = 2000;
constexpr int kNumActions = 4000;  // More than any child lives for.

/// Counts the actions that a child has finished, in memory that outlives it.
class SharedCounter {
 public:
  SharedCounter() {
    void* memory = mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    count_ = new (memory) std::atomic<int>(0);
  }
  ~SharedCounter() { munmap(count_, sizeof(std::atomic<int>)); }
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;
  std::atomic<int>& count() { return *count_; }

 private:
  std::atomic<int>* count_;
};

/// In the child: random actions until it is killed.
[[noreturn]] void annotate(const std::filesystem::path& file, std::uint64_t seed, std::atomic<int>& count) {
  auto project = Project::open(file);
  if (!project || project->isReadOnly()) _exit(1);
  const ProjectLayer of = project->pointLayer(project->scenes().at(0).id).value();
  auto loaded = project->loadLayer(of.id);
  if (!loaded) _exit(2);
  testing::PlainModel model(kNumPoints);
  Random random(seed);
  for (int i = 0; i < kNumActions; ++i) {
    if (!testing::randomAction(random, *project, of, loaded->labels, model)) _exit(3);
    count = i + 1;
  }
  _exit(0);
}

/// The labels after so many actions from an empty layer, without a project file that is ever killed.
class Replay {
 public:
  explicit Replay(std::uint64_t seed) : random_(seed), layer_(kNumPoints), model_(kNumPoints) {
    project_.emplace(Project::create(folder_.path() / "model.tagscape", builtInClassSet("scannet20").value()).value());
    const Scene scene = testing::gridScene("room", kNumPoints);
    of_ = project_->pointLayer(project_->addScene(scene, pointsHash(scene)).value().id).value();
  }
  LabelLayer after(int num_actions) {
    while (states_.size() <= static_cast<std::size_t>(num_actions)) {
      (void)testing::randomAction(random_, *project_, of_, layer_, model_);
      states_.emplace_back(model_.now);
    }
    return states_[static_cast<std::size_t>(num_actions)];
  }

 private:
  testing::TemporaryFolder folder_;
  std::optional<Project> project_;
  Random random_;
  ProjectLayer of_;
  LabelLayer layer_;
  testing::PlainModel model_;
  std::vector<LabelLayer> states_{LabelLayer(kNumPoints)};
};

TEST(ProjectCrash, KilledAtTwoHundredRandomMomentsItLosesAtMostTheEditInHand) {
  constexpr int kNumKills = 200;
  constexpr std::uint64_t kLongest_us = 60'000;
  Random random(11);
  int num_actions = 0;
  std::map<std::uint64_t, Replay> replays;
  for (int kill_number = 0; kill_number < kNumKills; ++kill_number) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "p.tagscape";
    {
      Project project = Project::create(file, builtInClassSet("scannet20").value()).value();
      const Scene scene = testing::gridScene(folder.path() / "room", kNumPoints);
      ASSERT_TRUE(project.addScene(scene, pointsHash(scene)));
    }
    SharedCounter counter;
    const std::uint64_t seed = 100 + static_cast<std::uint64_t>(kill_number % 5);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) annotate(file, seed, counter.count());
    ::usleep(static_cast<useconds_t>(random.below(kLongest_us)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;

    const int finished = counter.count();
    num_actions += finished;
    Project project = Project::open(file).value();
    ASSERT_FALSE(project.isReadOnly()) << project.problem();
    const auto loaded = project.loadLayer(project.pointLayer(project.scenes().at(0).id)->id).value();
    ASSERT_TRUE(loaded.problems.empty());
    Replay& replay = replays.try_emplace(seed, seed).first->second;
    EXPECT_TRUE(loaded.labels == replay.after(finished) || loaded.labels == replay.after(finished + 1))
        << "kill " << kill_number << " after " << finished << " actions";
  }
  std::printf("%d actions before %d kills\n", num_actions, kNumKills);
  EXPECT_GT(num_actions, kNumKills) << "children got to work at all";
}

}  // namespace
}  // namespace tagscape
