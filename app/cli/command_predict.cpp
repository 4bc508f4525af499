#include "app/cli/printing.h"
#include "app/cli/scene_arguments.h"
#include "core/base/log.h"
#include "core/io/cam_file.h"
#include "core/learning/predict_job.h"
#include "core/run/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tagscape::cli {
namespace {

struct PredictArguments {
  SceneArguments scenes;
  std::string run;
  bool no_tags = false;
  PredictOptions predict;
};

/// Share of points per class, largest first.
std::vector<std::pair<std::string, double>> classShares(const SceneCams& cams) {
  std::array<std::size_t, kNumClasses> counts{};
  for (const std::uint8_t label : cams.point_labels) {
    if (label < kNumClasses) ++counts[label];
  }
  std::vector<std::pair<std::string, double>> shares;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] > 0)
      shares.emplace_back(std::string(classCatalog()[c].name),
                          static_cast<double>(counts[c]) / static_cast<double>(cams.numPoints()));
  }
  std::sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return shares;
}

nlohmann::json describe(const SceneCams& cams, const std::filesystem::path& file) {
  nlohmann::json by_class = nlohmann::json::object();
  for (const auto& [name, share] : classShares(cams)) by_class[name] = share;
  return {{"scene", cams.scene_name},
          {"points", cams.numPoints()},
          {"frames", cams.frames.size()},
          {"step", cams.step},
          {"uses_tags", cams.uses_tags},
          {"share_of_points", by_class},
          {"file", file.string()}};
}

void printText(const SceneCams& cams, const std::filesystem::path& file) {
  fmt::print("{}: {} points and {} frames at step {}, {}\n",
             cams.scene_name,
             cams.numPoints(),
             cams.frames.size(),
             cams.step,
             cams.uses_tags ? "with tags" : "without tags");
  for (const auto& [name, share] : classShares(cams)) fmt::print("  {:<16} {:5.1f} % of points\n", name, 100 * share);
  fmt::print("  written to {}\n", file.string());
}

Status predict(PredictArguments arguments, const Context& context) {
  arguments.predict.use_tags = !arguments.no_tags;
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(arguments.run));
  TAGSCAPE_ASSIGN(const auto paths, arguments.scenes.list());
  nlohmann::json described = nlohmann::json::array();
  int num_unreadable = 0;
  for (const auto& path : paths) {
    const auto scene = arguments.scenes.open(path, context.job);
    if (!scene && paths.size() > 1 && scene.error().code != ErrorCode::Cancelled) {
      log::error(scene.error().message);  // The other scenes are still wanted.
      ++num_unreadable;
      continue;
    }
    if (!scene) return fail(scene.error());
    TAGSCAPE_ASSIGN(const SceneCams cams, predictScene(arguments.run, *scene, arguments.predict, context.job));
    const auto file = run.predictionFile((*scene)->name);
    TAGSCAPE_TRY(writeCams(file, cams));
    if (!context.json) printText(cams, file);
    described.push_back(describe(cams, file));
  }
  if (context.json) printJson(paths.size() == 1 ? described.front() : described);
  if (num_unreadable == 0) return {};
  return fail(ErrorCode::InvalidInput, fmt::format("{} of {} scenes could not be read", num_unreadable, paths.size()));
}

}  // namespace

Action addPredict(CLI::App& options) {
  auto arguments = std::make_shared<PredictArguments>();
  arguments->scenes.addTo(options);
  options.add_option("--run", arguments->run, "The run whose networks are used; the prediction is kept in it")
      ->required();
  options.add_flag("--no-tags", arguments->no_tags, "Let every class compete, also those without a tag");
  options.add_option("--device", arguments->predict.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_option("--threads", arguments->predict.num_threads, "Threads; 0 is one per processor")
      ->capture_default_str();
  return [=](const Context& context) { return predict(*arguments, context); };
}

}  // namespace tagscape::cli
