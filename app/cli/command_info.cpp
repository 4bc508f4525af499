#include "app/cli/command.h"
#include "app/cli/printing.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tagscape::cli {
namespace {

using nlohmann::json;

json describe(const Intrinsics& camera) {
  return {{"width", camera.width},
          {"height", camera.height},
          {"fx", camera.fx},
          {"fy", camera.fy},
          {"cx", camera.cx},
          {"cy", camera.cy}};
}

json describe(const Scene& scene) {
  const auto count = [&](auto&& has) { return std::count_if(scene.frames.begin(), scene.frames.end(), has); };
  json warnings = json::array();
  for (const auto& warning : scene.warnings) warnings.push_back(warning.message);
  return {{"name", scene.name},
          {"path", scene.path.string()},
          {"frames", scene.frames.size()},
          {"frames_with_color", count([](const Frame& frame) { return frame.has_color; })},
          {"frames_with_depth", count([](const Frame& frame) { return frame.has_depth; })},
          {"frames_with_pose", count([](const Frame& frame) { return frame.world_from_camera.has_value(); })},
          {"frames_with_tags", count([](const Frame& frame) { return frame.tags.has_value(); })},
          {"color", describe(scene.color_intrinsics)},
          {"depth", describe(scene.depth_intrinsics)},
          {"scene_tags", scene.tags ? tagNames(*scene.tags) : std::vector<std::string>()},
          {"points", scene.points().size()},
          {"triangles", scene.mesh.triangles.size()},
          {"warnings", warnings}};
}

void printText(const json& info) {
  const auto number = [&](const char* key) { return info[key].get<std::int64_t>(); };
  fmt::print("{}  ({})\n", info["name"].get<std::string>(), info["path"].get<std::string>());
  fmt::print("  frames      {} ({} with colour, {} with depth, {} with pose, {} with tags)\n",
             number("frames"),
             number("frames_with_color"),
             number("frames_with_depth"),
             number("frames_with_pose"),
             number("frames_with_tags"));
  for (const char* image : {"color", "depth"}) {
    const json& camera = info[image];
    fmt::print("  {:<11} {} x {} px, fx {:.2f} fy {:.2f} cx {:.2f} cy {:.2f}\n",
               image,
               camera["width"].get<int>(),
               camera["height"].get<int>(),
               camera["fx"].get<double>(),
               camera["fy"].get<double>(),
               camera["cx"].get<double>(),
               camera["cy"].get<double>());
  }
  fmt::print("  scene tags  {}\n",
             info["scene_tags"].empty()
                 ? "none"
                 : fmt::format("{}", fmt::join(info["scene_tags"].get<std::vector<std::string>>(), ", ")));
  if (number("points") > 0)
    fmt::print("  mesh        {} points, {} triangles (fused before, from the cache)\n",
               number("points"),
               number("triangles"));
  else
    fmt::print("  mesh        none yet: `tagscape fuse` makes it from the depth maps\n");
  fmt::print("  problems    {}\n", info["warnings"].empty() ? "none" : std::to_string(info["warnings"].size()));
  for (const auto& warning : info["warnings"]) fmt::print("    {}\n", warning.get<std::string>());
}

}  // namespace

Action addInfo(CLI::App& options) {
  auto path = std::make_shared<std::string>();
  auto fuse = std::make_shared<FuseArguments>();
  options.add_option("path", *path, "The scan: a folder of exported frames")->required();
  fuse->addTo(options);
  return [=](const Context& context) -> Status {
    TAGSCAPE_ASSIGN(const SharedScene scene, peekScene(*path, fuse->openOptions()));
    const json info = describe(*scene);
    context.json ? printJson(info) : printText(info);
    return {};
  };
}

}  // namespace tagscape::cli
