#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "app/cli/scene_report.h"
#include "core/pipeline/check_scan.h"
#include "core/pipeline/open_scene.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tagscape::cli {
namespace {

using nlohmann::json;

struct InfoArguments {
  std::string path;
  FuseArguments fuse;
  bool check = false;
  CheckOptions check_options;
};

/// A wrong scan is bad input, so that a script over a data set can sort scans by the exit code.
Status refuseWrong(const Scene& scene, const ScanCheck& check) {
  if (check.consistency != ScanConsistency::Wrong) return {};
  const std::string problem =
      check.remedy ? check.remedy->what : std::string("its poses, cameras or depth do not fit its points");
  const std::string remedy = check.remedy
                                 ? "Add " + check.remedy->option
                                 : std::string("Check that mesh and poses are of the same scan, alignment and units");
  return failFile(ErrorCode::InvalidInput, scene.path, problem, remedy);
}

json describe(const DataSet& data_set) {
  const auto idsOf = [&](const std::vector<std::size_t>& positions) {
    std::vector<std::string> ids;
    for (const std::size_t position : positions) ids.push_back(data_set.scenes[position].id);
    return ids;
  };
  json scenes = json::array();
  for (const auto& scene : data_set.scenes) scenes.push_back({{"id", scene.id}, {"path", scene.path.string()}});
  json splits = json::object();
  for (const auto& [name, positions] : data_set.splits) splits[name] = idsOf(positions);
  return {{"path", data_set.path.string()}, {"scenes", scenes}, {"splits", splits}, {"warnings", data_set.warnings}};
}

Status printDataSet(const DataSet& data_set, const Context& context) {
  if (context.json) {
    printJson({{"data_set", describe(data_set)}});
    return {};
  }
  fmt::print("{}\n  kind        data set\n  scenes      {}", data_set.path.string(), data_set.scenes.size());
  fmt::print(" ({} … {})\n", data_set.scenes.front().id, data_set.scenes.back().id);
  for (const auto& [name, positions] : data_set.splits) fmt::print("  {:<11} {} scenes\n", name, positions.size());
  if (data_set.splits.empty()) fmt::print("  splits      none (scannetv2_train.txt and so on would list them)\n");
  for (const auto& warning : data_set.warnings) fmt::print("  problem     {}\n", warning);
  return {};
}

Status printInfo(const InfoArguments& arguments, const Context& context) {
  if (const auto data_set = findDataSet(arguments.path)) {
    if (!arguments.check) return printDataSet(*data_set, context);
    return failFile(ErrorCode::InvalidInput,
                    arguments.path,
                    "--check looks at one scene, and this is a data set",
                    fmt::format("Name one of its scenes, for example {}", data_set->scenes.front().path.string()));
  }
  TAGSCAPE_ASSIGN(const OpenOptions options, arguments.fuse.openOptions());
  TAGSCAPE_ASSIGN(
      const SharedScene scene,
      arguments.check ? openScene(arguments.path, options, context.job) : peekScene(arguments.path, options));
  json info = describeScene(*scene, detectLayout(arguments.path));
  if (!arguments.check) {
    context.json ? printJson(info) : printScene(info);
    return {};
  }
  TAGSCAPE_ASSIGN(const ScanCheck check, checkScan(*scene, arguments.check_options, context.job));
  info["check"] = describeCheck(check);
  if (context.json) {
    printJson(info);
  } else {
    printScene(info);
    printCheck(info["check"]);
  }
  return refuseWrong(*scene, check);
}

}  // namespace

Action addInfo(CLI::App& options) {
  auto arguments = std::make_shared<InfoArguments>();
  options
      .add_option(
          "path",
          arguments->path,
          "The scan: a folder of frames, a ScanNet scene, a .sens file, a mesh or a point cloud; or a folder of scans")
      ->required();
  options.add_flag("--check",
                   arguments->check,
                   "Check that mesh, poses, depth, colours and labels are consistent; exit code 2 if not");
  options.add_option("--every", arguments->check_options.every, "With --check: use every Nth frame")
      ->capture_default_str();
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return printInfo(*arguments, context); };
}

}  // namespace tagscape::cli
