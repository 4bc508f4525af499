#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/experiment/reproduce.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tagscape::cli {
namespace {

struct ReproduceArguments {
  ReproduceOptions options;
  std::string data;
  std::string out;
};

/// The command line of this process, for the record.
std::string commandAsTyped() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  while (!text.empty() && text.back() == '\0') text.pop_back();
  for (char& c : text) c = c == '\0' ? ' ' : c;
  return text;
}

Status print(const ReproduceReport& report, const ReproduceOptions& options, const Context& context) {
  if (context.json) {
    TAGSCAPE_ASSIGN(const std::string text, readTextFile(options.out / "results.json"));
    fmt::print("{}", text);
    return {};
  }
  fmt::print("{}", formatReproduction(report, TableFormat::Text));
  fmt::print("\nwritten to {}: results.json, table.md, table.csv, plots\n", options.out.string());
  return {};
}

Status run(ReproduceArguments arguments, const Context& context) {
  ReproduceOptions& options = arguments.options;
  std::error_code code;
  options.program = std::filesystem::read_symlink("/proc/self/exe", code);
  options.command = commandAsTyped();
  options.version = TAGSCAPE_VERSION;
  // Absolute, since the stored path must be valid in any working directory.
  options.out = std::filesystem::absolute(arguments.out.empty() ? "reproduce-" + options.preset : arguments.out)
                    .lexically_normal();
  if (!arguments.data.empty()) options.data = std::filesystem::absolute(arguments.data).lexically_normal();
  TAGSCAPE_ASSIGN(const ReproduceReport report, reproduce(options, context.job));
  TAGSCAPE_TRY(print(report, options, context));
  if (report.was_stopped)
    return fail(ErrorCode::Cancelled, "The experiment was stopped; run the same command to continue");
  if (!report.failures.empty()) {
    return fail(ErrorCode::Internal,
                fmt::format("{} trainings or evaluations were not done; the same command tries them again",
                            report.failures.size()));
  }
  return {};
}

}  // namespace

Action addReproduce(CLI::App& options) {
  auto arguments = std::make_shared<ReproduceArguments>();
  ReproduceOptions& chosen = arguments->options;
  options
      .add_option("--preset",
                  chosen.preset,
                  "rooms (small networks on generated rooms), rooms-short (fewer steps), rooms-wide (a wider image "
                  "network, three times as long), scannet (the full size, needs "
                  "--data)")
      ->capture_default_str();
  options.add_option("--seeds", chosen.num_seeds, "Number of network seeds")->capture_default_str();
  options
      .add_option("--data-seeds", chosen.num_data_seeds, "Number of generated data sets, each trained with every seed")
      ->capture_default_str();
  options.add_option("--data", arguments->data, "A data set with split lists, instead of generated rooms");
  options.add_option("--out", arguments->out, "Folder of the experiment (default: ./reproduce-PRESET)");
  options
      .add_option(
          "--only", chosen.choice.only, "Only these runs (and those they start from); an unknown name lists all")
      ->delimiter(',');
  options.add_flag("--ablations", chosen.choice.ablations, "Also train without each part of joint training");
  options.add_option("--jobs", chosen.num_jobs, "Concurrent trainings; 0: one per processor, or what the preset sets")
      ->capture_default_str();
  options.add_option("--set", chosen.settings, "Set an option of all trainings, as NAME=VALUE; may be repeated");
  return [=](const Context& context) { return run(*arguments, context); };
}

}  // namespace tagscape::cli
