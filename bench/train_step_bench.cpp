// One side of bench/train_step.py: the trainer's own joint steps, and all that another program needs to take the same.
// usage: bench_train_step SET FOLDER PRESET BATCHES [option=value …]
//
// Writes the first BATCHES batches of the joint phase, the weights it begins with and the options into FOLDER, prints
// "{}" and then answers each line of standard input with a line of JSON:
//   threads N   computes with N threads from now on
//   steps N     N steps of the trainer: seconds of each (on the clock and of this thread's processor time), its losses
//   parts N     N steps over the batches that were written, taken apart: seconds of each part; the trainer's networks
//               change with it
//   memory      what tensors of one step hold at most, and the process's peak so far

#include "core/base/process_memory.h"
#include "core/methods/training_methods.h"
#include "core/models/data_options.h"
#include "core/models/networks_torch.h"
#include "core/nn/memory_peak_torch.h"
#include "core/nn/weights_torch.h"
#include "core/pipeline/open_scene.h"
#include "core/recipe/option_descriptor.h"
#include "core/recipe/presets.h"
#include "core/recipe/recipe_check.h"
#include "core/scans/data_set.h"
#include "core/train/network_optimiser_torch.h"
#include "core/train/threads.h"
#include "core/train/trainer.h"
#include "core/train/training_batch_torch.h"
#include "core/train/training_method_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace tagscape;
using nlohmann::json;

constexpr const char* kJoint = "joint";

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  std::exit(2);
}
template <class T>
T orStop(Result<T> result) {
  if (!result) stop(result.error());
  return std::move(*result);
}
void orStop(const Status& status) {
  if (!status) stop(status.error());
}

double clock_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
/// Processor time of this thread: what a step costs, whatever else the machine does.
double thread_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Recipe optionsOf(const std::string& preset, const std::vector<std::string>& assignments) {
  Recipe options = orStop(presetRecipe(preset));
  for (const std::string& assignment : assignments) {
    const auto at = assignment.find('=');
    orStop(
        setRecipeOption(options, assignment.substr(0, at), at == std::string::npos ? "" : assignment.substr(at + 1)));
  }
  orStop(checkRecipe(options));
  if (options.labels.views != LabelViews::Single) {
    stop({ErrorCode::InvalidInput,
          "The other side knows labels of single points by single frames alone. Give views=single"});
  }
  return options;
}

NetworkDescription describe(const Recipe& options) {
  NetworkDescription description;
  description.image_kind = nameOf(options.networks.image_network);
  description.point_kind = nameOf(options.networks.point_network);
  description.image_width = options.networks.image_width;
  description.points_width = options.networks.points_width;
  description.image_long_side_px = options.images.image_long_side_px;
  description.points_per_cloud = options.points.points_per_cloud;
  return description;
}

std::shared_ptr<const TrainingSource> prepare(const std::string& folder,
                                              const Recipe& options,
                                              const Networks& networks) {
  const TrainingDataOptions wanted = dataOptionsOf(options, networks);
  // Enough for every cloud of a step to be of another scene, and few enough to be ready soon.
  constexpr std::size_t kMaxScenes = 24;
  std::vector<SharedScene> scenes;
  for (const auto& scene : orStop(scanDataSet(folder)).scenes) {
    if (scenes.size() < kMaxScenes) scenes.push_back(orStop(openScene(scene.path, {}, {})));
  }
  auto data = std::make_shared<const TrainingData>(orStop(prepareTrainingData(scenes, wanted, {})));
  return std::make_shared<const TrainingSource>(std::move(data), wanted);
}

void addBatch(const TrainingBatch& batch, const std::string& number, TensorFile& file) {
  const auto add = [&](const std::string& name, const at::Tensor& tensor) {
    file.tensors[number + "." + name] = toBlob(tensor);
  };
  add("images", batch.images);
  add("image_tags", batch.image_tags);
  add("positions", batch.clouds.positions);
  add("features", batch.clouds.features);
  add("scene_tags", batch.scene_tags);
  for (std::size_t l = 0; l < batch.clouds.levels.size(); ++l) {
    const auto& level = batch.clouds.levels[l];
    const std::string name = fmt::format("level{}.", l);
    add(name + "centres", level.centres);
    add(name + "neighbours", level.neighbours[0]);
    add(name + "interpolate_from", level.interpolate_from);
    add(name + "interpolate_weight", level.interpolate_weight);
  }
  if (batch.matches.empty()) return;
  add("rows", batch.matches.rows);
  add("crops", batch.matches.crops);
  add("places", batch.matches.pixels);
  add("match_image_tags", batch.matches.image_tags);
  add("match_scene_tags", batch.matches.scene_tags);
}

json describeOptions(const Recipe& options, const NetworkInputs& inputs, int num_batches) {
  json all;
  for (const OptionDescriptor& option : recipeOptions()) {
    const std::string text = option.get(options);
    const bool is_plain =
        option.kind == OptionKind::Flag || option.kind == OptionKind::Integer || option.kind == OptionKind::Number;
    all[std::string(option.name)] = is_plain ? nlohmann::json::parse(text) : nlohmann::json(text);
  }
  all["stride_px"] = inputs.cells.stride_px;
  all["first_px"] = inputs.cells.first_px;
  for (const auto& level : inputs.hierarchy.levels) all["radii_m"].push_back(level.groups[0].radius_m);
  // What the trainer seeds LibTorch's own generator with before each step, for dropout.
  for (int step = 0; step < num_batches; ++step)
    all["step_seeds"].push_back(Random(options.general.seed).fork(fmt::format("joint {}", step)).next());
  return all;
}

/// The trainer's joint step with supervision from tags, written out once more so that each part can be timed.
class PartwiseStep {
 public:
  PartwiseStep(Networks::Impl& networks, const Recipe& options, const TrainingMethod& method)
      : networks_(networks),
        method_(method),
        image_optimiser_(*networks.image,
                         {options.optimisers.image_optimizer,
                          options.optimisers.image_weight_decay,
                          options.optimisers.image_momentum,
                          1,
                          0}),
        points_optimiser_(*networks.points,
                          {options.optimisers.points_optimizer,
                           options.optimisers.points_weight_decay,
                           options.optimisers.points_momentum,
                           1,
                           0}) {
    image_optimiser_.setRate(options.optimisers.joint_image_lr);
    points_optimiser_.setRate(options.optimisers.joint_points_lr);
  }

  /// Adds the seconds of each part.
  void take(const TrainingBatch& batch, json& parts) {
    NetworkOutput image, points;
    at::Tensor total;
    const auto part = [&](const char* name, auto&& work) {
      const double begin = thread_s();
      work();
      parts[name].push_back(thread_s() - begin);
    };
    networks_.image->setTraining(true);
    networks_.points->setTraining(true);
    part("zero gradients", [&] {
      image_optimiser_.zeroGradients();
      points_optimiser_.zeroGradients();
    });
    part("image forward", [&] { image = networks_.image->forward(batch.images); });
    part("points forward", [&] { points = networks_.points->forward(batch.clouds); });
    part("losses", [&] {
      const PhasePosition position{kJoint, 0, 1};
      for (const LossTerm& term : method_.losses({position, batch, image, points}))
        total = total.defined() ? total + term.weight * term.loss : term.weight * term.loss;
    });
    part("backward", [&] { total.backward(); });
    part("optimisers", [&] {
      (void)image_optimiser_.step();
      (void)points_optimiser_.step();
    });
  }

 private:
  Networks::Impl& networks_;
  const TrainingMethod& method_;
  NetworkOptimiser image_optimiser_, points_optimiser_;
};

class Answers {
 public:
  Answers(Trainer trainer,
          const Recipe& options,
          std::shared_ptr<const TrainingMethod> method,
          std::vector<TrainingBatch> batches)
      : trainer_(std::move(trainer)), options_(options), method_(std::move(method)), batches_(std::move(batches)) {
    trainer_.beginPhase(kJoint, options.phases.joint_steps);
  }

  json to(const std::string& command, int count) {
    if (command == "threads") return threads(count);
    if (command == "steps") return steps(count);
    if (command == "parts") return parts(count);
    if (command == "memory") return memory();
    stop({.code = ErrorCode::InvalidInput, .message = fmt::format("there is no command '{}'", command)});
  }

 private:
  json threads(int count) {
    const bool large = options_.networks.image_network == ImageNetworkKind::Resnet38;
    const ThreadChoice choice = large ? setLargeNetworkThreads(count) : setLearningThreads(count);
    return {{"choice", choice.reason}};
  }

  json steps(int count) {
    json answer{{"seconds", json::array()}, {"thread_seconds", json::array()}, {"losses", json::array()}};
    const double waited_s = trainer_.waited_s();
    for (int i = 0; i < count; ++i) {
      const double begin = clock_s(), thread_begin = thread_s();
      answer["losses"].push_back(orStop(trainer_.step()));
      answer["seconds"].push_back(clock_s() - begin);
      answer["thread_seconds"].push_back(thread_s() - thread_begin);
    }
    answer["waited_s"] = trainer_.waited_s() - waited_s;
    return answer;
  }

  json parts(int count) {
    PartwiseStep step(trainer_.networks().impl(), options_, *method_);
    json seconds;
    for (int i = 0; i < count; ++i) step.take(batches_[static_cast<std::size_t>(i) % batches_.size()], seconds);
    return seconds;
  }

  json memory() {
    json answer;
    {
      PartwiseStep step(trainer_.networks().impl(), options_, *method_);
      json seconds;
      step.take(batches_[0], seconds);  // From the second step on gradients and optimisers hold what they need.
      const MemoryPeak peak;
      step.take(batches_[0], seconds);
      answer["step_MiB"] = static_cast<double>(peak.bytes()) / (1 << 20);
    }
    answer["process_MiB"] = static_cast<double>(processPeakBytes()) / (1 << 20);
    return answer;
  }

  Trainer trainer_;
  Recipe options_;
  std::shared_ptr<const TrainingMethod> method_;
  std::vector<TrainingBatch> batches_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: bench_train_step SET FOLDER PRESET BATCHES [option=value …]\n");
    return 2;
  }
  const std::filesystem::path folder = argv[2];
  const int num_batches = std::atoi(argv[4]);
  const Recipe options = optionsOf(argv[3], {argv + 5, argv + argc});
  Networks networks = orStop(Networks::create(describe(options), "cpu", options.general.seed));
  const auto source = prepare(argv[1], options, networks);

  const auto method = makeTrainingMethod(options, source);
  const auto phase = std::ranges::find(method->phases(), kJoint, &TrainingPhase::name);
  const BatchMaker maker(source, options, networks.inputs());
  TensorFile written;
  std::vector<TrainingBatch> batches;
  for (int step = 0; step < num_batches; ++step) {
    batches.push_back(orStop(maker.make(phase->batch, step)));
    addBatch(batches.back(), std::to_string(step), written);
  }
  orStop(writeSafetensors(folder / "batches.safetensors", written));
  orStop(writeSafetensors(folder / "weights.safetensors", networks.weights()));
  std::ofstream(folder / "options.json") << describeOptions(options, networks.inputs(), num_batches);

  Answers answers(
      orStop(Trainer::create(source, std::move(networks), options, method)), options, method, std::move(batches));
  std::cout << "{}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    int count = 0;
    words >> command >> count;
    std::cout << answers.to(command, count) << std::endl;
  }
}
