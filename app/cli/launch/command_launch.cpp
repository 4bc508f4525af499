#include "app/cli/command.h"
#include "app/cli/launch/local_ranks.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace tagscape::cli {
namespace {

constexpr int kMaxProcesses = 256;

/// The commands whose processes divide the work; others would repeat it.
constexpr std::string_view kCommands[] = {"train", "predict"};

struct LaunchArguments {
  int num_processes = 2;
  std::optional<int> threads_per_process;
};

Result<std::vector<std::string>> launchedCommand(const CLI::App& options) {
  const std::vector<std::string> words = options.remaining();
  if (words.empty())
    return fail(ErrorCode::InvalidInput,
                "there is nothing to launch. Type the command after --, as in tagscape launch --processes 2 -- train "
                "SET --out RUN");
  if (std::find(std::begin(kCommands), std::end(kCommands), words.front()) == std::end(kCommands))
    return fail(ErrorCode::InvalidInput,
                fmt::format("\"{}\" is no command for several processes; these are: {}. See tagscape launch --help",
                            words.front(),
                            fmt::join(kCommands, ", ")));
  return words;
}

Status launch(const CLI::App& options, const LaunchArguments& arguments, const Context& context) {
  LocalJob job;
  TAGSCAPE_ASSIGN(job.arguments, launchedCommand(options));
  TAGSCAPE_ASSIGN(job.port, freeLoopbackPort());
  std::error_code code;
  job.program = std::filesystem::read_symlink("/proc/self/exe", code);
  if (code) return fail(ErrorCode::Io, "cannot find this program's own file: " + code.message());
  job.num_processes = arguments.num_processes;
  const int processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  job.threads_per_process = arguments.threads_per_process.value_or(std::max(1, processors / job.num_processes));
  return runLocalRanks(job, context.job.stop);
}

}  // namespace

Action addLaunch(CLI::App& options) {
  auto arguments = std::make_shared<LaunchArguments>();
  options.add_option("--processes", arguments->num_processes, "Number of processes")
      ->capture_default_str()
      ->check(CLI::Range(1, kMaxProcesses));
  options
      .add_option("--threads-per-process",
                  arguments->threads_per_process,
                  "Threads per process (default: the processors divided evenly)")
      ->check(CLI::Range(1, 1024));
  options.prefix_command();
  options.footer(
      "The command follows, with or without --: tagscape launch --processes 2 -- train SET --out RUN\n"
      "Batch sizes in its options are per process.");
  return [arguments, &options](const Context& context) { return launch(options, *arguments, context); };
}

}  // namespace tagscape::cli
