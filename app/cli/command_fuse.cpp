#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/base/log.h"
#include "core/clouds/ply.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

namespace tagscape::cli {

Action addFuse(CLI::App& options) {
  auto path = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  auto fuse = std::make_shared<FuseArguments>();
  options
      .add_option("path", *path, "The scan: a folder of frames, a ScanNet scene, a .sens file, a mesh or a point cloud")
      ->required();
  options.add_option("--out", *out, "Also write the mesh to this PLY file");
  fuse->addTo(options);
  return [=](const Context& context) -> Status {
    const auto began = std::chrono::steady_clock::now();
    TAGSCAPE_ASSIGN(const OpenOptions open_options, fuse->openOptions());
    TAGSCAPE_ASSIGN(const SharedScene scene, openScene(*path, open_options, context.job));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    for (const auto& warning : scene->warnings) log::warn(warning.message);
    const std::size_t points = scene->points().size();
    if (points == 0) {
      return failFile(
          ErrorCode::InvalidInput,
          scene->path,
          fmt::format("there is nothing to fuse: none of its {} frames has a depth map", scene->frames.size()),
          "See tagscape info for what is wrong with them");
    }
    const PlyContent content{.mesh = scene->mesh, .offset_m = scene->offset_m};
    if (!out->empty()) TAGSCAPE_TRY(writePly(*out, content, "fused by Tagscape"));
    const std::size_t triangles = scene->mesh.triangles.size();
    if (context.json) {
      printJson(
          {{"points", points}, {"triangles", triangles}, {"warnings", scene->warnings.size()}, {"seconds", seconds}});
    } else {
      fmt::print("{}: {} points, {} triangles, {:.1f} s\n", scene->name, points, triangles, seconds);
    }
    return {};
  };
}

}  // namespace tagscape::cli
