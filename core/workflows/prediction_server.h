#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/workflows/predict_job.h"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace tagscape {

/// Answers requests for predictions, one JSON object a line both ways, with networks that stay loaded. What another
/// process needs to look at a run without linking LibTorch.
///
/// Requests:  {"id": 7, "predict": "scene", "scene": "PATH"}
///            {"id": 8, "predict": "frame", "scene": "PATH", "frame": 12}     12: place in Scene::frames
///            {"id": 9, "cancel": true}                                       stops what runs and what waits
/// Answers:   {"id": 7, "stage": "predicting points", "done": 2, "total": 9}  any number of them
///            {"id": 7, "file": "OUT/7.safetensors", "seconds": 0.31}         a CAM file, for the asker to remove
///            {"id": 7, "error": "…", "code": "InvalidInput"}                 code: nameOf(ErrorCode)
///
/// The newest request wins: it stops the running one, which is answered with Cancelled, and replaces a waiting one,
/// which is too. The scene asked for last stays open.
class PredictionServer {
 public:
  using OpenScene = std::function<Result<SharedScene>(const std::filesystem::path& path, const Job& job)>;
  using Answer = std::function<void(const std::string& line)>;

  /// @param answer  gets each answer without its line break; called on the threads of submit() and run(), never on two
  ///                at once.
  PredictionServer(Predictor predictor, OpenScene open, std::filesystem::path out_folder, Answer answer);

  /// Takes a request, from any thread; a line that is none is answered with an error at once.
  void submit(const std::string& line);
  /// No more requests will come: run() returns when the present one is answered.
  void finish();
  /// Answers until finish() or a stop; call it once.
  void run(const std::stop_token& stop);

 private:
  struct Request {
    std::int64_t id = 0;
    bool is_frame = false;
    std::size_t frame_index = 0;
    std::filesystem::path scene;
  };

  [[nodiscard]] static Result<std::optional<Request>> parse(const std::string& line, std::int64_t& id);
  void replaceWaiting(std::optional<Request> request);
  void serve(const Request& request);
  [[nodiscard]] Result<SceneCams> predict(const Request& request, const Job& job);
  void answerError(std::int64_t id, const Error& error);
  void writeLine(const std::string& line);

  Predictor predictor_;
  OpenScene open_;
  std::filesystem::path out_folder_;
  Answer answer_;
  SharedScene scene_;  // What run() opened last.
  std::filesystem::path scene_path_;

  std::mutex answer_mutex_;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable_any wake_;
  std::optional<Request> waiting_;
  std::stop_source running_stop_{std::nostopstate};
  bool is_finished_ = false;
};

}  // namespace tagscape
