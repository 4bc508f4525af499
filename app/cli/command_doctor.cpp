#include "app/cli/command.h"
#include "app/cli/gl_probe.h"
#include "app/cli/printing.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/weights/weight_store.h"
#include "core/workflows/learning_doctor.h"

#include <Eigen/Core>
#include <fmt/format.h>
#include <open3d/Open3DConfig.h>
#include <opencv2/core/version.hpp>

namespace tagscape::cli {
namespace {

using nlohmann::json;

/// The state of each network's published weights: "present", "not fetched", "damaged".
json examineWeights(std::vector<std::string>& problems) {
  json states = json::object();
  for (const auto& row : listStoredWeights()) {
    states[std::string(row.weights.network)] = nameOf(row.state);
    if (row.state == StoredWeights::State::Damaged) {
      problems.push_back(fmt::format(
          "{}: damaged. `tagscape weights fetch {}` gets it again", row.path.string(), row.weights.network));
    }
  }
  return states;
}

json examine() {
  const LearningReport learning = inspectLearning();
  const GlReport gl = probeGl();
  std::vector<std::string> problems = learning.warnings;
  if (!gl.problem.empty()) problems.push_back(gl.problem);
  if (const auto cache = ensureWritableFolder(userCacheFolder()); !cache) problems.push_back(cache.error().message);
  const json weights = examineWeights(problems);
  return {{"tagscape", TAGSCAPE_VERSION},
          {"compiler", __VERSION__},
          {"libtorch", learning.torch_version},
          {"open3d", OPEN3D_VERSION},
          {"opencv", CV_VERSION},
          {"eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"processors", learning.num_processors},
          {"torch_threads", learning.num_threads},
          {"parallel_backend", learning.parallel_backend},
          {"blas", learning.blas_library},
          {"blas_is_openblas", learning.blas_is_openblas},
          {"openblas_threads", learning.openblas_threads},
          {"matrix_gflops", learning.matrix_gflops},
          {"cuda_built", learning.cuda_built},
          {"cuda_devices", learning.cuda_devices},
          {"transports", learning.transports},
          {"gl_renderer", gl.renderer},
          {"gl_version", gl.version},
          {"cache_folder", userCacheFolder().string()},
          {"weights", weights},
          {"weight_folder", weightFolder().string()},
          {"problems", problems}};
}

void printText(const json& report) {
  const auto text = [&](const char* key) { return report[key].get<std::string>(); };
  fmt::print("tagscape {}   LibTorch {}   Open3D {}   OpenCV {}   Eigen {}\n",
             text("tagscape"),
             text("libtorch"),
             text("open3d"),
             text("opencv"),
             text("eigen"));
  fmt::print("  processors  {} ({} LibTorch threads, {})\n",
             report["processors"].get<int>(),
             report["torch_threads"].get<int>(),
             text("parallel_backend"));
  fmt::print("  BLAS        {}, {:.0f} GFLOP/s\n",
             text("blas").empty() ? "unknown" : text("blas"),
             report["matrix_gflops"].get<double>());
  const auto devices = report["cuda_devices"].get<std::vector<std::string>>();
  fmt::print("  CUDA        {}\n",
             !report["cuda_built"].get<bool>() ? "not in this LibTorch"
             : devices.empty()                 ? "no device found"
                                               : fmt::format("{}", fmt::join(devices, ", ")));
  const auto transports = report["transports"].get<std::vector<std::string>>();
  fmt::print("  processes   {}\n",
             transports.empty() ? "one only: LibTorch has no Gloo, or libgloo-dev was missing when this was built"
                                : fmt::format("several can train together, by {}", fmt::join(transports, " or ")));
  fmt::print("  OpenGL      {}\n",
             text("gl_renderer").empty() ? "none" : text("gl_renderer") + ", " + text("gl_version"));
  fmt::print("  cache       {}\n", text("cache_folder"));
  std::string weights;
  for (const auto& [network, state] : report["weights"].items())
    weights += fmt::format("{} {}, ", network, state.get<std::string>());
  fmt::print("  weights     {}in {}\n", weights, text("weight_folder"));
  fmt::print("  problems    {}\n", report["problems"].empty() ? "none" : "");
  for (const auto& problem : report["problems"]) fmt::print("    {}\n", problem.get<std::string>());
}

}  // namespace

Action addDoctor(CLI::App&) {
  return [](const Context& context) -> Status {
    const json report = examine();
    context.json ? printJson(report) : printText(report);
    return {};
  };
}

}  // namespace tagscape::cli
