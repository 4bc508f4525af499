#include "core/nn/network_catalog.h"

#include "core/nn/efficientnet/efficientnet_lite_torch.h"
#include "core/nn/network_catalog_torch.h"
#include "core/nn/small_networks.h"
#include "core/nn/weights_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace tagscape {
namespace {

constexpr int kDefaultClasses = 20;
constexpr std::int64_t kMaxClasses = 100'000;

/// Looks up tensors by the network's own names, whatever the file puts before them.
class Shapes {
 public:
  explicit Shapes(const TensorFile& file) : file_(file) {}

  /// The length of one side, if there is such a tensor. `mxnet` is its name in MXNet's files, if it has one there.
  /// Tensors without values do not count: they may claim any size.
  std::optional<std::int64_t> side(const std::string& name, std::size_t axis, const std::string& mxnet = {}) const {
    for (const auto& [key, blob] : file_.tensors) {
      if (std::ranges::count(blob.shape, 0) > 0) continue;
      const bool ends = key.ends_with(name) && (key.size() == name.size() || key[key.size() - name.size() - 1] == '.');
      if ((ends || (!mxnet.empty() && key.ends_with(mxnet))) && axis < blob.shape.size()) return blob.shape[axis];
    }
    return std::nullopt;
  }
  bool has(const std::string& name, const std::string& mxnet = {}) const { return side(name, 0, mxnet).has_value(); }

 private:
  const TensorFile& file_;
};

tl::unexpected<Error> unlike(const std::string& name, std::string_view layer) {
  return fail(ErrorCode::InvalidInput,
              fmt::format("these are not weights of {}: there is no usable {}. `tagscape weights FILE` shows what a "
                          "file fits.",
                          name,
                          layer));
}

int classesOf(const Shapes& shapes, const std::string& classifier) {
  return static_cast<int>(
      std::clamp<std::int64_t>(shapes.side(classifier, 0).value_or(kDefaultClasses), 1, kMaxClasses));
}

/// A network of a certain size that is not built yet: building takes memory, and the file may not have its tensors.
struct Plan {
  AnyNetwork described;  ///< Without the network itself.
  TensorTable table;
  std::function<Status(AnyNetwork&)> build;
};

Result<Plan> resNet38Like(const Shapes& shapes) {
  const auto channels = shapes.side("conv1a.weight", 0, "conv1a_weight");
  if (!channels) return unlike("resnet38", "conv1a.weight");
  ResNet38Options options;
  // The last layer determines the width most exactly.
  const auto features = shapes.side("bn7.weight", 0, "bn7_gamma");
  options.width = features ? static_cast<double>(*features) / 4096 : static_cast<double>(*channels) / 64;
  const bool has_second = shapes.has("b4_2.conv_branch2a.weight", "res4b2_branch2a_weight");
  const bool has_fifth = shapes.has("b4_5.conv_branch2a.weight", "res4b5_branch2a_weight");
  options.depth = has_fifth ? 38 : has_second ? 26 : 16;
  options.num_classes = classesOf(shapes, "fc8.weight");
  Plan plan;
  plan.described.name = "resnet38";
  plan.described.color_mean = {.485F, .456F, .406F};
  plan.described.color_deviation = {.229F, .224F, .225F};
  plan.described.detail =
      fmt::format("width {}, depth {}, {} classes", options.width, options.depth, options.num_classes);
  TAGSCAPE_ASSIGN(plan.table, resNet38Tensors(options));
  plan.build = [options](AnyNetwork& network) -> Status {
    TAGSCAPE_ASSIGN(network.image, makeResNet38(options));
    return {};
  };
  return plan;
}

Result<Plan> pointNet2Like(const std::string& name, const std::string& preset, const Shapes& shapes) {
  TAGSCAPE_ASSIGN(PointNet2Options options, pointNet2Preset(preset));
  const std::string first = abstractionLayer(options.abstractions[0], 0, 0) + ".conv.weight";
  const auto inputs = shapes.side(first, 1);
  constexpr std::int64_t kMaxChannels = 4096;
  if (!inputs || *inputs < 3 || *inputs > kMaxChannels) return unlike(name, first);
  options.num_channels = *inputs - 3;
  options.num_classes = classesOf(shapes, "classifier.conv.weight");
  Plan plan;
  plan.described.name = name;
  plan.described.detail = fmt::format("{} channels a point, {} classes", options.num_channels, options.num_classes);
  plan.described.point_channels = options.num_channels;
  plan.table = pointNet2Tensors(options);
  plan.build = [options](AnyNetwork& network) -> Status {
    network.points = makePointNet2(options);
    return {};
  };
  return plan;
}

Result<Plan> smallLike(const std::string& name, const Shapes& shapes) {
  const bool is_image = name == "small-residual";
  const char* const first = is_image ? "stem.0.weight" : "down1.0.weight";
  const auto width = shapes.side(first, 0);
  constexpr std::int64_t kWidest = 1024;
  if (!width || *width < 1 || *width > kWidest) return unlike(name, first);
  const int num_classes = classesOf(shapes, is_image ? "image.classifier.weight" : "points.classifier.weight");
  Plan plan;
  plan.described.name = name;
  plan.described.detail = fmt::format("width {}, {} classes", *width, num_classes);
  if (!is_image) plan.described.point_channels = kPointFeatures;
  plan.table = is_image ? smallImageTensors(*width, num_classes) : smallPointTensors(*width, num_classes);
  plan.build = [is_image, width = static_cast<int>(*width), num_classes](AnyNetwork& network) -> Status {
    if (is_image) network.image = makeSmallImageNetwork(width, num_classes);
    if (!is_image) network.points = makeSmallPointNetwork(width, num_classes);
    return {};
  };
  return plan;
}

Result<Plan> efficientNetLiteLike(const std::string& name, const Shapes& shapes, const LoadOptions& load) {
  TAGSCAPE_ASSIGN(EfficientNetLiteOptions options, efficientNetLiteVariant(name));
  if (!shapes.has("_conv_stem.weight")) return unlike(name, "_conv_stem.weight");
  // EfficientNet-B0 and -B2 have all tensors of the Lite networks, but compute something else from them.
  if (shapes.has("_blocks.0._se_reduce.weight")) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("these weights have squeeze-and-excitation layers: they are of an EfficientNet, not of {}", name));
  }
  options.num_classes = static_cast<int>(std::clamp<std::int64_t>(
      shapes.side("_fc.weight", 0).value_or(EfficientNetLiteOptions{}.num_classes), 1, kMaxClasses));
  options.frozen = load.frozen;
  if (load.output_stride != 0) options.output_stride = load.output_stride;
  Plan plan;
  plan.described.name = name;
  plan.described.detail = fmt::format("{} classes, output stride {}", options.num_classes, options.output_stride);
  constexpr float kMean = 127.F / 255, kDeviation = 128.F / 255;
  plan.described.color_mean.fill(kMean);
  plan.described.color_deviation.fill(kDeviation);
  TAGSCAPE_ASSIGN(plan.table, efficientNetLiteTensors(options));
  plan.build = [options](AnyNetwork& network) -> Status {
    TAGSCAPE_ASSIGN(network.image, makeEfficientNetLite(options));
    return {};
  };
  return plan;
}

/// The network of that name in the size that the file's tensors have.
Result<Plan> planLike(const std::string& name, const TensorFile& file, const LoadOptions& load = {}) {
  const Shapes shapes(file);
  constexpr std::string_view kPointNet2 = "pointnet2-";
  if (std::ranges::count(networkNames(), name) == 0) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("there is no network '{}'. There are: {}.", name, fmt::join(networkNames(), ", ")));
  }
  if (name == "resnet38") return resNet38Like(shapes);
  if (name.starts_with("efficientnet-")) return efficientNetLiteLike(name, shapes, load);
  if (name.starts_with(kPointNet2)) return pointNet2Like(name, name.substr(kPointNet2.size()), shapes);
  return smallLike(name, shapes);
}

bool isClassifier(const std::string& name) {
  return name == "fc8.weight" || name == "classifier.conv.weight" || name == "classifier.weight" ||
         name == "_fc.weight" || name == "_fc.bias";
}

}  // namespace

Network& AnyNetwork::network() const {
  if (image) return *image;
  return *points;
}
std::vector<std::string> AnyNetwork::tapNames() const { return image ? image->tapNames() : points->tapNames(); }

std::vector<std::string> networkNames() {
  return {"resnet38",
          "efficientnet-lite0",
          "efficientnet-lite2",
          "pointnet2-votenet",
          "pointnet2-ssg",
          "pointnet2-msg",
          "small-residual",
          "small-pointnet2"};
}

std::vector<WeightFit> networksThatFit(const TensorFile& file) {
  std::vector<WeightFit> fits;
  for (const std::string& name : networkNames()) {
    const auto plan = planLike(name, file);
    if (!plan) continue;
    WeightFit fit = fitWeights(file, plan->table);
    fit.network = fmt::format("{} ({})", name, plan->described.detail);
    if (!fit.matched.empty()) fits.push_back(std::move(fit));
  }
  std::ranges::stable_sort(fits, std::greater(), [](const WeightFit& fit) {
    return static_cast<double>(fit.matched.size()) /
           static_cast<double>(fit.matched.size() + fit.missing.size() + fit.misshaped.size());
  });
  return fits;
}

Result<AnyNetwork> loadNetwork(const std::string& name,
                               const TensorFile& file,
                               const std::filesystem::path& path,
                               WeightFit& fit,
                               const LoadOptions& options) {
  TAGSCAPE_ASSIGN(Plan plan, planLike(name, file, options));
  fit = fitWeights(file, plan.table);
  fit.network = name;
  const bool whole = fit.misshaped.empty() && std::ranges::all_of(fit.missing, isClassifier);
  if (!whole) {
    std::string problems = fit.problems();
    std::ranges::replace(problems, '\n', ',');
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("these weights do not fit {} ({}): {}", name, plan.described.detail, problems),
                    "`tagscape weights FILE` shows what a file fits");
  }
  AnyNetwork network = std::move(plan.described);
  TAGSCAPE_TRY(plan.build(network));
  fit = loadMatching(file, network.network());
  fit.network = name;
  return network;
}

}  // namespace tagscape
