#include "app/studio/options.h"

#include "ui/render/color_layers.h"
#include "ui/render/picture_tiles.h"
#include "ui/view3d/scene_view.h"

#include <QCommandLineParser>
#include <QRegularExpression>

#include <algorithm>

namespace tagscape {
namespace {

tl::unexpected<Error> refuse(const QString& problem) {
  return fail(ErrorCode::InvalidInput, (problem + ". See tagscape-studio --help.").toStdString());
}

void declareOptions(QCommandLineParser& parser) {
  parser.setApplicationDescription(
      "Shows RGB-D scans, their class activation maps and labels, and trains on them.\n\n"
      "Pictures are of the window, or with --view, --transparent or --turntable of the 3D view alone, in any size. "
      "Without a display they are made on a virtual one (xvfb-run).\n\n"
      "Exit codes: 0 done, 1 failed, 2 bad input or usage.");
  parser.addPositionalArgument("PATH", "Scene to open, a folder or file; or a data set, to list its scenes.", "[PATH]");
  parser.addOptions({
      {{"h", "help"}, "Print this help."},
      {{"v", "version"}, "Print the version."},
      {"scene", "The same as PATH.", "PATH"},
      {"run", "Watch this training run and show its CAMs. Without it, the newest run of the scene.", "RUN"},
      {"layer",
       QString("Colours of the points: %1; cam:NAME and the like choose the class.").arg(colorLayerIds()),
       "LAYER"},
      {"mix", "Layer to blend in; LAYER=OPACITY sets its opacity from 0 to 1 (0.5).", "LAYER"},
      {"threshold", "CAM values below it are dimmed, 0 to 1.", "VALUE"},
      {"heat-map", "Colours of values: viridis, cividis, inferno or turbo.", "NAME"},
      {"palette", "Colours of classes: scannet or distinct (for colour blindness).", "NAME"},
      {"mesh", "Draw the mesh instead of points, where the scene has one."},
      {"point-size", "Point size in pixels; by default points have their size in the scene.", "PX"},
      {"eye-dome", "Shade the points by their depth."},
      {"hide-cameras", "Hide the cameras of the frames."},
      {"overlay", "Overlay of the image: none, cam2d, projected, occlusion or truth.", "OVERLAY"},
      {"frame", "Number of the frame to show.", "N"},
      {"class", "Class to show, by its ScanNet name.", "NAME"},
      {"view", "Viewpoint: top, front, side, iso, fit, frame (through its camera) or a copied view's text.", "VIEW"},
      {"size", "Size of the picture or the window, in pixels.", "WxH"},
      {"transparent", "Make the background of the picture transparent."},
      {"screenshot", "Save a picture once scene and frame are shown, then exit.", "OUT.png"},
      {"turntable", "Save N pictures of a full turn to --out, then exit.", "N"},
      {"out", "Folder for --turntable; created if missing.", "DIR"},
      {"bench-orbit", "Orbit the scene for SECONDS, print frames per second as JSON, then exit.", "SECONDS"},
      {"all-points", "With --bench-orbit: draw all points in every frame."},
      {"bench-labels", "Print as JSON how long strokes of the brush and undoing take to show, then exit."},
      {"bench-layers", "Print as JSON how long switching layers, classes and thresholds takes, then exit."},
      {"print-timing", "Print as JSON how long the first picture took, then exit."},
  });
}

Result<int> classNamed(const QString& name) {
  if (const auto found = classByName(name.toStdString())) return *found;
  QStringList names;
  for (const ClassInfo& info : classCatalog()) names += QString::fromStdString(std::string(info.name));
  return refuse("There is no class " + name + "; classes are " + names.join(", "));
}

/// "cam:chair", "error": a layer, and the class it is of.
Result<PointLayer> readLayer(const QString& option, const QString& text, StudioOptions& options) {
  const ColorLayer* layer = findColorLayer(text.section(':', 0, 0).toStdString());
  if (!layer) return refuse(QString("--%1 %2 is none of %3").arg(option, text, colorLayerIds()));
  if (text.contains(':')) {
    TAGSCAPE_ASSIGN(options.class_index, classNamed(text.section(':', 1)));
  }
  return PointLayer{layer->id};
}

Status readMix(const QString& text, StudioOptions& options) {
  TAGSCAPE_ASSIGN(options.other_layer, readLayer("mix", text.section('=', 0, 0), options));
  if (!text.contains('=')) return {};
  bool ok = false;
  options.blend = text.section('=', 1).toFloat(&ok);
  if (!ok || !(*options.blend >= 0 && *options.blend <= 1)) return refuse("--mix " + text + " has no part from 0 to 1");
  return {};
}

/// The index of the name among those of an enumeration.
template <class T>
Status readName(const QCommandLineParser& parser,
                const QString& option,
                const QStringList& names,
                std::optional<T>& to) {
  if (!parser.isSet(option)) return {};
  const auto index = names.indexOf(parser.value(option));
  if (index < 0) return refuse(QString("--%1 %2 is none of %3").arg(option, parser.value(option), names.join(", ")));
  to = static_cast<T>(index);
  return {};
}

Status readFloat(
    const QCommandLineParser& parser, const QString& option, float low, float high, std::optional<float>& to) {
  if (!parser.isSet(option)) return {};
  bool ok = false;
  to = parser.value(option).toFloat(&ok);
  if (ok && *to >= low && *to <= high) return {};
  return refuse(QString("--%1 %2 is no number from %3 to %4").arg(option, parser.value(option)).arg(low).arg(high));
}

Status readOverlay(const QString& text, StudioOptions& options) {
  if (text == "none") {
    options.overlay = FrameOverlay::None;
  } else if (text == "cam2d") {
    options.overlay = FrameOverlay::Cam2d;
  } else if (text == "projected") {
    options.overlay = FrameOverlay::ProjectedCam;
  } else if (text == "occlusion") {
    options.overlay = FrameOverlay::Occlusion;
  } else if (text == "truth") {
    options.overlay = FrameOverlay::Truth;
  } else {
    return refuse("--overlay " + text + " is none of none, cam2d, projected, occlusion, truth");
  }
  return {};
}

Status readNumbers(const QCommandLineParser& parser, StudioOptions& options) {
  bool ok = true;
  if (parser.isSet("frame")) options.frame_number = parser.value("frame").toInt(&ok);
  if (!ok) return refuse("--frame " + parser.value("frame") + " is no number");
  if (parser.isSet("bench-orbit")) {
    options.bench_orbit_s = parser.value("bench-orbit").toDouble(&ok);
    if (!ok || !(*options.bench_orbit_s > 0 && *options.bench_orbit_s <= 3600)) {
      return refuse("--bench-orbit " + parser.value("bench-orbit") + " is no number of seconds from 0 to 3600");
    }
  }
  if (parser.isSet("turntable")) {
    options.turntable_frames = parser.value("turntable").toInt(&ok);
    if (!ok || *options.turntable_frames < 1 || *options.turntable_frames > 100'000)
      return refuse("--turntable " + parser.value("turntable") + " is no number of pictures from 1 to 100000");
  }
  if (parser.isSet("size")) {
    const auto match = QRegularExpression("^(\\d{2,5})x(\\d{2,5})$").match(parser.value("size"));
    if (!match.hasMatch()) return refuse("--size " + parser.value("size") + " is not of the form 1280x800");
    options.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    if (const Status size = checkPictureSize(options.size); !size) return fail(size.error());
  }
  return {};
}

Status readDisplayStyle(const QCommandLineParser& parser, StudioOptions& options) {
  if (parser.isSet("layer")) {
    TAGSCAPE_ASSIGN(options.layer, readLayer("layer", parser.value("layer"), options));
  }
  if (parser.isSet("mix")) TAGSCAPE_TRY(readMix(parser.value("mix"), options));
  if (parser.isSet("overlay")) TAGSCAPE_TRY(readOverlay(parser.value("overlay"), options));
  if (parser.isSet("class")) {
    TAGSCAPE_ASSIGN(options.class_index, classNamed(parser.value("class")));
  }
  TAGSCAPE_TRY(readFloat(parser, "threshold", 0, 1, options.threshold));
  TAGSCAPE_TRY(readFloat(parser, "point-size", 1, 64, options.point_size_px));
  TAGSCAPE_TRY(readName(parser, "heat-map", {"viridis", "cividis", "inferno", "turbo"}, options.heat_map));
  TAGSCAPE_TRY(readName(parser, "palette", {"scannet", "distinct"}, options.palette));
  options.shows_mesh = parser.isSet("mesh");
  options.is_eye_dome = parser.isSet("eye-dome");
  options.hides_frames = parser.isSet("hide-cameras");
  options.is_transparent = parser.isSet("transparent");
  options.view = parser.value("view");
  return {};
}

/// Options that exclude each other.
Status checkTogether(const StudioOptions& options) {
  const bool has_scene = !options.path.isEmpty();
  if (!options.run.isEmpty() && !has_scene) return refuse("--run needs the scene that the run is of");
  if ((options.bench_orbit_s || options.bench_layers || options.bench_labels || options.prints_timing) && !has_scene)
    return refuse("--bench-orbit, --bench-layers, --bench-labels and --print-timing need a scene");
  constexpr int kLargestWindow_px = 16'384;
  if (!options.isOfView() && std::max(options.size.width(), options.size.height()) > kLargestWindow_px)
    return refuse("--size is too large for a window; pictures of the 3D view alone may be larger, see --view");
  if (options.isOfView() && !has_scene) return refuse("--view, --transparent and --turntable need a scene");
  if (options.turntable_frames && options.out.isEmpty()) return refuse("--turntable needs a folder: --out DIR");
  if (!options.out.isEmpty() && !options.turntable_frames) return refuse("--out is the folder of --turntable");
  return {};
}

}  // namespace

Result<StudioOptions> parseStudioOptions(const QStringList& arguments) {
  QCommandLineParser parser;
  declareOptions(parser);
  if (!parser.parse(arguments)) return refuse(parser.errorText());
  StudioOptions options;
  if (parser.isSet("help")) options.text = parser.helpText().replace("<executable_name>", "tagscape-studio");
  if (parser.isSet("version")) options.text = QStringLiteral("tagscape-studio " TAGSCAPE_VERSION "\n");
  if (!options.text.isEmpty()) return options;
  const QStringList scenes = parser.positionalArguments() + parser.values("scene");
  if (scenes.size() > 1) return refuse("Only one scene can be opened at a time");
  options.path = scenes.value(0);
  options.run = parser.value("run");
  options.screenshot = parser.value("screenshot");
  options.out = parser.value("out");
  options.prints_timing = parser.isSet("print-timing");
  options.bench_labels = parser.isSet("bench-labels");
  options.bench_layers = parser.isSet("bench-layers");
  options.bench_all_points = parser.isSet("all-points");
  TAGSCAPE_TRY(readNumbers(parser, options));
  TAGSCAPE_TRY(readDisplayStyle(parser, options));
  TAGSCAPE_TRY(checkTogether(options));
  return options;
}

Status applyDisplayOptions(const StudioOptions& options, Document& document) {
  if (options.class_index) document.setClassIndex(*options.class_index);
  if (options.shows_mesh) document.setSurface(Surface::Mesh);
  const bool lacks_truth =
      options.layer == PointLayer::Truth && document.scene() && document.scene()->point_labels.empty();
  if (lacks_truth) return refuse("The scene has no annotated points, so the layer truth has nothing to show");
  if (options.layer) document.setLayer(*options.layer);
  if (options.overlay) document.setOverlay(*options.overlay);
  if (options.threshold) document.setCamThreshold(*options.threshold);
  if (options.heat_map) document.displayStyle().setHeatMap(*options.heat_map);
  if (options.palette) document.displayStyle().setPalette(*options.palette);
  if (!options.frame_number || !document.scene()) return {};
  const auto& frames = document.scene()->frames;
  const auto found = std::find_if(
      frames.begin(), frames.end(), [&](const Frame& frame) { return frame.number == *options.frame_number; });
  if (found == frames.end()) {
    return refuse(QString("The scene has no frame %1; its frames go from %2 to %3")
                      .arg(*options.frame_number)
                      .arg(frames.empty() ? 0 : frames.front().number)
                      .arg(frames.empty() ? 0 : frames.back().number));
  }
  document.setFrameIndex(static_cast<int>(found - frames.begin()));
  return {};
}

void applyViewSettings(const StudioOptions& options, SceneView& view) {
  ViewSettings& settings = view.settings();
  if (options.other_layer) settings.setOtherLayer(options.other_layer);
  if (options.blend) settings.setBlend(*options.blend);
  if (options.point_size_px) settings.setPointSize_px(*options.point_size_px);
  if (options.is_eye_dome) settings.setEyeDome(true);
  if (options.hides_frames) settings.setShowsFrames(false);
}

Status applyView(const StudioOptions& options, Document& document, SceneView& view) {
  view.setAnimated(false);
  if (options.view.isEmpty() || options.view == "fit") return {};
  for (int i = 0; i < kNumStandardViews; ++i) {
    const auto standard = static_cast<StandardView>(i);
    if (options.view != nameOf(standard)) continue;
    view.setStandardView(standard);
    return {};
  }
  if (options.view != "frame") return view.setViewText(options.view);
  if (!document.frame() || !document.frame()->world_from_camera)
    return refuse("--view frame needs a frame with a pose; choose one with --frame");
  view.flyToFrame(document.frameIndex());
  return {};
}

}  // namespace tagscape
