#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/exchange/manifest.h"

#include <fmt/format.h>

#include <memory>

namespace tagscape::cli {
namespace {

Status verify(const std::string& folder, const Context& context) {
  TAGSCAPE_ASSIGN(const ExportCheck check, verifyExport(folder, context.job));
  if (context.json) {
    printJson({{"scenes", check.num_scenes},
               {"files", check.num_files},
               {"bytes", check.num_bytes},
               {"problems", check.problems}});
  } else {
    for (const auto& problem : check.problems) fmt::print("{}\n", problem);
    fmt::print("{} scenes, {} files, {:.1f} MB: {}\n",
               check.num_scenes,
               check.num_files,
               static_cast<double>(check.num_bytes) / 1e6,
               check.problems.empty() ? "all as they were written" : fmt::format("{} problems", check.problems.size()));
  }
  if (check.problems.empty()) return {};
  return failFile(ErrorCode::Io,
                  folder,
                  fmt::format("{} files are not as they were written", check.problems.size()),
                  "Export again, or restore them");
}

}  // namespace

Action addVerify(CLI::App& options) {
  auto folder = std::make_shared<std::string>();
  options.add_option("folder", *folder, "A folder that `tagscape export` wrote")->required();
  return [=](const Context& context) { return verify(*folder, context); };
}

}  // namespace tagscape::cli
