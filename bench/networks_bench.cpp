// One side of bench/networks.py: prints figures as JSON, so that the script can put those of other programs beside
// them. usage: bench_networks operators POINTS SAMPLES THREADS REPEATS [tensors]
//        bench_networks resnet38 SIDE THREADS REPEATS
//        bench_networks efficientnet NAME HEIGHT WIDTH STRIDE THREADS REPEATS
//        bench_networks pointnet2 POINTS THREADS REPEATS
// POINTS: a file of 32-bit floats, x y z of every point.

#include "core/base/files.h"
#include "core/base/parallel.h"
#include "core/base/process_memory.h"
#include "core/nn/efficientnet/efficientnet_lite_torch.h"
#include "core/nn/fused_operators_torch.h"
#include "core/nn/memory_peak_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/tensor_operators_torch.h"
#include "core/train/threads.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>

namespace {

using namespace tagscape;
using nlohmann::json;

constexpr float kRadius_m = 0.2F;
constexpr std::int64_t kNeighbours = 64;

double secondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The fastest and the middle one of several runs, milliseconds.
json timesOf(int repeats, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) times.push_back(1e3 * secondsOf(work));
  std::sort(times.begin(), times.end());
  return {{"best", times.front()}, {"median", times[times.size() / 2]}};
}

std::vector<Eigen::Vector3f> readPoints(const std::string& path) {
  const auto bytes = readFile(path);
  if (!bytes) {
    std::fprintf(stderr, "error: %s\n", bytes.error().message.c_str());
    std::exit(2);
  }
  std::vector<Eigen::Vector3f> points(bytes->size() / sizeof(Eigen::Vector3f));
  std::memcpy(static_cast<void*>(points.data()), bytes->data(), points.size() * sizeof(Eigen::Vector3f));
  return points;
}

at::Tensor tensorOf(std::vector<Eigen::Vector3f>& points) {
  return at::from_blob(points[0].data(), {static_cast<std::int64_t>(points.size()), 3}).clone();
}

void setThreads(int count) {
  setNumThreads(count);
  setLargeNetworkThreads(count);
}

json operators(std::vector<Eigen::Vector3f> points, std::size_t samples, int repeats, bool with_tensors) {
  json figures;
  std::vector<std::uint32_t> chosen;
  figures["farthest"] = timesOf(repeats, [&] { chosen = farthestPoints(points, samples); });
  std::vector<Eigen::Vector3f> centres;
  for (const std::uint32_t row : chosen) centres.push_back(points[row]);
  // The grid is part of the work, as building the tree is part of others'.
  figures["ball"] =
      timesOf(repeats, [&] { (void)PointGrid(points, kRadius_m).ballQuery(centres, kRadius_m, kNeighbours); });
  figures["nearest"] = timesOf(repeats, [&] { (void)PointGrid(centres, kRadius_m).nearest(points, 3); });
  if (!with_tensors) return figures;
  const at::Tensor cloud = tensorOf(points), kept = tensorOf(centres);
  const auto count = static_cast<std::int64_t>(samples);
  figures["farthest_tensors"] = timesOf(1, [&] { (void)tensors::farthestPoints(cloud, count, false); });
  figures["ball_tensors"] = timesOf(1, [&] { (void)tensors::ballQuery(cloud, kept, kRadius_m, kNeighbours); });
  figures["nearest_tensors"] = timesOf(1, [&] { (void)tensors::nearest(kept, cloud, 3); });
  return figures;
}

/// The rate of one large convolution, the fastest of several: what this machine and its library can do.
double convolutionGflops() {
  const at::NoGradGuard no_grad;
  const at::Tensor image = at::rand({1, 512, 32, 32}), weight = at::rand({512, 512, 3, 3});
  double best_s = 1e9;
  for (int i = 0; i < 8; ++i) best_s = std::min(best_s, secondsOf([&] { (void)at::conv2d(image, weight, {}, 1, 1); }));
  return 2. * 32 * 32 * 512 * 512 * 9 / best_s / 1e9;
}

double resNet38Flops(const ImageNetwork& network, std::int64_t side) {
  double flops = 0;
  std::int64_t at = side;
  for (const auto& [name, tensor] : network.namedTensors()) {
    if (tensor.dim() != 4) continue;
    const bool halves =
        name == "b2.conv_branch2a.weight" || name == "b3.conv_branch2a.weight" || name == "b4.conv_branch2a.weight";
    if (halves) at = (at + 1) / 2;
    flops += 2. * static_cast<double>(at * at * tensor.numel());
  }
  return flops;
}

json resNet38(std::int64_t side, int repeats) {
  const auto network = makeResNet38({}).value();
  network->setTraining(false);
  const at::Tensor image = at::rand({1, 3, side, side});
  std::vector<double> forward, both;
  json figures;
  for (int i = 0; i <= repeats; ++i) {
    const MemoryPeak peak;
    NetworkOutput output;
    const double up = secondsOf([&] { output = network->forward(image); });
    const double down = secondsOf([&] { output.logits().square().mean().backward(); });
    for (auto& parameter : network->parameters()) parameter.mutable_grad().reset();
    figures["tensor_peak_MiB"] = static_cast<double>(peak.bytes()) / (1 << 20);
    if (i == 0) continue;  // The first run fills caches of the library.
    forward.push_back(up);
    both.push_back(up + down);
  }
  std::sort(forward.begin(), forward.end());
  std::sort(both.begin(), both.end());
  figures["forward_s"] = {{"best", forward.front()}, {"median", forward[forward.size() / 2]}};
  figures["both_s"] = {{"best", both.front()}, {"median", both[both.size() / 2]}};
  figures["forward_gflop"] = resNet38Flops(*network, side) / 1e9;
  figures["convolution_gflops"] = convolutionGflops();
  figures["process_peak_MiB"] = static_cast<double>(processPeakBytes()) / (1 << 20);
  return figures;
}

/// Features of one frame by a frozen network, and those and the classes of its cells.
json efficientNet(const std::string& name, std::int64_t height, std::int64_t width, int output_stride, int repeats) {
  EfficientNetLiteOptions options = efficientNetLiteVariant(name).value();
  options.output_stride = output_stride;
  options.frozen = true;
  const auto network = makeEfficientNetLite(options).value();
  const at::NoGradGuard no_grad;
  const at::Tensor image = at::randn({1, 3, height, width});
  (void)network->forward(image);  // Fills caches of the library.
  return {{"features", timesOf(repeats, [&] { (void)network->features(image); })},
          {"logits", timesOf(repeats, [&] { (void)network->forward(image); })}};
}

/// Grouping, maxima and interpolation of a step, forward and backward, on their own: rows of the sizes that they have.
void gatherAndSpread(const PointBatch& batch) {
  constexpr std::array<std::int64_t, 4> kGathered{3, 128, 128, 128}, kPooled{128, 256, 256, 256};
  constexpr std::int64_t kSpread = 256;
  std::int64_t finer = batch.rows.numRows();
  for (std::size_t l = 0; l < batch.levels.size(); ++l) {
    const auto& level = batch.levels[l];
    const std::int64_t k = level.neighbours[0].size(0) / level.rows.numRows();
    const at::Tensor fine = at::empty({finer, kGathered[l]}).fill_(1).requires_grad_(true);
    groupRows(fine, level.neighbours[0]).sum().backward();
    const at::Tensor rows = at::empty({level.rows.numRows() * k, kPooled[l]}).fill_(1).requires_grad_(true);
    maxOverNeighbours(rows, k).sum().backward();
    const at::Tensor coarse = at::empty({level.rows.numRows(), kSpread}).fill_(1).requires_grad_(true);
    interpolateRows(coarse, level.interpolate_from, level.interpolate_weight).sum().backward();
    finer = level.rows.numRows();
  }
}

/// The rows that a layer is multiplied with. A first layer's product is taken of the points that are gathered or
/// spread.
std::int64_t rowsOf(const std::string& name, const PointBatch& batch) {
  std::vector<std::int64_t> points{batch.rows.numRows()};
  for (const auto& level : batch.levels) points.push_back(level.rows.numRows());
  const bool is_first = name.find("layer0") != std::string::npos;
  for (std::size_t l = 0; l < batch.levels.size(); ++l) {
    if (!name.starts_with("sa" + std::to_string(l + 1))) continue;
    return is_first && l > 0 ? points[l] : batch.levels[l].neighbours[0].size(0);
  }
  for (const auto& [start, level] : {std::pair{"fp1", 3}, {"fp2", 2}, {"seg_fp1", 1}, {"seg_fp2", 0}}) {
    if (name.starts_with(start)) return points[static_cast<std::size_t>(is_first ? level + 1 : level)];
  }
  return batch.rows.numRows();
}

/// The matrix products of a step: one forward, two backward of every layer, at the sizes that they have.
double productSeconds(const PointNetwork& network, const PointBatch& batch) {
  std::vector<std::array<at::Tensor, 2>> products;
  for (const auto& [name, weight] : network.namedTensors()) {
    if (weight.dim() < 3) continue;
    const std::int64_t rows = rowsOf(name, batch);
    products.push_back({at::ones({rows, weight.size(1)}), at::ones({rows, weight.size(0)})});
  }
  const at::NoGradGuard no_grad;
  return secondsOf([&] {
    for (const auto& [input, output] : products) {
      const at::Tensor weight = at::mm(output.t(), input);
      (void)at::mm(input, weight.t());
      (void)at::mm(output, weight);
    }
  });
}

json pointNet2(std::vector<Eigen::Vector3f> points, int repeats) {
  auto options = pointNet2Preset("votenet").value();
  const auto network = makePointNet2(options);
  const at::Tensor positions = tensorOf(points).unsqueeze(0);
  const at::Tensor colours = at::rand({1, positions.size(1), 3});
  PointBatch batch;
  std::vector<double> search, forward, backward, gather, products, total;
  for (int i = 0; i <= repeats; ++i) {
    NetworkOutput output;
    const double s = secondsOf([&] { batch = makePointBatch(positions, colours, network->hierarchy()); });
    const double f = secondsOf([&] { output = network->forward(batch); });
    const double b = secondsOf([&] { output.logits().square().mean().backward(); });
    const double g = secondsOf([&] { gatherAndSpread(batch); });
    const double p = productSeconds(*network, batch);
    if (i == 0) continue;
    for (const auto& [list, value] :
         {std::pair{&search, s}, {&forward, f}, {&backward, b}, {&gather, g}, {&products, p}, {&total, s + f + b}})
      list->push_back(value);
  }
  json figures;
  for (const auto& [name, list] : {std::pair{"search_s", &search},
                                   {"forward_s", &forward},
                                   {"backward_s", &backward},
                                   {"gather_s", &gather},
                                   {"products_s", &products},
                                   {"step_s", &total}}) {
    std::sort(list->begin(), list->end());
    figures[name] = {{"best", list->front()}, {"median", (*list)[list->size() / 2]}};
  }
  return figures;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return std::atoi(arguments.at(i).c_str()); };
  try {
    json figures;
    if (arguments.at(0) == "operators") {
      setThreads(number(3));
      figures =
          operators(readPoints(arguments.at(1)), static_cast<std::size_t>(number(2)), number(4), arguments.size() > 5);
    } else if (arguments.at(0) == "efficientnet") {
      setThreads(number(5));
      figures = efficientNet(arguments.at(1), number(2), number(3), number(4), number(6));
    } else if (arguments.at(0) == "resnet38") {
      setThreads(number(2));
      figures = resNet38(number(1), number(3));
    } else if (arguments.at(0) == "pointnet2") {
      setThreads(number(2));
      figures = pointNet2(readPoints(arguments.at(1)), number(3));
    }
    std::printf("%s\n", figures.dump().c_str());
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "error: %s. usage: see bench/networks.py\n", failure.what());
    return 2;
  }
  return 0;
}
