#include "app/cli/command.h"
#include "app/cli/view_arguments.h"
#include "core/base/files.h"
#include "core/workflows/prediction_server.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace tagscape::cli {
namespace {

struct ServeArguments {
  std::string run;
  std::string out;
  bool no_tags = false;
  FuseArguments fuse;
  PredictOptions predict;
};

/// Passes every line of stdin to `take` until its end or a stop. Polls, so that a stop need not wait for a line.
void readLines(const std::stop_token& stop, const std::function<void(const std::string&)>& take) {
  constexpr int kPatience_ms = 100;
  constexpr std::size_t kLongestLine_bytes = 1 << 20;
  std::string pending;
  std::array<char, 4096> chunk{};
  while (!stop.stop_requested()) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, kPatience_ms) <= 0) continue;
    const ssize_t count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (count <= 0) return;
    pending.append(chunk.data(), static_cast<std::size_t>(count));
    for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      if (end > 0) take(pending.substr(0, end));
      pending.erase(0, end + 1);
    }
    if (pending.size() > kLongestLine_bytes) pending.clear();
  }
}

void printLine(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

Status serve(ServeArguments arguments, const Context& context) {
  arguments.predict.use_tags = !arguments.no_tags;
  arguments.predict.keep_logits = true;
  TAGSCAPE_TRY(ensureWritableFolder(arguments.out));
  TAGSCAPE_ASSIGN(Predictor predictor, Predictor::open(arguments.run, arguments.predict));
  printLine(nlohmann::json{{"ready", true},
                           {"run", arguments.run},
                           {"step", predictor.step()},
                           {"image_network", predictor.description().image_kind},
                           {"point_network", predictor.description().point_kind}}
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  const auto open = [&](const std::filesystem::path& path, const Job& job) -> Result<SharedScene> {
    TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments.fuse.openOptions());
    return openScene(path, open_options, job);
  };
  PredictionServer server(std::move(predictor), open, arguments.out, printLine);
  // The reader may wait for a line that never comes: it ends with this stop.
  std::jthread reader([&](const std::stop_token& stop) {
    readLines(stop, [&](const std::string& line) { server.submit(line); });
    server.finish();
  });
  server.run(context.job.stop);
  return {};
}

}  // namespace

Action addServe(CLI::App& options) {
  auto arguments = std::make_shared<ServeArguments>();
  options.add_option("--run", arguments->run, "The run whose networks are used")->required();
  options.add_option("--out", arguments->out, "Folder for the CAM files of the replies")->required();
  options.add_flag("--no-tags", arguments->no_tags, "Predict among all classes, including those without a tag");
  options.add_option("--device", arguments->predict.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_option("--threads", arguments->predict.num_threads, "Threads; 0: one per processor")
      ->capture_default_str();
  addViewOptions(options, arguments->predict.views, arguments->predict.votes);
  arguments->fuse.addTo(options);
  options.footer(
      "Requests are read from stdin and replies are written to stdout, one JSON object per line:\n"
      R"(  {"id": 1, "predict": "scene", "scene": "PATH"})"
      "\n"
      R"(  {"id": 2, "predict": "frame", "scene": "PATH", "frame": 0})"
      "\n"
      R"(  {"id": 3, "cancel": true})"
      "\n"
      "Each reply reports progress and then a CAM file or an error. The newest request wins. The server ends with its\n"
      "input.");
  return [=](const Context& context) { return serve(*arguments, context); };
}

}  // namespace tagscape::cli
