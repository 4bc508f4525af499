// Labels in the main window: the menu, the project, and what goes wrong with it.

#include "ui/panels/label_panel.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/label_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/view_tools.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QLocale>
#include <QMenuBar>
#include <QMessageBox>
#include <QStatusBar>

namespace tagscape {

void MainWindow::makeLabelMenu() {
  label_actions_ = new LabelActions(document_, labels_, tools_->manager(), *scene_view_, *this);
  label_actions_->fill(*menuBar()->addMenu(tr("L&abels")));
  connect(label_actions_, &LabelActions::typeClassAsked, this, [this] {
    layout_.docks().labels->show();
    layout_.docks().labels->raise();
    label_panel_->focusFilter();
  });
  connect(label_panel_, &LabelPanel::newProjectAsked, label_actions_, &LabelActions::askForNewProject);
  connect(label_panel_, &LabelPanel::openProjectAsked, label_actions_, &LabelActions::askForProject);
}

void MainWindow::connectLabels() {
  connect(&labels_, &LabelEditor::failed, this, &MainWindow::showProblem);
  connect(&labels_, &LabelEditor::projectChanged, this, &MainWindow::projectOpened);
  connect(&labels_, &LabelEditor::storageFailed, this, [this](const QString& message) {
    showProblem(tr("Labels cannot be written. They are kept, and written as soon as that is possible"), message);
  });
  connect(&labels_, &LabelEditor::storageRecovered, this, [this] {
    statusBar()->showMessage(tr("All labels have been written"), 8000);
  });
  connect(&labels_, &LabelEditor::cloudChanged, this, &MainWindow::askToRemap);
  connect(&labels_, &LabelEditor::remapped, this, [this](quint64 num_mapped, quint64 num_points) {
    statusBar()->showMessage(tr("%1 of %2 points have the label of a former point")
                                 .arg(QLocale().toString(num_mapped), QLocale().toString(num_points)),
                             15000);
  });
  labels_.setConfirm([this](const QString& question) {
    return !shows_errors_ || QMessageBox::question(this, tr("Labels"), question) == QMessageBox::Yes;
  });
}

void MainWindow::projectOpened() {
  const Project* project = labels_.project();
  const std::filesystem::path path = project ? project->path() : std::filesystem::path();
  runs_.setProject(QString::fromStdString(path.string()));
  if (path == shown_project_) return;
  shown_project_ = path;
  if (!project) return;
  recent_.remember(QString::fromStdString(path.string()));
  layout_.docks().labels->show();
  layout_.docks().labels->raise();
  const auto scenes = project->scenes();
  if (!document_.scene() && !scenes.empty()) open(scenes.front().path);
}

void MainWindow::askToRemap(const QString& scene, quint64 num_points_then, quint64 num_points_now) {
  auto* question = new QMessageBox(
      QMessageBox::Question,
      tr("The cloud has changed"),
      tr("%1 had %2 points when it was labelled and has %3 others now. Shall each point take the label of the nearest "
         "former point? Edits of this scene can then no longer be undone.")
          .arg(scene, QLocale().toString(num_points_then), QLocale().toString(num_points_now)),
      QMessageBox::Yes | QMessageBox::No,
      this);
  question->setObjectName("remapQuestion");
  question->setAttribute(Qt::WA_DeleteOnClose);
  connect(question, &QMessageBox::buttonClicked, this, [this, question](QAbstractButton* button) {
    if (question->standardButton(button) == QMessageBox::Yes) labels_.remapScene();
  });
  question->open();
}

bool MainWindow::mayClose() {
  if (labels_.numPending() == 0 || !shows_errors_) return true;
  return QMessageBox::question(this,
                               tr("Labels"),
                               tr("%1 edits could not be written yet and would be lost. Close all the same?")
                                   .arg(labels_.numPending())) == QMessageBox::Yes;
}

}  // namespace tagscape
