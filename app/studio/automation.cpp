#include "app/studio/automation.h"

#include "app/studio/label_bench.h"
#include "app/studio/layer_bench.h"
#include "core/run/run_directory.h"
#include "ui/panels/scene_panel.h"
#include "ui/view3d/picture_files.h"
#include "ui/view3d/scene_view.h"

#include <QApplication>
#include <QPixmap>

#include <algorithm>
#include <cstdio>

namespace tagscape {
namespace {

constexpr int kSettle_ms = 50;
constexpr float kOrbitStep_px = 6;
constexpr QSize kPictureSize(1280, 800);

}  // namespace

Automation::Automation(MainWindow& window,
                       const StudioOptions& options,
                       const QElapsedTimer& since_start,
                       double age_at_start_s)
    : QObject(&window), window_(window), options_(options), since_start_(since_start), age_at_start_s_(age_at_start_s) {
  window_.setShowsErrors(false);
  window_shown_s_ = secondsSinceStart();
  settle_.setInterval(kSettle_ms);
  connect(&settle_, &QTimer::timeout, this, &Automation::proceed);
  connect(&window_, &MainWindow::problemMet, this, &Automation::refuse);
  connect(&window_.opener(), &SceneOpener::opened, this, &Automation::sceneOpened);
  connect(&window_.opener(), &SceneOpener::failed, this, [](const std::filesystem::path&, const Error& error) {
    QApplication::exit(exitCodeFor(error.code));  // The error was reported through problemMet.
  });
  connect(&window_.opener(), &SceneOpener::dataSetFound, this, &Automation::dataSetFound);
  connect(&window_.sceneView(), &SceneView::sceneShown, this, &Automation::sceneShown);
  connect(&window_.runs(), &RunController::camsLoaded, this, [this] { waits_for_cams_ = false; });
  if (options_.path.isEmpty()) settle_.start();
}

double Automation::secondsSinceStart() const {
  return age_at_start_s_ + static_cast<double>(since_start_.nsecsElapsed()) * 1e-9;
}

void Automation::refuse(const QString& title, const QString& message) {
  std::fprintf(stderr, "tagscape-studio: %s: %s\n", qUtf8Printable(title), qUtf8Printable(message));
  QApplication::exit(1);
}

bool Automation::runHasCams(const std::string& scene_name) const {
  if (options_.run.isEmpty()) return false;
  const auto run = RunDirectory::open(options_.run.toStdString());
  return run && (std::filesystem::exists(run->predictionFile(scene_name)) ||
                 std::filesystem::exists(run->liveFile(scene_name)));
}

void Automation::dataSetFound() {
  if (options_.bench_orbit_s || options_.bench_layers || options_.bench_labels || options_.prints_timing ||
      options_.isOfView()) {
    return leaveWith({ErrorCode::InvalidInput,
                      options_.path.toStdString() +
                          " is a data set; pictures of the 3D view and measurements need one of its scenes."});
  }
  is_data_set_ = true;
  window_.grab();  // Thumbnails are requested when first painted.
  settle_.start();
}

void Automation::sceneOpened() {
  Document& document = window_.document();
  waits_for_cams_ = runHasCams(document.scene()->name);
  applyViewSettings(options_, window_.sceneView());
  Status applied = applyDisplayOptions(options_, document);
  if (applied) applied = applyView(options_, document, window_.sceneView());
  if (!applied) leaveWith(applied.error());
}

void Automation::leaveWith(const Error& error) {
  std::fprintf(stderr, "tagscape-studio: %s\n", error.message.c_str());
  QApplication::exit(exitCodeFor(error.code));
}

void Automation::sceneShown() {
  if (is_scene_shown_) return;
  is_scene_shown_ = true;
  first_picture_s_ = secondsSinceStart();
  if (options_.prints_timing) printTiming();
  StudioOptions others = options_;
  others.prints_timing = false;
  if (options_.prints_timing && !others.isAutomatic()) return QApplication::exit(0);
  settle_.start();
}

void Automation::proceed() {
  if (!window_.scenePanel().isIdle()) return;
  if (!options_.path.isEmpty() && !is_data_set_) {
    const bool cams_pending = waits_for_cams_ || window_.runs().isLoading();
    if (cams_pending || !window_.sceneView().isComplete() || !window_.frames().isUpToDate()) return;
  }
  settle_.stop();
  if (options_.bench_orbit_s) {
    connect(&window_.sceneView(), &QOpenGLWidget::frameSwapped, this, &Automation::orbitOn);
    orbit_clock_.start();
    fewest_points_ = window_.sceneView().numPoints();
    window_.sceneView().setDrawsAllWhileMoving(options_.bench_all_points);
    return orbitOn();
  }
  if (options_.bench_layers) {
    auto* bench = new LayerBench(window_.document(), window_.sceneView(), this);
    connect(bench, &LayerBench::finished, this, [this] { savePictures(); });
    return bench->start();
  }
  if (options_.bench_labels) {
    auto* bench = new LabelBench(window_, this);
    connect(bench, &LabelBench::finished, this, [this] { savePictures(); });
    return bench->start();
  }
  savePictures();
}

void Automation::savePictures() {
  const QSize size = options_.size.isValid() ? options_.size : kPictureSize;
  Status saved;
  if (options_.turntable_frames) {
    saved =
        saveTurntable(window_.sceneView(), {*options_.turntable_frames, size, options_.is_transparent}, options_.out);
  }
  if (saved && !options_.screenshot.isEmpty()) {
    auto picture = options_.isOfView() ? window_.sceneView().picture(size, options_.is_transparent)
                                       : Result<QImage>(window_.grab().toImage());
    saved = picture ? savePicture(*picture, options_.screenshot) : fail(picture.error());
  }
  if (!saved) return leaveWith(saved.error());
  QApplication::exit(window_.sceneView().numGlErrors() == 0 ? 0 : 1);
}

void Automation::orbitOn() {
  const double now_s = static_cast<double>(orbit_clock_.nsecsElapsed()) * 1e-9;
  if (last_frame_s_ > 0) frame_times_s_.push_back(now_s - last_frame_s_);
  if (last_frame_s_ > 0) fewest_points_ = std::min(fewest_points_, window_.sceneView().numShown());
  last_frame_s_ = now_s;
  if (now_s >= *options_.bench_orbit_s) return finishOrbit();
  window_.sceneView().orbitBy(kOrbitStep_px, 0);
}

void Automation::finishOrbit() {
  window_.sceneView().disconnect(this);
  std::sort(frame_times_s_.begin(), frame_times_s_.end());
  const bool any = !frame_times_s_.empty();
  std::printf(
      "{\"frames\": %zu, \"mean_fps\": %.1f, \"min_fps\": %.1f, \"median_fps\": %.1f, \"points_total\": %zu, "
      "\"points_shown_min\": %zu, "
      "\"bytes_a_point\": %.1f, \"view_width\": %d, \"view_height\": %d, \"gl_errors\": %d}\n",
      frame_times_s_.size(),
      any ? static_cast<double>(frame_times_s_.size()) / last_frame_s_ : 0,
      any ? 1 / frame_times_s_.back() : 0,
      any ? 1 / frame_times_s_[frame_times_s_.size() / 2] : 0,
      window_.sceneView().numPoints(),
      fewest_points_,
      static_cast<double>(window_.sceneView().numBytesOnGpu()) /
          static_cast<double>(std::max<std::size_t>(1, window_.sceneView().numPoints())),
      window_.sceneView().width(),
      window_.sceneView().height(),
      window_.sceneView().numGlErrors());
  std::fflush(stdout);
  options_.bench_orbit_s.reset();
  window_.sceneView().setDrawsAllWhileMoving(false);
  settle_.start();
}

void Automation::printTiming() {
  std::printf(
      "{\"start_to_window_s\": %.3f, \"start_to_first_picture_s\": %.3f, \"window_to_first_picture_s\": %.3f}\n",
      window_shown_s_,
      first_picture_s_,
      first_picture_s_ - window_shown_s_);
  std::fflush(stdout);
}

}  // namespace tagscape
