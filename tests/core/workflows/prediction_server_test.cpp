// Predictions for another process: requests and answers line by line, with the networks of a short training.

#include "core/workflows/prediction_server.h"

#include "core/base/files.h"
#include "core/io/cam_file.h"
#include "core/recipe/presets.h"
#include "core/run/run_directory.h"
#include "core/workflows/train_job.h"
#include "tests/support/eventually.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <latch>
#include <thread>

namespace tagscape {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

Recipe fewSteps() {
  Recipe options = presetRecipe("quick").value();
  options.phases.image_steps = options.phases.points_steps = options.phases.joint_steps = 2;
  options.phases.image_batch = 2;
  options.phases.points_batch = options.phases.joint_batch = 1;
  options.points.points_per_cloud = 512;
  options.images.image_long_side_px = 64;
  options.images.crop_px = 48;
  return options;
}

class PredictionServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    scene_ = new SharedScene(testing::makeTinySceneWithTruth().scene);
    ASSERT_TRUE(trainScenes({*scene_}, run(), fewSteps(), {}));
  }
  static void TearDownTestSuite() {
    delete scene_;
    delete folder_;
  }
  static std::filesystem::path run() { return folder_->path() / "run"; }

  PredictionServer server() {
    PredictOptions options;
    options.use_tags = false;
    options.keep_logits = true;
    return {Predictor::open(run(), options).value(),
            [this](const std::filesystem::path& path, const Job& job) { return open(path, job); },
            folder_->path() / "answers",
            [this](const std::string& line) {
              const Json answer = Json::parse(line);
              if (!answer.contains("stage")) answers.push_back(answer);
            }};
  }
  Result<SharedScene> open(const std::filesystem::path& path, const Job& job) {
    ++num_opened;
    if (on_open) on_open(job);
    if (path == "gone") return failFile(ErrorCode::NotFound, path, "there is no such scan", "Name another");
    return *scene_;
  }
  static std::string request(int id, const std::string& kind, int frame = 0, const std::string& scene = ".") {
    return Json{{"id", id}, {"predict", kind}, {"scene", scene}, {"frame", frame}}.dump();
  }
  /// Answers what was submitted, one after the other.
  void answer(PredictionServer& to, const std::vector<std::string>& lines) {
    std::jthread thread([&](const std::stop_token& stop) { to.run(stop); });
    for (const auto& line : lines) {
      const std::size_t before = answers.size();
      to.submit(line);
      EXPECT_TRUE(testing::eventually([&] { return answers.size() > before; }));
    }
    to.finish();
  }

  static testing::TemporaryFolder* folder_;
  static SharedScene* scene_;
  std::vector<Json> answers;
  std::atomic<int> num_opened = 0;
  std::function<void(const Job&)> on_open;
};

testing::TemporaryFolder* PredictionServerTest::folder_ = nullptr;
SharedScene* PredictionServerTest::scene_ = nullptr;

TEST_F(PredictionServerTest, AnswersAFrameAndASceneAsThePredictionOfTheRunDoes) {
  auto served = server();
  answer(served, {request(1, "frame", 2), request(2, "scene")});
  ASSERT_EQ(answers.size(), 2U);
  ASSERT_TRUE(answers[0].contains("file")) << answers[0];
  ASSERT_TRUE(answers[1].contains("file")) << answers[1];
  const SceneCams frame = readCams(answers[0]["file"].get<std::string>()).value();
  const SceneCams scene = readCams(answers[1]["file"].get<std::string>()).value();
  PredictOptions unaided;
  unaided.use_tags = false;
  const SceneCams expected = predictScene(run(), *scene_, unaided, {}).value();
  ASSERT_EQ(frame.frames.size(), 1U);
  EXPECT_EQ(frame.numPoints(), 0U);
  const int number = (*scene_)->frames[2].number;
  EXPECT_EQ(frame.frames[0].values, expected.frame(number)->values);
  EXPECT_EQ(scene.point_values, expected.point_values);
  EXPECT_EQ(scene.point_labels, expected.point_labels);
  EXPECT_EQ(scene.point_logits.size(), scene.point_values.size());
  EXPECT_EQ(num_opened, 1) << "the scene stays open between requests";
}

TEST_F(PredictionServerTest, NewestRequestStopsTheRunningOneAndReplacesTheWaitingOne) {
  auto served = server();
  std::latch begun(1);
  on_open = [&](const Job& job) {
    begun.count_down();
    EXPECT_TRUE(testing::eventually([&] { return job.stopRequested(); }));
    on_open = nullptr;
  };
  std::jthread thread([&](const std::stop_token& stop) { served.run(stop); });
  served.submit(request(1, "scene"));
  begun.wait();
  served.submit(request(2, "frame", 0));
  EXPECT_TRUE(testing::eventually([&] { return answers.size() >= 2; }));
  served.finish();
  thread.join();
  EXPECT_EQ(answers[0]["id"], 1);
  EXPECT_EQ(answers[0]["code"], "cancelled");
  EXPECT_EQ(answers[1]["id"], 2);
  EXPECT_TRUE(answers[1].contains("file"));
}

TEST_F(PredictionServerTest, TellsWhatItCannotReadAndGoesOn) {
  auto served = server();
  answer(served,
         {"not json",
          R"({"id": 3, "predict": "dance", "scene": "."})",
          R"({"id": 4, "predict": "frame", "scene": ".", "frame": -1})",
          request(5, "frame", 9999),
          request(6, "scene", 0, "gone"),
          request(7, "frame", 0)});
  ASSERT_EQ(answers.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(answers[i].contains("error")) << answers[i];
  EXPECT_EQ(answers[1]["id"], 3);
  EXPECT_THAT(answers[3]["error"].get<std::string>(), HasSubstr("9999"));
  EXPECT_THAT(answers[4]["error"].get<std::string>(), HasSubstr("gone"));
  EXPECT_EQ(answers[4]["code"], "not found");
  EXPECT_TRUE(answers[5].contains("file"));
}

TEST_F(PredictionServerTest, CheckpointOfAnotherNetworkIsRefusedByNameAndTensor) {
  const auto other = folder_->path() / "other";
  std::filesystem::copy(run(), other, std::filesystem::copy_options::recursive);
  std::filesystem::path description;
  for (const auto& entry : std::filesystem::directory_iterator(other / "checkpoints")) {
    if (entry.path().extension() == ".json") description = std::max(description, entry.path());
  }
  Json json = Json::parse(readTextFile(description).value());
  json["points_width"] = json["points_width"].get<int>() * 2;
  ASSERT_TRUE(writeFileAtomically(description, json.dump()));
  const auto predictor = Predictor::open(other, {});
  ASSERT_FALSE(predictor);
  EXPECT_EQ(predictor.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(predictor.error().message, HasSubstr("points."));
  EXPECT_THAT(predictor.error().message, HasSubstr(description.stem().string()));
}

}  // namespace
}  // namespace tagscape
