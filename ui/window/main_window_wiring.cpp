// The signal connections between the main window's parts, and messages to the user.

#include "ui/image_view/image_panel.h"
#include "ui/panels/scene_panel.h"
#include "ui/panels/start_page.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QStackedWidget>
#include <QStatusBar>

#include <algorithm>

namespace tagscape {

void MainWindow::connectEverything() {
  connect(start_page_, &StartPage::openAsked, this, &MainWindow::askForScene);
  connect(start_page_, &StartPage::openFileAsked, this, &MainWindow::askForFile);
  connect(start_page_, &StartPage::sampleAsked, this, &MainWindow::makeSample);
  connectSampleMaker();
  connect(&recent_, &RecentFiles::changed, this, &MainWindow::showRecent);
  connect(&frames_, &FrameController::pictureReady, image_panel_, &ImagePanel::setPicture);
  connect(&opener_, &SceneOpener::opened, this, &MainWindow::sceneOpened);
  connect(&opener_, &SceneOpener::dataSetFound, this, &MainWindow::dataSetFound);
  connect(scene_panel_, &ScenePanel::openAsked, this, [this](const std::filesystem::path& scene) {
    open(scene, set_run_);
  });
  connect(&opener_, &SceneOpener::failed, this, [this](const std::filesystem::path&, const Error& error) {
    opens_first_scene_ = false;
    if (!document_.scene()) centre_->setCurrentWidget(start_page_);
    if (error.code == ErrorCode::Cancelled) return statusBar()->showMessage(tr("Opening was cancelled"), 5000);
    showProblem(tr("The scene could not be opened"), QString::fromStdString(error.message));
  });
  connect(&runs_, &RunController::failed, this, &MainWindow::showProblem);
  connect(&inference_, &InferenceController::failed, this, &MainWindow::showProblem);
  const auto offer_networks = [this] {
    // Predict with the run whose CAMs are shown, if it has a checkpoint.
    const auto& watched = runs_.monitor().run();
    const auto run = watched ? RunDirectory::open(*watched) : Result<RunDirectory>(fail(ErrorCode::NotFound, ""));
    inference_.setRunAtHand(run && run->hasCheckpoints() ? std::optional(run->path()) : std::nullopt);
  };
  connect(&runs_.monitor(), &RunMonitor::runChanged, this, offer_networks);
  connect(&runs_.monitor(), &RunMonitor::statusChanged, this, offer_networks);
  connect(start_page_, &StartPage::recentAsked, this, [this](const QString& path) { open(path.toStdString()); });
  connect(scene_view_, &SceneView::drawingFailed, this, &MainWindow::giveUpView);
  connect(&document_, &Document::warningsChanged, this, &MainWindow::showWarningCount);
  connect(&exporter_, &LabelExporter::failed, this, [this](const Error& error) {
    if (error.code == ErrorCode::Cancelled) return statusBar()->showMessage(tr("Exporting was cancelled"), 5000);
    showProblem(tr("The labels could not be exported"), QString::fromStdString(error.message));
  });
  connect(&exporter_, &LabelExporter::written, this, [this](const std::vector<std::filesystem::path>& files) {
    constexpr std::size_t kMostNamed = 3;
    QStringList names;
    for (std::size_t i = 0; i < std::min(files.size(), kMostNamed); ++i)
      names += QString::fromStdString(files[i].string());
    if (files.size() > kMostNamed) names += tr("and %1 more").arg(files.size() - kMostNamed);
    statusBar()->showMessage(tr("Written and read back: %1").arg(names.join(QStringLiteral(", "))), 15000);
  });
  makeConditions();
}

void MainWindow::makeConditions() {
  const auto needs = [this](std::initializer_list<QAction*> actions, const std::function<bool()>& is_possible) {
    for (QAction* action : actions) conditions_.emplace_back(action, is_possible);
  };
  const auto has_scene = [this] { return document_.scene() != nullptr; };
  const auto has_view = [this] { return document_.scene() && centre_->indexOf(scene_view_) >= 0; };
  const auto has_frames = [this] { return document_.numFrames() > 0; };
  const auto has_networks = [this] { return inference_.hasNetworks(); };
  const WindowActions& actions = actions_;
  const ViewActions& view = actions.view;
  needs({actions.export_labels}, [this] { return document_.cams() != nullptr; });
  needs({actions.save_view_picture, view.picture, view.top, view.front, view.side, view.isometric}, has_view);
  needs({view.copy_view, view.paste_view, view.cut}, has_view);
  needs({actions.previous_frame, actions.next_frame, actions.first_frame, actions.last_frame}, has_frames);
  needs({actions.previous_observing_frame, actions.next_observing_frame, actions.most_disagreeing}, has_frames);
  needs({actions.toggle_frame_tag}, has_frames);
  needs({actions.import_labels, actions.fit, actions.toggle_training, actions.toggle_scene_tag}, has_scene);
  needs({actions.reset_tags}, [this] { return document_.hasChangedTags(); });
  needs({actions.stop_training}, [this] { return runs_.isActive(); });
  needs({actions.predict_scene}, [=] { return has_scene() && has_networks(); });
  needs({actions.predict_frame}, [=] { return has_frames() && has_networks(); });
  needs({actions.cancel_prediction}, [this] { return inference_.isBusy(); });
  const auto check = [this] { checkConditions(); };
  connect(&document_, &Document::sceneChanged, this, check);
  connect(&document_, &Document::camsChanged, this, check);
  connect(&document_, &Document::tagsChanged, this, check);
  connect(&runs_.monitor(), &RunMonitor::runChanged, this, check);
  connect(&runs_.monitor(), &RunMonitor::statusChanged, this, check);
  connect(&inference_, &InferenceController::changed, this, check);
  connect(&inference_, &InferenceController::predicted, this, check);
  checkConditions();
}

void MainWindow::checkConditions() {
  for (const auto& [action, is_possible] : conditions_) action->setEnabled(is_possible());
}

void MainWindow::connectSampleMaker() {
  connect(start_page_, &StartPage::sampleStopAsked, &sample_maker_, &SampleMaker::stop);
  connect(&sample_maker_, &SampleMaker::progressed, this, [this](int done, int total) {
    start_page_->setSampleProgress(done, total);
    if (document_.scene()) statusBar()->showMessage(tr("Making sample scenes… %1 of %2").arg(done).arg(total), 2000);
  });
  connect(&sample_maker_, &SampleMaker::made, this, &MainWindow::sampleMade);
  connect(&sample_maker_, &SampleMaker::stopped, this, [this] {
    start_page_->setSampleIdle();
    statusBar()->showMessage(tr("Making sample scenes was stopped; it continues next time"), 5000);
  });
  connect(&sample_maker_, &SampleMaker::failed, this, [this](const QString& message) {
    start_page_->setSampleIdle();
    showProblem(tr("The sample scenes could not be made"), message);
  });
}

}  // namespace tagscape
