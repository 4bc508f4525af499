#pragma once

#include "ui/services/label_editor.h"
#include "ui/tools/label_tools.h"
#include "ui/tools/tool_manager.h"

#include <QObject>

#include <array>

class QAction;
class QMenu;
class QWidget;

namespace tagscape {

class SceneView;

/// The menu Labels: the project, the tools, and what else changes labels. Enables each action when it is possible.
class LabelActions : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this.
  LabelActions(Document& document, LabelEditor& editor, ToolManager& tools, SceneView& view, QWidget& window);

  void fill(QMenu& menu);
  void askForNewProject();
  void askForProject();
  void chooseTool(LabelToolKind kind);

 Q_SIGNALS:
  void typeClassAsked();

 private:
  void addProject(QMenu& menu);
  void addTools(QMenu& menu);
  void addEdits(QMenu& menu);
  void addMachine(QMenu& menu);
  QAction* add(
      QMenu& menu, const QString& text, const char* object_name, const QString& keys, std::function<void()> act);
  void showTools();
  void pickClass();
  void goToUnlabelled();
  void askForCopy();
  void askForReplacement();
  void takePrediction(bool only_unlabelled);
  void check();

  Document& document_;
  LabelEditor& editor_;
  ToolManager& tools_;
  SceneView& view_;
  QWidget& window_;
  std::array<QAction*, kNumLabelTools> tool_actions_{};
  std::vector<std::pair<QAction*, std::function<bool()>>> conditions_;
  int active_kind_ = -1;
};

}  // namespace tagscape
