#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "app/cli/weight_store_commands.h"
#include "core/workflows/weight_listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tagscape::cli {
namespace {

using nlohmann::json;

struct WeightsArguments {
  std::string path;
  bool all = false;
};

json asJson(const WeightListing& listing) {
  json tensors = json::object();
  for (const auto& tensor : listing.tensors) tensors[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}};
  json fits = json::array();
  for (const auto& fit : listing.fits) {
    fits.push_back({{"network", fit.network},
                    {"prefix", fit.prefix},
                    {"matched", fit.num_matched},
                    {"missing", fit.num_missing},
                    {"misshaped", fit.num_misshaped},
                    {"unexpected", fit.num_unexpected}});
  }
  return {{"format", listing.format},
          {"values", listing.num_values},
          {"tensors", tensors},
          {"fits", fits},
          {"metadata", listing.metadata}};
}

void printFit(const ListedFit& fit) {
  const auto wanted = fit.num_matched + fit.num_missing + fit.num_misshaped;
  fmt::print("  fits {}: {} of {} tensors{}\n",
             fit.network,
             fit.num_matched,
             wanted,
             fit.prefix.empty() ? "" : fmt::format(", named \"{}…\"", fit.prefix));
  for (std::size_t begin = 0; begin < fit.problems.size();) {
    const std::size_t end = std::min(fit.problems.find('\n', begin), fit.problems.size());
    fmt::print("    {}\n", fit.problems.substr(begin, end - begin));
    begin = end + 1;
  }
}

Status weights(const WeightsArguments& arguments, const Context& context) {
  if (arguments.path.empty()) {
    return fail(ErrorCode::InvalidInput,
                "which weights? Name a file, or use `tagscape weights list` or `tagscape weights fetch NETWORK`.");
  }
  TAGSCAPE_ASSIGN(const WeightListing listing, listWeights(arguments.path));
  if (context.json) {
    printJson(asJson(listing));
    return {};
  }
  constexpr std::size_t kShown = 12;
  fmt::print(
      "{}: {}, {} tensors, {} values\n", arguments.path, listing.format, listing.tensors.size(), listing.num_values);
  for (const auto& [name, value] : listing.metadata) fmt::print("  {} = {}\n", name, value);
  const std::size_t shown = arguments.all ? listing.tensors.size() : std::min(kShown, listing.tensors.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& tensor = listing.tensors[i];
    fmt::print("  {:<44} {:<4} [{}]\n", tensor.name, tensor.dtype, fmt::join(tensor.shape, ", "));
  }
  if (shown < listing.tensors.size()) fmt::print("  … and {} more (--all)\n", listing.tensors.size() - shown);
  if (listing.fits.empty()) fmt::print("  fits no network of this program\n");
  for (const ListedFit& fit : listing.fits) printFit(fit);
  return {};
}

}  // namespace

Action addWeights(CLI::App& options) {
  auto arguments = std::make_shared<WeightsArguments>();
  options.add_option("file", arguments->path, "safetensors, PyTorch's .pth (zip or legacy pickle), MXNet's .params");
  options.add_flag("--all", arguments->all, "List every tensor");
  CLI::App* fetch =
      options.add_subcommand("fetch", "Download published weights of a network, for this user")->fallthrough();
  CLI::App* list =
      options.add_subcommand("list", "List published weights and whether they are installed")->fallthrough();
  const Action fetchAction = addWeightsFetch(*fetch), listAction = addWeightsList(*list);
  return [=](const Context& context) {
    if (fetch->parsed()) return fetchAction(context);
    return list->parsed() ? listAction(context) : weights(*arguments, context);
  };
}

}  // namespace tagscape::cli
