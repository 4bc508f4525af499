#include "core/annotate/project.h"
#include "tests/core/annotate/annotate_fixtures.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace tagscape {
namespace {

constexpr std::size_t kNumPoints = 2000;
constexpr int kNumEdits = 120;

class DamagedProject : public ::testing::Test {
 protected:
  DamagedProject() : file_(folder_.path() / "p.tagscape") {
    Project project = Project::create(file_, builtInClassSet("scannet20").value()).value();
    const Scene scene = testing::gridScene(folder_.path() / "room", kNumPoints);
    of_ = project.pointLayer(project.addScene(scene, pointsHash(scene)).value().id).value();
    LabelLayer layer(kNumPoints);
    Random random(5);
    for (int i = 0; i < kNumEdits; ++i) {
      const ProjectEdit edit{of_.scene, "brush", "", 0, false, {{of_.id, testing::randomStroke(random, layer)}}, {}};
      EXPECT_TRUE(project.commit(edit));
      layer.apply(edit.layers[0].delta);
    }
    labels_ = layer;
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(file_, std::ios::binary) << bytes; }

  testing::TemporaryFolder folder_;
  std::filesystem::path file_;
  ProjectLayer of_;
  LabelLayer labels_;
};

TEST_F(DamagedProject, AtAnyPlaceIsNeverTakenForSoundLabels) {
  const std::string whole = bytes();
  Random random(9);
  int num_noticed = 0, num_with_loss = 0;
  for (int i = 0; i < 150; ++i) {
    std::string damaged = whole;
    const std::size_t at = random.below(whole.size());
    for (std::size_t k = at; k < std::min(whole.size(), at + 64); ++k)
      damaged[k] = static_cast<char>(random.below(256));
    write(damaged);
    auto project = Project::open(file_);
    if (!project) {
      ++num_noticed;
      continue;
    }
    const auto layer = project->pointLayer(of_.scene);
    const auto loaded = layer ? project->loadLayer(layer->id) : Result<Project::LoadedLayer>(fail(ErrorCode::Io, ""));
    const bool is_noticed = project->isReadOnly() || !loaded || !loaded->problems.empty();
    num_noticed += is_noticed ? 1 : 0;
    // Free room and other tables may be damaged without a trace in the labels.
    if (!is_noticed) {
      EXPECT_EQ(loaded->labels, labels_) << "byte " << at;
      continue;
    }
    const auto copy = folder_.path() / ("copy" + std::to_string(i));
    if (!repairProject(file_, copy)) continue;
    auto repaired = Project::open(copy);
    if (!repaired || !repaired->pointLayer(of_.scene)) continue;
    EXPECT_FALSE(repaired->isReadOnly()) << repaired->problem();
    EXPECT_TRUE(repaired->loadLayer(of_.id).value().problems.empty()) << "byte " << at;
    num_with_loss += repaired->history(1000).size() < kNumEdits ? 1 : 0;
  }
  EXPECT_GT(num_with_loss, 0) << "edits that cannot be read are left out";
  EXPECT_GT(num_noticed, 30) << "a good part of the file is edits";
}

TEST_F(DamagedProject, OpensReadOnlyAndTheRepairedCopyHasTheRest) {
  std::string damaged = bytes();
  // A tenth of the file in the middle of the edits.
  constexpr std::size_t kPage = 4096;
  const std::size_t num_pages = damaged.size() / kPage;
  std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(num_pages / 2 * kPage), num_pages / 10 * kPage, '\xff');
  write(damaged);
  const Project project = Project::open(file_).value();
  EXPECT_TRUE(project.isReadOnly());
  EXPECT_NE(project.problem().find("damaged"), std::string::npos) << project.problem();

  const auto copy = folder_.path() / "repaired.tagscape";
  const auto lost = repairProject(file_, copy).value();
  EXPECT_FALSE(lost.empty());
  Project repaired = Project::open(copy).value();
  EXPECT_FALSE(repaired.isReadOnly()) << repaired.problem();
  const auto loaded = repaired.loadLayer(of_.id).value();
  EXPECT_TRUE(loaded.problems.empty());
  const std::size_t num_edits = repaired.history(1000).size();
  EXPECT_GT(num_edits, kNumEdits / 2U);
  EXPECT_TRUE(repaired.undo().value().has_value());
}

TEST_F(DamagedProject, ARepairedSoundProjectIsTheSame) {
  const auto copy = folder_.path() / "copy.tagscape";
  EXPECT_TRUE(repairProject(file_, copy).value().empty());
  Project same = Project::open(copy).value();
  EXPECT_EQ(same.loadLayer(of_.id).value().labels, labels_);
  EXPECT_EQ(same.history(1000).size(), static_cast<std::size_t>(kNumEdits));
  EXPECT_EQ(same.classes(), builtInClassSet("scannet20").value());
}

}  // namespace
}  // namespace tagscape
