#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/exports/label_export.h"
#include "core/io/cam_file.h"
#include "core/run/run_directory.h"

#include <fmt/format.h>

namespace tagscape::cli {
namespace {

struct ExportArguments {
  std::string path;
  std::string run;
  std::string out;
  std::vector<std::string> formats{"ply", "scannet"};
  FuseArguments fuse;
};

Status exportScene(const ExportArguments& arguments, const Context& context) {
  std::vector<LabelFormat> formats;
  for (const auto& name : arguments.formats) {
    TAGSCAPE_ASSIGN(const LabelFormat format, labelFormatByName(name));
    formats.push_back(format);
  }
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(arguments.run));
  TAGSCAPE_ASSIGN(const OpenOptions open_options, arguments.fuse.openOptions());
  TAGSCAPE_ASSIGN(const SharedScene scene, openScene(arguments.path, open_options, context.job));
  TAGSCAPE_ASSIGN(const SceneCams cams, readCams(run.predictionFile(scene->name)));
  TAGSCAPE_ASSIGN(const auto files,
                  exportLabels(*scene, labelsOfPrediction(cams), arguments.out, formats, context.job));
  if (context.json) {
    nlohmann::json written = nlohmann::json::array();
    for (const auto& file : files) written.push_back(file.string());
    printJson({{"points", cams.numPoints()}, {"uses_tags", cams.uses_tags}, {"step", cams.step}, {"files", written}});
    return {};
  }
  for (const auto& file : files) fmt::print("{}\n", file.string());
  return {};
}

}  // namespace

Action addExport(CLI::App& options) {
  auto arguments = std::make_shared<ExportArguments>();
  options.add_option("path", arguments->path, "The scan")->required();
  options.add_option("--run", arguments->run, "The run whose prediction is exported")->required();
  options.add_option("--out", arguments->out, "The folder to write to")->required();
  options
      .add_option("--format", arguments->formats, "ply (mesh with scalar fields), scannet (one NYU40 id per vertex)")
      ->delimiter(',');
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return exportScene(*arguments, context); };
}

}  // namespace tagscape::cli
