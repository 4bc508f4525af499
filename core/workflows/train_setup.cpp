#include "core/workflows/train_setup.h"

#include "core/base/log.h"
#include "core/methods/training_methods.h"
#include "core/models/data_options.h"
#include "core/run/run_directory.h"
#include "core/train/threads.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tagscape {
namespace {

NetworkDescription networkDescription(const Recipe& options) {
  NetworkDescription description;
  description.image_kind = nameOf(options.networks.image_network);
  description.point_kind = nameOf(options.networks.point_network);
  description.image_is_pretrained = !options.networks.image_weights.empty();
  description.image_width = options.networks.image_width;
  description.points_width = options.networks.points_width;
  description.image_long_side_px = options.images.image_long_side_px;
  description.points_per_cloud = options.points.points_per_cloud;
  return description;
}

int chooseThreads(const Recipe& options) {
  const bool large = options.networks.image_network == ImageNetworkKind::Resnet38;
  const ThreadChoice threads =
      large ? setLargeNetworkThreads(options.execution.num_threads) : setLearningThreads(options.execution.num_threads);
  log::info("threads: " + threads.reason);
  return threads.torch_threads;
}

Status setInitialWeights(const Recipe& options,
                         const ResumableCheckpoint* resumed,
                         Networks& networks,
                         TrainSetup& setup) {
  if (resumed != nullptr) return networks.setWeights(resumed->checkpoint.weights, resumed->checkpoint.file);
  if (!options.networks.image_weights.empty())
    TAGSCAPE_TRY(networks.loadPretrainedImage(options.networks.image_weights));
  if (!options.networks.points_weights.empty())
    TAGSCAPE_TRY(networks.loadPretrainedPoints(options.networks.points_weights));
  if (options.general.start_from.empty()) return {};
  TAGSCAPE_ASSIGN(const RunDirectory source, RunDirectory::open(options.general.start_from));
  TAGSCAPE_ASSIGN(const Checkpoint checkpoint, readNewestCheckpoint(source.checkpointFolder()));
  setup.image_learnt = !checkpoint.has_state || checkpoint.image_learnt;
  setup.points_learnt = !checkpoint.has_state || checkpoint.points_learnt;
  log::info(fmt::format("starting with the weights of {}", checkpoint.file.string()));
  return networks.setWeights(checkpoint.weights, checkpoint.file);
}

/// Snapshots show the first scenes, which must be in memory even if the others are not.
Status prepareLive(const Recipe& options, TrainingDataOptions wanted, const Job& job, TrainSetup& setup) {
  const auto num_live = std::min(setup.data->scenes.size(), static_cast<std::size_t>(options.execution.live_scenes));
  if (num_live == 0) return {};
  setup.live_data = setup.data;
  if (!wanted.in_memory) {
    wanted.in_memory = true;
    wanted.clouds_per_scene = 1;
    std::vector<SharedScene> shown;
    for (std::size_t i = 0; i < num_live; ++i) shown.push_back(setup.data->scenes[i].scene);
    TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData(shown, wanted, job));
    setup.live_data = std::make_shared<const TrainingData>(std::move(prepared));
  }
  const auto& scenes = setup.live_data->scenes;
  for (std::size_t i = 0; i < std::min(num_live, scenes.size()); ++i)
    setup.live.emplace_back(*scenes[i].scene, scenes[i]);
  return {};
}

}  // namespace

Status checkSameEverywhere(ProcessGroup& group, std::string_view what, std::int64_t own) {
  TAGSCAPE_ASSIGN(const std::int64_t first, group.broadcast(own));
  if (own == first) return {};
  return fail(ErrorCode::InvalidInput,
              fmt::format("rank {} sees {} {} where rank 0 sees {}. Give all ranks the same scans and run directory.",
                          group.rank(),
                          own,
                          what,
                          first));
}

Result<TrainSetup> setUpTraining(const std::vector<SharedScene>& scenes,
                                 const Recipe& options,
                                 const ResumableCheckpoint* resumed,
                                 const std::shared_ptr<ProcessGroup>& group,
                                 const Job& job) {
  TrainSetup setup;
  setup.num_threads = chooseThreads(options);
  TAGSCAPE_ASSIGN(Networks networks,
                  Networks::create(networkDescription(options), options.execution.device, options.general.seed));
  setup.device = networks.deviceName();
  TAGSCAPE_TRY(setInitialWeights(options, resumed, networks, setup));
  const TrainingDataOptions wanted = dataOptionsOf(options, networks);
  TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData(scenes, wanted, job));
  setup.data = std::make_shared<const TrainingData>(std::move(prepared));
  TAGSCAPE_TRY(checkSameEverywhere(*group, "frames", static_cast<std::int64_t>(setup.data->numFrames())));
  const auto source = std::make_shared<const TrainingSource>(setup.data, wanted);
  TAGSCAPE_ASSIGN(
      auto trainer,
      Trainer::create(source, std::move(networks), options, makeTrainingMethod(options, source, group), group));
  setup.trainer = std::make_unique<Trainer>(std::move(trainer));
  if (group->isFirst()) TAGSCAPE_TRY(prepareLive(options, wanted, job, setup));
  return setup;
}

}  // namespace tagscape
