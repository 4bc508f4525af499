#include "core/workflows/trained_networks.h"

#include "core/base/log.h"
#include "core/run/run_directory.h"
#include "core/train/threads.h"

namespace tagscape {

Result<TrainedNetworks> openTrainedNetworks(const std::filesystem::path& run_folder,
                                            const std::string& device,
                                            int num_threads,
                                            std::uint64_t seed) {
  TAGSCAPE_ASSIGN(const RunDirectory run, RunDirectory::open(run_folder));
  TAGSCAPE_ASSIGN(Checkpoint checkpoint, readNewestCheckpoint(run.checkpointFolder()));
  const bool is_large = checkpoint.networks.image_kind == "resnet38";  // as training chooses
  log::debug((is_large ? setLargeNetworkThreads : setLearningThreads)(num_threads).reason);
  TAGSCAPE_ASSIGN(Networks networks, Networks::create(checkpoint.networks, device, seed));
  TAGSCAPE_TRY(networks.setWeights(checkpoint.weights, checkpoint.file));
  return TrainedNetworks{std::move(networks), std::move(checkpoint)};
}

}  // namespace tagscape
