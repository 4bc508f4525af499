#include "app/studio/options.h"

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
      "Exit codes: 0 done, 1 failed, 2 bad input or usage.");
  parser.addPositionalArgument("PATH", "Scene to open, a folder or file; or a data set, to list its scenes.", "[PATH]");
  parser.addOptions({
      {{"h", "help"}, "Print this help."},
      {{"v", "version"}, "Print the version."},
      {"run", "Watch this training run and show its CAMs. Without it, the newest run of the scene.", "RUN"},
      {"layer", "Colours of the points: rgb, cam, cam:NAME, prediction or truth.", "LAYER"},
      {"mesh", "Draw the mesh instead of points, where the scene has one."},
      {"overlay", "Over the image: none, cam2d, projected, occlusion or truth.", "OVERLAY"},
      {"frame", "Number of the frame to show.", "N"},
      {"class", "Class to show, by its ScanNet name.", "NAME"},
      {"size", "Size of the window in pixels.", "WxH"},
      {"screenshot", "Save a picture of the window once scene and frame are shown, and leave.", "OUT.png"},
      {"bench-orbit", "Orbit the scene for so long, print frames per second as JSON, and leave.", "SECONDS"},
      {"print-timing", "Print as JSON how long the first picture took, and leave."},
  });
}

Result<int> classNamed(const QString& name) {
  if (const auto found = classByName(name.toStdString())) return *found;
  QStringList names;
  for (const ClassInfo& info : classCatalog()) names += QString::fromStdString(std::string(info.name));
  return refuse("There is no class " + name + "; classes are " + names.join(", "));
}

Status readLayer(const QString& text, StudioOptions& options) {
  if (text == "rgb") {
    options.layer = PointLayer::Rgb;
  } else if (text == "prediction") {
    options.layer = PointLayer::Prediction;
  } else if (text == "truth") {
    options.layer = PointLayer::Truth;
  } else if (text == "cam" || text.startsWith("cam:")) {
    options.layer = PointLayer::Cam;
    if (text != "cam") {
      TAGSCAPE_ASSIGN(options.class_index, classNamed(text.mid(4)));
    }
  } else {
    return refuse("--layer " + text + " is none of rgb, cam, cam:NAME, prediction, truth");
  }
  return {};
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
  if (parser.isSet("size")) {
    const auto match = QRegularExpression("^(\\d{2,5})x(\\d{2,5})$").match(parser.value("size"));
    if (!match.hasMatch()) return refuse("--size " + parser.value("size") + " is not of the form 1280x800");
    options.window_size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    if (options.window_size.width() > 16384 || options.window_size.height() > 16384)
      return refuse("--size is larger than 16384");
  }
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
  if (parser.positionalArguments().size() > 1) return refuse("Only one scene can be opened at a time");
  options.path = parser.positionalArguments().value(0);
  options.run = parser.value("run");
  options.screenshot = parser.value("screenshot");
  options.prints_timing = parser.isSet("print-timing");
  options.shows_mesh = parser.isSet("mesh");
  TAGSCAPE_TRY(readNumbers(parser, options));
  if (parser.isSet("layer")) TAGSCAPE_TRY(readLayer(parser.value("layer"), options));
  if (parser.isSet("overlay")) TAGSCAPE_TRY(readOverlay(parser.value("overlay"), options));
  if (parser.isSet("class")) {
    TAGSCAPE_ASSIGN(options.class_index, classNamed(parser.value("class")));
  }
  if (!options.run.isEmpty() && options.path.isEmpty()) return refuse("--run needs the scene that the run is of");
  if ((options.bench_orbit_s || options.prints_timing) && options.path.isEmpty()) {
    return refuse("--bench-orbit and --print-timing need a scene");
  }
  return options;
}

Status applyDisplayOptions(const StudioOptions& options, Document& document) {
  if (options.class_index) document.setClassIndex(*options.class_index);
  if (options.shows_mesh) document.setSurface(Surface::Mesh);
  if (options.layer) document.setLayer(*options.layer);
  if (options.overlay) document.setOverlay(*options.overlay);
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

}  // namespace tagscape
