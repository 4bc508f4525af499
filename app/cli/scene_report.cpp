#include "app/cli/scene_report.h"

#include "app/cli/printing.h"
#include "core/pipeline/scene_facts.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

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

json describeLabels(const Scene& scene) {
  json columns = json::array();
  for (const auto& column : scene.label_columns) {
    std::map<std::int32_t, std::size_t> counts;
    for (const auto id : column.ids) ++counts[id];
    json ids = json::array();
    constexpr std::size_t kMaxListed = 256;
    for (const auto& [id, count] : counts) {
      if (ids.size() == kMaxListed) break;
      const auto name = column.names.find(id);
      ids.push_back({{"id", id}, {"points", count}, {"name", name == column.names.end() ? "" : name->second}});
    }
    columns.push_back({{"name", column.name}, {"different", counts.size()}, {"ids", ids}});
  }
  return columns;
}

json describe(const Eigen::Vector3d& v) { return json::array({v.x(), v.y(), v.z()}); }

/// Of the points alone.
void addFacts(const Scene& scene, json& info) {
  const SceneFacts facts = findFacts(scene);
  info["bounds"] = nullptr;
  if (facts.bounds_m)
    info["bounds"] = {{"min", describe(facts.bounds_m->min())}, {"max", describe(facts.bounds_m->max())}};
  info["has_color"] = facts.has_color;
  info["has_normals"] = facts.has_normals;
  info["units_guess"] = facts.units_guess.empty() ? "metres" : std::string(facts.units_guess);
  info["offset"] = describe(scene.offset_m);
  info["labels"] = describeLabels(scene);
  info["labelled_points"] =
      std::count_if(scene.point_labels.begin(), scene.point_labels.end(), [](auto label) { return label != kNoClass; });
}

json describe(const Scene& scene) {
  const auto count = [&](auto&& has) { return std::count_if(scene.frames.begin(), scene.frames.end(), has); };
  json warnings = json::array();
  for (const auto& warning : scene.warnings) warnings.push_back(warning.message);
  json info{{"name", scene.name},
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
            {"problems", warnings},
            {"warnings", warnings}};
  addFacts(scene, info);
  return info;
}

/// As many decimals as floats of the size have.
std::string textOf(const json& vector) {
  return fmt::format("{:.3f} {:.3f} {:.3f}", vector[0].get<double>(), vector[1].get<double>(), vector[2].get<double>());
}

void printFacts(const json& info) {
  if (info["bounds"].is_null()) return;
  fmt::print("  bounds      {} to {} m\n", textOf(info["bounds"]["min"]), textOf(info["bounds"]["max"]));
  fmt::print("  points      {}, {}, {} of them labelled\n",
             info["has_color"].get<bool>() ? "with colours" : "without colours",
             info["has_normals"].get<bool>() ? "with normals" : "without normals",
             info["labelled_points"].get<std::int64_t>());
  if (info["offset"] != json::array({0.0, 0.0, 0.0}))
    fmt::print("  offset      {} m, subtracted on reading and added on export\n", textOf(info["offset"]));
  if (info["units_guess"] != "metres") {
    fmt::print("  units       it is too large for a room in metres: its coordinates look like {}\n",
               info["units_guess"].get<std::string>());
  }
  for (const json& column : info["labels"]) {
    fmt::print("  labels      \"{}\" with {} different ids",
               column["name"].get<std::string>(),
               column["different"].get<std::size_t>());
    constexpr std::size_t kMaxShown = 6;
    for (std::size_t i = 0; i < std::min(kMaxShown, column["ids"].size()); ++i) {
      const json& id = column["ids"][i];
      const auto name = id["name"].get<std::string>();
      fmt::print("{} {}{}: {}",
                 i == 0 ? ":" : ",",
                 id["id"].get<int>(),
                 name.empty() ? "" : " (" + name + ")",
                 id["points"].get<std::size_t>());
    }
    fmt::print("{}\n", column["ids"].size() > kMaxShown ? " …" : "");
  }
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
  printFacts(info);
  fmt::print("  problems    {}\n", info["warnings"].empty() ? "none" : std::to_string(info["warnings"].size()));
  for (const auto& warning : info["warnings"]) fmt::print("    {}\n", warning.get<std::string>());
}

/// The parts of a scan found by file names, each with its path or null.
json describe(const ScanLayout& layout) {
  json parts = json::object();
  for (const auto& part : layout.parts) {
    parts[part.what] = part.path.empty() ? json(nullptr) : json(part.path.string());
  }
  return {{"kind", layout.name}, {"parts", parts}};
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
                 {"fraction_close", check.fraction_close},
                 {"fraction_behind", check.fraction_behind},
                 {"fraction_in_front", check.fraction_in_front},
                 {"median_difference_m", check.median_difference_m},
                 {"color_correlation", check.color_correlation}};
  if (check.fraction_close_unhidden) described["fraction_close_unhidden"] = *check.fraction_close_unhidden;
  if (check.label_agreement) described["label_agreement"] = *check.label_agreement;
  return described;
}

}  // namespace

json describeScene(const Scene& scene, const ScanLayout& layout) {
  json info = describe(scene);
  info["layout"] = describe(layout);
  return info;
}

void printScene(const json& info) {
  printText(info);
  printLayout(info["layout"]);
}

json describeCheck(const ScanCheck& check) {
  json frames = json::array();
  for (const auto& frame : check.frames) {
    frames.push_back(describe(frame));
    frames.back()["frame"] = frame.number;
  }
  json described = describe(check.overall);
  described["consistency"] = nameOf(check.consistency);
  described["gain_if_turned"] =
      *std::max_element(check.overall.gain_of_turned.begin(), check.overall.gain_of_turned.end());
  described["up_axis"] = check.up_axis;
  described["label_problem"] = check.label_problem;
  described["remedy"] = nullptr;
  if (check.remedy) {
    described["remedy"] = {{"what", check.remedy->what},
                           {"option", check.remedy->option},
                           {"agreement_before", check.remedy->score_before},
                           {"agreement_after", check.remedy->score_after}};
  }
  described["frames_checked"] = check.frames.size();
  described["frames_without_pose"] = check.num_bad_poses;
  described["frames_unreadable"] = check.num_unreadable;
  described["frames"] = std::move(frames);
  return described;
}

namespace {

void printRemedy(const json& check) {
  const json& remedy = check["remedy"];
  constexpr double kTurned = 0.04;
  if (!remedy.is_null()) {
    fmt::print("    remedy: {}; {} makes depth maps agree by {:.2f} instead of {:.2f}\n",
               remedy["what"].get<std::string>(),
               remedy["option"].get<std::string>(),
               remedy["agreement_after"].get<double>(),
               remedy["agreement_before"].get<double>());
  } else if (check["gain_if_turned"].get<double>() > kTurned) {
    fmt::print(
        "    remedy: cameras look turned by a degree or more against the points ({:+.1f} % within 5 cm if turned "
        "back); "
        "use the poses that the mesh was made with\n",
        100 * check["gain_if_turned"].get<double>());
  } else if (check["consistency"] != "good" && check["label_problem"] == "") {
    fmt::print(
        "    remedy: none of inverse poses, other axes, units of depth and cameras fits better; see whether mesh and "
        "poses "
        "are of the same scan and alignment\n");
  }
  if (check["label_problem"] != "") fmt::print("    labels: {}\n", check["label_problem"].get<std::string>());
  const auto up = check["up_axis"].get<std::string>();
  if (!up.empty() && up != "z")
    fmt::print("    the {} axis of its world points up, where Tagscape takes z to point up\n", up);
}

}  // namespace

void printCheck(const json& check) {
  const auto number = [&](const char* key) { return check[key].get<double>(); };
  fmt::print("  check       {} ({} frames looked at, {} without a pose, {} unreadable)\n",
             check["consistency"].get<std::string>(),
             check["frames_checked"].get<int>(),
             check["frames_without_pose"].get<int>(),
             check["frames_unreadable"].get<int>());
  fmt::print(
      "    of the points in view with a depth: {:.1f} % within 5 cm, {:.1f} % behind (occluded), {:.1f} % in front\n",
      100 * number("fraction_close"),
      100 * number("fraction_behind"),
      100 * number("fraction_in_front"));
  if (check.contains("fraction_close_unhidden")) {
    fmt::print("    of those that the surface itself does not hide: {:.1f} % within 5 cm\n",
               100 * number("fraction_close_unhidden"));
  }
  fmt::print("    median difference {:+.1f} mm, colour correlation {:.2f}",
             1000 * number("median_difference_m"),
             number("color_correlation"));
  if (check.contains("label_agreement")) fmt::print(", label agreement {:.1f} %", 100 * number("label_agreement"));
  fmt::print("\n");
  printRemedy(check);
}

}  // namespace tagscape::cli
