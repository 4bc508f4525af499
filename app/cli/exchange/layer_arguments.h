#pragma once

#include "app/cli/command.h"
#include "app/cli/scene_arguments.h"
#include "core/exchange/exchange_layer.h"
#include "core/exchange/layer_options.h"

#include <functional>
#include <string>
#include <vector>

namespace tagscape::cli {

/// Where labels come from, opened once for all scenes.
struct LayerSource {
  ExchangeClasses classes;
  std::function<Result<ExchangeLayer>(const SharedScene& scene, const Job& job)> layer;
};

/// Which labels of a scene a command works on.
struct LayerArguments {
  std::string run, predictions, labels, layer;
  const std::string* project = nullptr;  ///< The option of SceneArguments.

  /// @param scenes  whose options are there already; must outlive this.
  void addTo(CLI::App& options, SceneArguments& scenes);
  /// Errors: InvalidInput if not exactly one source is named; those of opening it.
  [[nodiscard]] Result<LayerSource> open() const;
};

/// What becomes of them.
struct LayerOptionArguments {
  std::vector<std::string> classes;
  std::string unlabelled_as, instances = "auto", frames = "auto";
  LayerOptions options;

  void addTo(CLI::App& app);
  /// Errors: InvalidInput naming the class that there is not.
  [[nodiscard]] Result<LayerOptions> resolve(const ExchangeClasses& known) const;
};

}  // namespace tagscape::cli
