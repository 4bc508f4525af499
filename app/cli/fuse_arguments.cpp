#include "app/cli/command.h"

namespace tagscape::cli {

void FuseArguments::addTo(CLI::App& options) {
  options.add_option("--voxel", voxel_m, "Voxel size for fusing depth maps, in metres")->capture_default_str();
  options.add_flag("--no-cache", no_cache, "Neither read nor write the cache of fused meshes");
}

OpenOptions FuseArguments::openOptions() const {
  OpenOptions options;
  options.fuse.voxel_m = voxel_m;
  options.fuse.truncation_m = 4 * voxel_m;
  options.use_cache = !no_cache;
  return options;
}

}  // namespace tagscape::cli
