#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/pipeline/check_scan.h"
#include "core/pipeline/open_scene.h"
#include "core/scans/scan_layout.h"

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
    if (camera["width"].get<int>() == 0) continue;
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
  const json& parts = info["layout"]["parts"];
  const bool comes_without = parts.contains("mesh") && parts["mesh"].is_null();
  if (number("points") == 0) {
    fmt::print("  mesh        none yet: `tagscape fuse` makes it from the depth maps\n");
  } else {
    const char* origin = comes_without ? " (fused before, from the cache)" : "";
    fmt::print("  mesh        {} points, {} triangles{}\n", number("points"), number("triangles"), origin);
  }
  fmt::print("  problems    {}\n", info["warnings"].empty() ? "none" : std::to_string(info["warnings"].size()));
  for (const auto& warning : info["warnings"]) fmt::print("    {}\n", warning.get<std::string>());
}

/// What a path holds by the names of its files: each part with its place, or null where it is missing.
json describe(const ScanLayout& layout) {
  json parts = json::object();
  for (const auto& part : layout.parts) {
    parts[part.what] = part.path.empty() ? json(nullptr) : json(part.path.string());
  }
  return {{"kind", std::string(nameOf(layout.kind))}, {"parts", parts}};
}

void printLayout(const json& layout) {
  std::vector<std::string> missing;
  for (const auto& [what, path] : layout["parts"].items()) {
    if (path.is_null()) missing.push_back(what);
  }
  fmt::print("  kind        {}\n", layout["kind"].get<std::string>());
  if (!missing.empty()) fmt::print("  missing     {}\n", fmt::join(missing, ", "));
}

json describe(const FrameCheck& check) {
  json described{{"points_evaluated", check.num_evaluated},
                 {"share_close", check.share_close},
                 {"share_behind", check.share_behind},
                 {"share_in_front", check.share_in_front},
                 {"median_difference_m", check.median_difference_m},
                 {"color_correlation", check.color_correlation}};
  if (check.share_close_unhidden) described["share_close_unhidden"] = *check.share_close_unhidden;
  if (check.label_agreement) described["label_agreement"] = *check.label_agreement;
  return described;
}

json describe(const ScanCheck& check) {
  json frames = json::array();
  for (const auto& frame : check.frames) {
    frames.push_back(describe(frame));
    frames.back()["frame"] = frame.number;
  }
  json described = describe(check.overall);
  described["consistency"] = nameOf(check.consistency);
  described["frames_checked"] = check.frames.size();
  described["frames_without_pose"] = check.num_bad_poses;
  described["frames_unreadable"] = check.num_unreadable;
  described["frames"] = std::move(frames);
  return described;
}

void printCheck(const json& check) {
  const auto number = [&](const char* key) { return check[key].get<double>(); };
  fmt::print("  check       {} ({} frames looked at, {} without a pose, {} unreadable)\n",
             check["consistency"].get<std::string>(),
             check["frames_checked"].get<int>(),
             check["frames_without_pose"].get<int>(),
             check["frames_unreadable"].get<int>());
  fmt::print(
      "    of the points in view with a depth: {:.1f} % within 5 cm, {:.1f} % behind (occluded), {:.1f} % in front\n",
      100 * number("share_close"),
      100 * number("share_behind"),
      100 * number("share_in_front"));
  if (check.contains("share_close_unhidden")) {
    fmt::print("    of those that the surface itself does not hide: {:.1f} % within 5 cm\n",
               100 * number("share_close_unhidden"));
  }
  fmt::print("    median difference {:+.1f} mm, colour correlation {:.2f}",
             1000 * number("median_difference_m"),
             number("color_correlation"));
  if (check.contains("label_agreement")) fmt::print(", label agreement {:.1f} %", 100 * number("label_agreement"));
  fmt::print("\n");
}

struct InfoArguments {
  std::string path;
  FuseArguments fuse;
  bool check = false;
  CheckOptions check_options;
};

/// A wrong scan is bad input, so that a script over a data set can sort scans by the exit code.
Status refuseWrong(const Scene& scene, const ScanCheck& check) {
  if (check.consistency != ScanConsistency::Wrong) return {};
  return failFile(
      ErrorCode::InvalidInput,
      scene.path,
      "its poses or intrinsics do not fit its depth",
      "Look for a wrong pose convention (camera to world is needed), wrong units or another axis alignment");
}

json describe(const DataSet& data_set) {
  const auto idsOf = [&](const std::vector<std::size_t>& positions) {
    std::vector<std::string> ids;
    for (const std::size_t position : positions) ids.push_back(data_set.scenes[position].id);
    return ids;
  };
  json scenes = json::array();
  for (const auto& scene : data_set.scenes) scenes.push_back({{"id", scene.id}, {"path", scene.path.string()}});
  json splits = json::object();
  for (const auto& [name, positions] : data_set.splits) splits[name] = idsOf(positions);
  return {{"path", data_set.path.string()}, {"scenes", scenes}, {"splits", splits}, {"warnings", data_set.warnings}};
}

Status printDataSet(const DataSet& data_set, const Context& context) {
  if (context.json) {
    printJson({{"data_set", describe(data_set)}});
    return {};
  }
  fmt::print("{}\n  kind        data set\n  scenes      {}", data_set.path.string(), data_set.scenes.size());
  fmt::print(" ({} … {})\n", data_set.scenes.front().id, data_set.scenes.back().id);
  for (const auto& [name, positions] : data_set.splits) fmt::print("  {:<11} {} scenes\n", name, positions.size());
  if (data_set.splits.empty()) fmt::print("  splits      none (scannetv2_train.txt and so on would list them)\n");
  for (const auto& warning : data_set.warnings) fmt::print("  problem     {}\n", warning);
  return {};
}

Status printInfo(const InfoArguments& arguments, const Context& context) {
  if (const auto data_set = findDataSet(arguments.path)) {
    if (!arguments.check) return printDataSet(*data_set, context);
    return failFile(ErrorCode::InvalidInput,
                    arguments.path,
                    "--check looks at one scene, and this is a data set",
                    fmt::format("Name one of its scenes, for example {}", data_set->scenes.front().path.string()));
  }
  const OpenOptions options = arguments.fuse.openOptions();
  TAGSCAPE_ASSIGN(
      const SharedScene scene,
      arguments.check ? openScene(arguments.path, options, context.job) : peekScene(arguments.path, options));
  json info = describe(*scene);
  info["layout"] = describe(detectLayout(arguments.path));
  const auto print = [&] {
    printText(info);
    printLayout(info["layout"]);
  };
  if (!arguments.check) {
    context.json ? printJson(info) : print();
    return {};
  }
  TAGSCAPE_ASSIGN(const ScanCheck check, checkScan(*scene, arguments.check_options, context.job));
  info["check"] = describe(check);
  if (context.json) {
    printJson(info);
  } else {
    print();
    printCheck(info["check"]);
  }
  return refuseWrong(*scene, check);
}

}  // namespace

Action addInfo(CLI::App& options) {
  auto arguments = std::make_shared<InfoArguments>();
  options
      .add_option(
          "path",
          arguments->path,
          "The scan: a folder of frames, a ScanNet scene, a .sens file, a mesh or a point cloud; or a folder of scans")
      ->required();
  options.add_flag("--check",
                   arguments->check,
                   "Check that mesh, poses, depth, colours and labels are consistent; exit code 2 if not");
  options.add_option("--every", arguments->check_options.every, "With --check: use every Nth frame")
      ->capture_default_str();
  arguments->fuse.addTo(options);
  return [=](const Context& context) { return printInfo(*arguments, context); };
}

}  // namespace tagscape::cli
