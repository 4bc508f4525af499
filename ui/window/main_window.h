#pragma once

#include "ui/dialogs/export_dialog.h"
#include "ui/models/document.h"
#include "ui/services/frame_controller.h"
#include "ui/services/inference_controller.h"
#include "ui/services/label_editor.h"
#include "ui/services/recent_files.h"
#include "ui/services/run_controller.h"
#include "ui/services/sample_maker.h"
#include "ui/services/scene_opener.h"
#include "ui/services/shortcuts.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_layout.h"

#include <QMainWindow>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QMenu;
class QStackedWidget;
class QToolButton;

namespace tagscape {

class ImagePanel;
class LabelActions;
class LabelPanel;
class LinkController;
class NoViewPage;
class ScenePanel;
class SceneView;
class SelectionHighlighter;
class StartPage;
class ViewTools;

/// The studio's window: owns the document, panels, menus and shortcuts. Its sources: main_window.cpp (parts, opening),
/// main_window_menus.cpp, main_window_wiring.cpp (signal connections),
/// main_window_labels.cpp.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// @param keeps_settings  whether layout and recent files are read from and stored in the user's settings.
  /// @param drawable        the result of gl::probeContext(); after an error a page with its message replaces the 3D
  /// view.
  explicit MainWindow(bool keeps_settings = true, const Status& drawable = {}, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens a scene in the background and watches `run`, or the newest run of that scene.
  void open(const std::filesystem::path& path, const std::optional<std::filesystem::path>& run = std::nullopt);

  /// Watches a run of the open scene; without one, opens the scene of the run.
  void openRun(const std::filesystem::path& run);

  [[nodiscard]] Document& document() { return document_; }
  [[nodiscard]] SceneView& sceneView() { return *scene_view_; }
  [[nodiscard]] ImagePanel& imagePanel() { return *image_panel_; }
  [[nodiscard]] ScenePanel& scenePanel() { return *scene_panel_; }
  [[nodiscard]] SceneOpener& opener() { return opener_; }
  [[nodiscard]] RunController& runs() { return runs_; }
  [[nodiscard]] InferenceController& inference() { return inference_; }
  [[nodiscard]] LabelEditor& labels() { return labels_; }
  [[nodiscard]] Shortcuts& shortcuts() { return shortcuts_; }
  [[nodiscard]] WindowLayout& layouts() { return layout_; }
  [[nodiscard]] LabelExporter& exporter() { return exporter_; }
  [[nodiscard]] const FrameController& frames() const { return frames_; }
  [[nodiscard]] const LinkController& links() const { return *links_; }
  [[nodiscard]] ViewTools& tools() { return *tools_; }
  /// Whether errors are shown in a dialog; otherwise on stderr, as for screenshots.
  void setShowsErrors(bool shows) { shows_errors_ = shows; }
  /// OpenGL's renderer and version; empty before the 3D view was shown.
  [[nodiscard]] QString drawingDescription() const;

 Q_SIGNALS:
  void problemMet(const QString& title, const QString& message);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makePanels();
  void makeCentre(const Status& drawable);
  void showScenePage();
  void giveUpView(const QString& reason);
  void makeStatusBar();
  void makeFileMenu();
  void makeViewMenu();
  void makeLayoutMenu();
  void makeTrainingMenu();
  void makeLinkActions();
  void makeLabelMenu();
  [[nodiscard]] bool mayClose();
  void connectLabels();
  void projectOpened();
  void askToRemap(const QString& scene, quint64 num_points_then, quint64 num_points_now);
  void makeHelpMenu();
  void makeFrameKeys();
  void connectEverything();
  void makeConditions();
  void checkConditions();
  void askForScene();
  void askForFile();
  void makeSample();
  void sampleMade(const std::filesystem::path& folder);
  void connectSampleMaker();
  void dataSetFound(const DataSet& data_set);
  void showWarningCount();
  void sceneOpened(const std::filesystem::path& path);
  void showRecent();
  void showLayouts();
  void askForRun();
  [[nodiscard]] QString startOfRuns() const;  ///< The folder in which a run is looked for.
  void askForLayoutName();
  void savePicture(const QString& title, const QImage& picture);
  void showAboutBox();
  void showProblem(const QString& title, const QString& message);
  void cycleOverlay();

  Document document_;
  SceneOpener opener_;
  FrameController frames_;
  RunController runs_;
  LabelExporter exporter_;
  InferenceController inference_;
  LabelEditor labels_;
  SampleMaker sample_maker_;
  std::optional<std::filesystem::path> wanted_run_;  // Of what is being opened.
  std::optional<std::filesystem::path> set_run_;     // Of the scenes of the data set, where the user named one.
  bool opens_first_scene_ = false;                   ///< Of the data set being listed.
  bool shows_errors_ = true;
  bool keeps_settings_;
  RecentFiles recent_;
  WindowLayout layout_;
  Shortcuts shortcuts_;

  QStackedWidget* centre_ = nullptr;
  StartPage* start_page_ = nullptr;
  NoViewPage* no_view_page_ = nullptr;
  SceneView* scene_view_ = nullptr;
  std::unique_ptr<SceneView> hidden_view_;  // The view itself, where it cannot draw.
  ImagePanel* image_panel_ = nullptr;
  ScenePanel* scene_panel_ = nullptr;
  LinkController* links_ = nullptr;
  SelectionHighlighter* selection_ = nullptr;
  ViewTools* tools_ = nullptr;
  LabelActions* label_actions_ = nullptr;
  LabelPanel* label_panel_ = nullptr;
  std::filesystem::path shown_project_;
  QToolButton* warnings_button_ = nullptr;
  QMenu* recent_menu_ = nullptr;
  QMenu* layout_menu_ = nullptr;
  QMenu* remove_layout_menu_ = nullptr;
  QMenu* view_menu_ = nullptr;
  WindowActions actions_;
  std::vector<std::pair<QAction*, std::function<bool()>>> conditions_;  // Of actions that are not always possible.
};

}  // namespace tagscape
