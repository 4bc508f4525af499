#include "app/cli/command.h"
#include "app/cli/printing.h"
#include "core/pipeline/data_set_report.h"
#include "core/synth/room_set.h"
#include "core/synth/sample_room.h"

#include <fmt/format.h>

#include <optional>

namespace tagscape::cli {
namespace {

using nlohmann::json;

/// The options; those not given keep the preset's values.
struct SynthArguments {
  std::string out;
  std::string preset;
  std::uint64_t seed = 1;
  std::optional<int> num_scenes, num_val, num_frames, width, height, clutter;
  std::optional<double> depth_noise_m, depth_step_mm, color_noise, blur_px, exposure, light, holes, mesh_edge_m,
      mesh_noise_m, motion_blur_px, missing_tags, false_tags;
  std::optional<std::string> mesh;
  bool fused_mesh = false;
  bool exported_frames = false;
  bool report = false;
};

template <class T>
void take(const std::optional<T>& given, T& value) {
  if (given) value = *given;
}

void addDataSetOptions(CLI::App& options, SynthArguments& arguments) {
  options
      .add_option("--preset",
                  arguments.preset,
                  "room: one room as exported frames (the default); or a data set in "
                  "ScanNet's formats: sample (3 scenes), rooms (120), rooms-small (12), scannet-size (1 large one)")
      ->check(CLI::IsMember({"room", "sample", "rooms", "rooms-sensor", "rooms-small", "scannet-size"}));
  options.add_option("--scenes", arguments.num_scenes, "Number of scenes; without --preset it means preset rooms");
  options.add_option("--val", arguments.num_val, "Number of scenes for validation, the last ones");
  options.add_option("--seed", arguments.seed, "Random seed of the rooms")->capture_default_str();
  options.add_option("--frames", arguments.num_frames, "Frames per scene");
  options.add_option("--width", arguments.width, "Image width in pixels");
  options.add_option("--height", arguments.height, "Image height in pixels");
  options.add_flag(
      "--exported-frames", arguments.exported_frames, "Write frames as folders of images instead of .sens files");
  options.add_flag("--report", arguments.report, "Print class frequencies and the agreement between points and pixels");
}

void addSensorOptions(CLI::App& options, SynthArguments& arguments) {
  const char* group = "Sensor and surface";
  const auto add = [&](const char* name, auto& value, const char* what) {
    return options.add_option(name, value, what)->group(group);
  };
  add("--depth-noise",
      arguments.depth_noise_m,
      "Standard deviation of depth at 2 m, in metres; grows with the square of depth");
  add("--depth-step", arguments.depth_step_mm, "Quantisation step of depth at 2 m, in millimetres");
  add("--color-noise", arguments.color_noise, "Standard deviation of colour, on a scale of 0 to 1");
  add("--blur", arguments.blur_px, "Standard deviation of the colour blur, in pixels");
  add("--motion-blur", arguments.motion_blur_px, "Longest smear of colours by the camera's motion, in pixels");
  add("--exposure", arguments.exposure, "Largest relative change of brightness between frames");
  add("--light", arguments.light, "How directional the light is, 0 to 1");
  add("--holes", arguments.holes, "How much depth is missing: 0 none, 1 as with a real sensor");
  add("--mesh", arguments.mesh, "noisy: as reconstructed, with holes in unobserved places; clean: the exact surface")
      ->check(CLI::IsMember({"noisy", "clean"}));
  options
      .add_flag(
          "--fused-mesh", arguments.fused_mesh, "Fuse the mesh from the depth maps; borders and colours of objects mix")
      ->group(group);
  add("--clutter", arguments.clutter, "Number of things of no class in every room");
  add("--missing-tags", arguments.missing_tags, "Share of the frames' tags that are forgotten, 0 to 1");
  add("--false-tags", arguments.false_tags, "Share of the frames' tags beside which a false one is given, 0 to 1");
  add("--mesh-edge", arguments.mesh_edge_m, "Longest edge of the mesh, in metres");
  add("--mesh-noise", arguments.mesh_noise_m, "Standard deviation of the noisy mesh, in metres");
}

RoomSetOptions optionsFrom(const SynthArguments& arguments) {
  auto options = roomSetPreset(arguments.preset.empty() ? "rooms" : arguments.preset).value();
  options.seed = arguments.seed;
  take(arguments.num_scenes, options.num_scenes);
  // A fifth, as in the preset, where only the number of scenes was chosen.
  if (arguments.num_scenes && !arguments.num_val) options.num_val = options.num_scenes / 5;
  take(arguments.num_val, options.num_val);
  auto& scene = options.scene;
  take(arguments.num_frames, scene.num_frames);
  take(arguments.width, scene.width);
  take(arguments.height, scene.height);
  take(arguments.depth_noise_m, scene.sensor.depth_noise_m);
  take(arguments.depth_step_mm, scene.sensor.depth_step_mm);
  take(arguments.color_noise, scene.sensor.color_noise);
  take(arguments.blur_px, scene.sensor.blur_px);
  take(arguments.exposure, scene.sensor.exposure);
  take(arguments.motion_blur_px, scene.sensor.motion_blur_px);
  take(arguments.clutter, scene.clutter);
  take(arguments.missing_tags, scene.missing_tags);
  take(arguments.false_tags, scene.false_tags);
  scene.fused_mesh = scene.fused_mesh || arguments.fused_mesh;
  take(arguments.light, scene.sensor.light);
  take(arguments.holes, scene.sensor.holes);
  take(arguments.mesh_edge_m, scene.surface.edge_m);
  take(arguments.mesh_noise_m, scene.surface.noise_m);
  if (arguments.mesh) scene.surface.is_noisy = *arguments.mesh == "noisy";
  scene.exported_frames = arguments.exported_frames;
  return options;
}

/// One room, the default. Options that only data sets have are refused rather than ignored.
Status makeRoom(const SynthArguments& arguments, const Job& job) {
  const bool asks_for_set = arguments.num_val || arguments.depth_step_mm || arguments.color_noise ||
                            arguments.blur_px || arguments.exposure || arguments.light || arguments.holes ||
                            arguments.mesh || arguments.mesh_edge_m || arguments.mesh_noise_m ||
                            arguments.motion_blur_px || arguments.clutter || arguments.missing_tags ||
                            arguments.false_tags || arguments.fused_mesh || arguments.exported_frames ||
                            arguments.report || arguments.num_scenes;
  if (asks_for_set) {
    return fail(ErrorCode::InvalidInput,
                "A single room takes --seed, --frames, --width, --height and --depth-noise alone. Choose a data set "
                "with --scenes N or --preset sample|rooms|rooms-sensor|rooms-small|scannet-size for the other options");
  }
  SampleRoomOptions room;
  room.seed = arguments.seed;
  take(arguments.num_frames, room.num_frames);
  take(arguments.width, room.width);
  take(arguments.height, room.height);
  take(arguments.depth_noise_m, room.depth_noise_m);
  return writeSampleRoom(arguments.out, room, job);
}

json describe(const DataSetReport& report) {
  json classes = json::object();
  for (std::size_t i = 0; i < report.classes.size(); ++i) {
    const auto& own = report.classes[i];
    classes[std::string(classCatalog()[i].name)] = {
        {"scenes", own.scenes}, {"images", own.images}, {"points", own.points}, {"pixels", own.pixels}};
  }
  return {{"scenes", report.num_scenes},
          {"frames", report.num_frames},
          {"points", report.num_points},
          {"classes", classes},
          {"points_seen", report.points_seen},
          {"points_in_view_per_frame", report.points_in_view_per_frame},
          {"points_visible_per_frame", report.points_visible_per_frame},
          {"agreement_with_depth_filter", report.agreement_with_filter},
          {"agreement_without_depth_filter", report.agreement_without_filter},
          {"warnings", report.warnings}};
}

json describe(const synth::SceneCost& cost) {
  return {
      {"triangles", cost.num_triangles},
      {"mesh_vertices", cost.num_vertices},
      {"rays", cost.num_rays},
      {"rays_per_second_and_core", cost.rendering_s > 0 ? static_cast<double>(cost.num_rays) / cost.rendering_s : 0}};
}

void printReport(const DataSetReport& report) {
  fmt::print("\n{:<16}{:>9}{:>9}{:>9}{:>9}\n", "class", "scenes", "images", "points", "pixels");
  for (std::size_t i = 0; i < report.classes.size(); ++i) {
    const auto& own = report.classes[i];
    fmt::print("{:<16}{:>8.1f}%{:>8.1f}%{:>8.2f}%{:>8.2f}%\n",
               classCatalog()[i].name,
               100 * own.scenes,
               100 * own.images,
               100 * own.points,
               100 * own.pixels);
  }
  fmt::print("\n{} scenes, {} frames, {} points\n", report.num_scenes, report.num_frames, report.num_points);
  fmt::print("points visible in a frame       {:.1f} %\n", 100 * report.points_seen);
  fmt::print("points in view, visible         {:.0f}, {:.0f} a frame\n",
             report.points_in_view_per_frame,
             report.points_visible_per_frame);
  fmt::print("point label = pixel label       {:.4f} with the depth filter, {:.4f} without\n",
             report.agreement_with_filter,
             report.agreement_without_filter);
  for (const auto& warning : report.warnings) fmt::print("warning: {}\n", warning);
}

void printCost(const RoomSetResult& result) {
  const auto& cost = result.cost;
  const auto per_scene = static_cast<std::uint64_t>(std::max(1, result.num_made));
  fmt::print("made {} scenes: {} triangles and {} mesh vertices a scene; {:.1f} M rays, {:.2f} M rays/s and core\n",
             result.num_made,
             cost.num_triangles / per_scene,
             cost.num_vertices / per_scene,
             static_cast<double>(cost.num_rays) / 1e6,
             cost.rendering_s > 0 ? static_cast<double>(cost.num_rays) / cost.rendering_s / 1e6 : 0);
}

Status makeSet(const SynthArguments& arguments, const Context& context) {
  TAGSCAPE_ASSIGN(const auto made, writeRoomSet(arguments.out, optionsFrom(arguments), context.job));
  std::optional<DataSetReport> report;
  if (arguments.report) {
    TAGSCAPE_ASSIGN(report, reportDataSet(arguments.out, {}, context.job));
  }
  if (context.json) {
    json document{{"path", arguments.out}, {"made_scenes", made.num_made}};
    if (made.num_made > 0) document["cost"] = describe(made.cost);
    if (report) document["report"] = describe(*report);
    printJson(document);
    return {};
  }
  fmt::print("{}\n", arguments.out);
  if (report && made.num_made > 0) printCost(made);
  if (report) printReport(*report);
  return {};
}

}  // namespace

Action addSynth(CLI::App& options) {
  auto arguments = std::make_shared<SynthArguments>();
  options
      .add_option("out",
                  arguments->out,
                  "The folder to create. It must not exist or be empty; an interrupted data set is continued")
      ->required();
  addDataSetOptions(options, *arguments);
  addSensorOptions(options, *arguments);
  return [arguments](const Context& context) -> Status {
    const bool is_room =
        arguments->preset == "room" || (arguments->preset.empty() && !arguments->num_scenes && !arguments->num_val);
    if (!is_room) return makeSet(*arguments, context);
    TAGSCAPE_TRY(makeRoom(*arguments, context.job));
    if (context.json) {
      printJson({{"path", arguments->out}});
    } else {
      fmt::print("{}\n", arguments->out);
    }
    return {};
  };
}

}  // namespace tagscape::cli
