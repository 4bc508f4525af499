#include "core/learning/predict_job.h"

#include "core/learning/prediction_service.h"

namespace tagscape {

Result<SceneCams> predictScene(const std::filesystem::path& run_folder,
                               const SharedScene& scene,
                               const PredictOptions& options,
                               const Job& job) {
  TAGSCAPE_ASSIGN(PredictionService service, PredictionService::create(run_folder, options));
  return service.scene(scene, job);
}

}  // namespace tagscape
