#include "app/cli/exchange/layer_arguments.h"

#include "core/base/log.h"
#include "core/exchange/importer.h"
#include "core/exchange/label_sources.h"
#include "core/exchange/project_layer.h"
#include "core/io/cam_file.h"
#include "core/run/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace tagscape::cli {
namespace {

namespace fs = std::filesystem;
constexpr const char* kTruth = "truth";

Result<ExchangeLayer> predictionIn(const fs::path& file, const SharedScene& scene) {
  TAGSCAPE_ASSIGN(SceneCams cams, readCams(file));
  return layerOfPrediction(scene, std::make_shared<const SceneCams>(std::move(cams)));
}

Result<ExchangeLayer> labelsIn(const fs::path& folder, const SharedScene& scene, const Job& job) {
  TAGSCAPE_ASSIGN(const ForeignSource source, readForeign(folder, scene->name, nullptr));
  TAGSCAPE_ASSIGN(const ImportedLayer imported, importLayer(scene, source, scanNetClasses(), {}, job));
  for (const auto& note : imported.notes) log::warn(fmt::format("{}: {}", source.place.string(), note));
  return imported.layer;
}

LayerSource truthSource() {
  return {scanNetClasses(), [](const SharedScene& scene, const Job&) -> Result<ExchangeLayer> {
            ExchangeLayer truth = layerOfTruth(scene);
            if (truth.points.size() > 0 || truth.frames != nullptr) return truth;
            return failFile(ErrorCode::InvalidInput,
                            scene->path,
                            "nothing of it is annotated",
                            "Export other labels, with --run, --labels or --project");
          }};
}

Result<LayerSource> projectSource(const fs::path& path, const std::string& layer) {
  TAGSCAPE_ASSIGN(Project opened, Project::openReadOnly(path));
  const auto project = std::make_shared<Project>(std::move(opened));
  return LayerSource{exchangeClassesOf(project->classes()), [project, layer](const SharedScene& scene, const Job&) {
                       return layerOfProject(project, scene, layer);
                     }};
}

}  // namespace

void LayerArguments::addTo(CLI::App& options, SceneArguments& scenes) {
  project = &scenes.project;
  options.get_option("--project")
      ->description("Instead of --run: a project file (.tagscape), whose layer --layer names");
  options.add_option("--run", run, "The run whose predictions are taken");
  options.add_option(
      "--predictions", predictions, "Instead of --run: a folder of predictions, such as RUN/predictions");
  options.add_option("--labels", labels, "Instead of --run: a folder of labels in any format that is read");
  options.add_option("--layer", layer, "A layer of the project; or prediction, labels, or truth (what is annotated)");
}

Result<LayerSource> LayerArguments::open() const {
  const auto sources = {run, predictions, labels, *project};
  const auto num_given =
      sources.size() - static_cast<std::size_t>(std::count(sources.begin(), sources.end(), std::string()));
  if (layer == kTruth && num_given == 0) return truthSource();
  if (num_given != 1) {
    return fail(ErrorCode::InvalidInput,
                "Give one of --run, --predictions, --labels, --project and --layer truth: whose labels are meant");
  }
  if (!project->empty()) return projectSource(*project, layer);
  const std::string own = labels.empty() ? "prediction" : "labels";
  if (!layer.empty() && layer != own)
    return fail(ErrorCode::InvalidInput, fmt::format("There is no layer \"{}\" here. Choose {} or truth", layer, own));
  if (!labels.empty()) {
    return LayerSource{scanNetClasses(), [folder = fs::path(labels)](const SharedScene& scene, const Job& job) {
                         return labelsIn(folder, scene, job);
                       }};
  }
  fs::path folder = predictions;
  if (!run.empty()) {
    TAGSCAPE_ASSIGN(const RunDirectory opened, RunDirectory::open(run));
    folder = opened.predictionFile("scene").parent_path();
  }
  return LayerSource{scanNetClasses(), [folder](const SharedScene& scene, const Job&) {
                       return predictionIn(folder / (scene->name + ".safetensors"), scene);
                     }};
}

void LayerOptionArguments::addTo(CLI::App& app) {
  app.add_option(
         "--classes", classes, "Only labels of these classes, for example chair,table; the others become unlabelled")
      ->delimiter(',');
  app.add_option("--confidence",
                 options.min_confidence,
                 "Only labels that are at least this sure; the others become unlabelled")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--unlabelled-as", unlabelled_as, "The class that points and pixels without a label get");
  app.add_option("--instances", instances, "auto (those of the layer), none, or connected (connected parts of a class)")
      ->check(CLI::IsMember({"auto", "none", "connected"}))
      ->capture_default_str();
  app.add_option("--smallest-instance", options.smallest_instance, "Points that a connected part has at least")
      ->capture_default_str();
  app.add_option(
         "--frame-labels", frames, "auto, own (of the image network or annotation) or projected (the labels of points)")
      ->check(CLI::IsMember({"auto", "own", "projected"}))
      ->capture_default_str();
  app.add_option("--every-frame", options.every_frame, "Only every Nth frame")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

Result<LayerOptions> LayerOptionArguments::resolve(const ExchangeClasses& known) const {
  LayerOptions resolved = options;
  TAGSCAPE_ASSIGN(resolved.classes, classRowsNamed(classes, known));
  if (!unlabelled_as.empty()) {
    TAGSCAPE_ASSIGN(const auto rows, classRowsNamed({unlabelled_as}, known));
    resolved.unlabelled_as = rows.front();
  }
  if (instances == "none") resolved.instances = LayerOptions::Instances::None;
  if (instances == "connected") resolved.instances = LayerOptions::Instances::Connected;
  if (frames == "own") resolved.frames = LayerOptions::Frames::Own;
  if (frames == "projected") resolved.frames = LayerOptions::Frames::Projected;
  return resolved;
}

}  // namespace tagscape::cli
