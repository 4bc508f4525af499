#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/io/npy.h"
#include "core/workflows/feature_job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

namespace tagscape::cli {
namespace {

struct FeatureArguments {
  FeatureOptions job;
  std::string weights, image, cloud, out;
};

Status features(FeatureArguments arguments, const Context& context) {
  arguments.job.weights = arguments.weights;
  arguments.job.image = arguments.image;
  arguments.job.cloud = arguments.cloud;
  const auto folder = std::filesystem::absolute(arguments.out).parent_path();
  TAGSCAPE_TRY(ensureWritableFolder(folder));
  TAGSCAPE_ASSIGN(const Features found, computeFeatures(arguments.job));
  if (!found.notes.empty()) log::warn(fmt::format("the weights of {}: {}", arguments.job.network, found.notes));
  TAGSCAPE_TRY(writeNpy(arguments.out, found.shape, found.values));
  constexpr double kMebi = 1 << 20;
  if (context.json) {
    printJson({{"network", found.network},
               {"tap", arguments.job.tap},
               {"shape", found.shape},
               {"device", found.device},
               {"seconds", found.seconds},
               {"tensor_peak_bytes", found.tensor_peak_bytes},
               {"process_peak_bytes", found.process_peak_bytes},
               {"file", arguments.out}});
    return {};
  }
  fmt::print("{} of {}: [{}] float32, {:.2f} s on {}\n",
             arguments.job.tap,
             found.network,
             fmt::join(found.shape, ", "),
             found.seconds,
             found.device);
  fmt::print("  peak memory {:.0f} MiB of tensors beside the weights, {:.0f} MiB of the process\n",
             static_cast<double>(found.tensor_peak_bytes) / kMebi,
             static_cast<double>(found.process_peak_bytes) / kMebi);
  fmt::print("  written to {}\n", arguments.out);
  return {};
}

}  // namespace

Action addFeatures(CLI::App& options) {
  auto arguments = std::make_shared<FeatureArguments>();
  auto& job = arguments->job;
  options
      .add_option("network",
                  job.network,
                  "resnet38, efficientnet-lite0, efficientnet-lite2, pointnet2-votenet, pointnet2-ssg, pointnet2-msg, "
                  "small-residual or small-pointnet2; or the .toml file of a TorchScript network")
      ->required();
  options.add_option("--weights",
                     arguments->weights,
                     "Weight file; see `tagscape weights`. Default: what `tagscape weights fetch` got for the network");
  options.add_option("--image", arguments->image, "JPEG or PNG, for an image network");
  options.add_option("--cloud", arguments->cloud, "Mesh or point cloud (x y z in metres, r g b), for a point network");
  options
      .add_option("--tap",
                  job.tap,
                  "Which output: conv4, conv5, conv6, logits; stage1 … stage7, features, logits; "
                  "sa1 … fp1 …, features, logits")
      ->required();
  options
      .add_option("--out", arguments->out, "Where to write the array: [channels, height, width] or [rows, channels]")
      ->required();
  options
      .add_option("--long-side", job.long_side_px, "Resize the image so that its longer side has N pixels; 0: do not")
      ->check(CLI::Range(0, 16384))
      ->capture_default_str();
  options.add_option("--output-stride", job.output_stride, "Of EfficientNet-Lite: pixels from one cell to the next")
      ->check(CLI::IsMember({32, 16, 8}));
  options.add_option("--device", job.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  options.add_flag("--half", job.half_precision, "Half precision where it is exact enough; CUDA only");
  options.add_option("--threads", job.num_threads, "Threads; 0: one per processor")->capture_default_str();
  return [=](const Context& context) { return features(*arguments, context); };
}

}  // namespace tagscape::cli
