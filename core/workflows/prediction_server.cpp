#include "core/workflows/prediction_server.h"

#include "core/io/cam_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace tagscape {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenReports{50};
constexpr std::size_t kLongestQuote = 200;

tl::unexpected<Error> refuse(const std::string& problem) {
  return fail(ErrorCode::InvalidInput,
              problem + R"(. A request looks like {"id": 1, "predict": "frame", "scene": "PATH", "frame": 0})");
}

/// JSON text that is valid even for paths with invalid UTF-8.
std::string dumped(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

PredictionServer::PredictionServer(Predictor predictor, OpenScene open, std::filesystem::path out_folder, Answer answer)
    : predictor_(std::move(predictor)),
      open_(std::move(open)),
      out_folder_(std::move(out_folder)),
      answer_(std::move(answer)) {}

Result<std::optional<PredictionServer::Request>> PredictionServer::parse(const std::string& line, std::int64_t& id) {
  const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return refuse("This line is no JSON object: " + line.substr(0, kLongestQuote));
  if (const auto found = object.find("id"); found != object.end() && found->is_number_integer()) found->get_to(id);
  if (object.value("cancel", Json()) == true) return std::optional<Request>();
  Request request;
  request.id = id;
  const Json kind = object.value("predict", Json());
  const Json scene = object.value("scene", Json());
  if (kind != "scene" && kind != "frame") return refuse("\"predict\" is neither \"scene\" nor \"frame\"");
  if (!scene.is_string()) return refuse("\"scene\" is missing");
  request.scene = scene.get<std::string>();
  request.is_frame = kind == "frame";
  if (!request.is_frame) return request;
  const Json frame = object.value("frame", Json());
  if (!frame.is_number_unsigned()) return refuse("\"frame\" is no place of a frame, counted from 0");
  request.frame_index = frame.get<std::size_t>();
  return request;
}

void PredictionServer::submit(const std::string& line) {
  std::int64_t id = 0;
  auto request = parse(line, id);
  if (!request) return answerError(id, request.error());
  replaceWaiting(std::move(*request));
}

void PredictionServer::replaceWaiting(std::optional<Request> request) {
  std::optional<Request> dropped;
  {
    const std::lock_guard lock(mutex_);
    running_stop_.request_stop();
    dropped = std::exchange(waiting_, std::move(request));
  }
  wake_.notify_all();
  if (dropped) {
    answerError(dropped->id, {ErrorCode::Cancelled, "A newer request came before this one was begun"});
  }
}

void PredictionServer::finish() {
  {
    const std::lock_guard lock(mutex_);
    is_finished_ = true;
  }
  wake_.notify_all();
}

void PredictionServer::run(const std::stop_token& stop) {
  const std::stop_callback stop_running(stop, [this] {
    const std::lock_guard lock(mutex_);
    running_stop_.request_stop();
  });
  while (true) {
    std::optional<Request> request;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return waiting_.has_value() || is_finished_; })) return;
      if (!waiting_) return;
      request = std::exchange(waiting_, std::nullopt);
      running_stop_ = std::stop_source();
    }
    serve(*request);
    if (stop.stop_requested()) return;
  }
}

void PredictionServer::serve(const Request& request) {
  const auto begin = Clock::now();
  Clock::time_point last_report;
  std::string last_stage;
  const auto report = [&](const Progress& progress) {
    const auto now = Clock::now();
    if (progress.stage == last_stage && now - last_report < kBetweenReports) return;
    last_report = now;
    last_stage = progress.stage;
    writeLine(
        dumped({{"id", request.id}, {"stage", progress.stage}, {"done", progress.done}, {"total", progress.total}}));
  };
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    stop = running_stop_.get_token();
  }
  const auto cams = predict(request, Job{report, stop});
  if (!cams) return answerError(request.id, cams.error());
  const auto file = out_folder_ / fmt::format("{}.safetensors", request.id);
  if (const Status written = writeCams(file, *cams); !written) return answerError(request.id, written.error());
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  writeLine(dumped({{"id", request.id}, {"file", file.string()}, {"seconds", seconds}}));
}

Result<SceneCams> PredictionServer::predict(const Request& request, const Job& job) {
  // A scene whose folder was removed is reopened, so that the request gets the error.
  std::error_code ignored;
  if (!scene_ || scene_path_ != request.scene || !std::filesystem::exists(request.scene, ignored)) {
    TAGSCAPE_ASSIGN(scene_, open_(request.scene, job));
    scene_path_ = request.scene;
  }
  TAGSCAPE_TRY(job.checkStop("the prediction"));
  return request.is_frame ? predictor_.predictFrame(scene_, request.frame_index) : predictor_.predict(scene_, job);
}

void PredictionServer::answerError(std::int64_t id, const Error& error) {
  writeLine(dumped({{"id", id}, {"error", error.message}, {"code", std::string(nameOf(error.code))}}));
}

void PredictionServer::writeLine(const std::string& line) {
  const std::lock_guard lock(answer_mutex_);
  answer_(line);
}

}  // namespace tagscape
