#pragma once

#include "app/cli/command.h"

namespace tagscape::cli {

/// `tagscape weights fetch NETWORK`: adds its options to the subcommand.
Action addWeightsFetch(CLI::App& options);
/// `tagscape weights list`.
Action addWeightsList(CLI::App& options);

}  // namespace tagscape::cli
