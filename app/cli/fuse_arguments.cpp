#include "app/cli/command.h"

namespace tagscape::cli {

void FuseArguments::addTo(CLI::App& options) {
  options.add_option("--voxel", voxel_m, "Voxel edge in metres when depth maps are fused")->capture_default_str();
  options.add_flag("--no-cache", no_cache, "Neither read nor keep a fused mesh in the cache folder");
}

OpenOptions FuseArguments::openOptions() const {
  OpenOptions options;
  options.fuse.voxel_m = voxel_m;
  options.fuse.truncation_m = 4 * voxel_m;
  options.use_cache = !no_cache;
  return options;
}

}  // namespace tagscape::cli
