#include "ui/window/view_menu.h"

#include "ui/dialogs/error_dialog.h"
#include "ui/dialogs/picture_dialog.h"
#include "ui/dialogs/show_once.h"
#include "ui/services/layer_names.h"
#include "ui/view3d/scene_view.h"

#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>

namespace tagscape {
namespace {

/// Texts of the menu in the user's language.
struct Words {
  Q_DECLARE_TR_FUNCTIONS(ViewMenu)
};

template <class Slot>
QAction* add(QMenu& menu, const QString& text, const QKeySequence& key, const char* object_name, Slot slot) {
  QAction* action = menu.addAction(text, key, &menu, slot);
  action->setObjectName(QLatin1String(object_name));
  return action;
}

void addViews(QMenu& menu, SceneView& view, QWidget& window, ViewActions& actions) {
  struct Row {
    StandardView view;
    const char* text;
    const char* key;
    const char* object_name;
    QAction*& action;
  };
  for (const auto& row :
       {Row{StandardView::Top, QT_TRANSLATE_NOOP("ViewMenu", "&Top"), "Ctrl+1", "viewTop", actions.top},
        Row{StandardView::Front, QT_TRANSLATE_NOOP("ViewMenu", "&Front"), "Ctrl+2", "viewFront", actions.front},
        Row{StandardView::Side, QT_TRANSLATE_NOOP("ViewMenu", "&Side"), "Ctrl+3", "viewSide", actions.side},
        Row{StandardView::Isometric,
            QT_TRANSLATE_NOOP("ViewMenu", "&Isometric"),
            "Ctrl+4",
            "viewIso",
            actions.isometric}}) {
    row.action = add(menu, Words::tr(row.text), QKeySequence(row.key), row.object_name, [&view, wanted = row.view] {
      view.setStandardView(wanted);
    });
  }
  menu.addSeparator();
  actions.copy_view = add(menu, Words::tr("&Copy the view"), QKeySequence("Ctrl+Shift+C"), "copyView", [&view] {
    QGuiApplication::clipboard()->setText(view.viewText());
  });
  actions.paste_view =
      add(menu, Words::tr("&Paste a view"), QKeySequence("Ctrl+Shift+V"), "pasteView", [&view, &window] {
        const Status set = view.setViewText(QGuiApplication::clipboard()->text());
        if (!set)
          showError(&window, Words::tr("The view cannot be pasted"), QString::fromStdString(set.error().message));
      });
}

/// @return the action for clipping.
QAction* addSwitches(QMenu& menu, SceneView& view) {
  ViewSettings& settings = view.settings();
  QAction* eye_dome = add(menu, Words::tr("Shade by &depth"), QKeySequence("Shift+E"), "eyeDomeAction", [&settings] {
    settings.setEyeDome(!settings.isEyeDome());
  });
  QAction* cameras = add(menu, Words::tr("Frame cameras"), QKeySequence("Shift+K"), "camerasAction", [&settings] {
    settings.setShowsFrames(!settings.showsFrames());
  });
  QAction* cut =
      add(menu, Words::tr("Clip in front of pivot"), QKeySequence("Shift+X"), "cutAction", [&view, &settings] {
        if (settings.clipPlane()) return settings.setClipPlane({});
        view.cutAtTarget();
      });
  const auto show = [&settings, eye_dome, cameras, cut] {
    eye_dome->setChecked(settings.isEyeDome());
    cameras->setChecked(settings.showsFrames());
    cut->setChecked(settings.clipPlane().has_value());
  };
  for (QAction* action : {eye_dome, cameras, cut}) action->setCheckable(true);
  QObject::connect(&settings, &ViewSettings::changed, &menu, show);
  show();
  return cut;
}

/// Adds the choice of superpoints, which is stored in the settings.
void addSuperpointChoice(QMenu& menu, SceneView& view) {
  static constexpr const char* kSetting = "view/scanSuperpoints";
  view.layers().setUsesScanSuperpoints(QSettings().value(kSetting, false).toBool());
  QAction* action = menu.addAction(Words::tr("The scan's &own superpoints"));
  action->setObjectName("scanSuperpointsAction");
  action->setCheckable(true);
  action->setChecked(view.layers().usesScanSuperpoints());
  action->setToolTip(Words::tr("Colour by the superpoints in the scan's own file instead of those used in training"));
  QObject::connect(action, &QAction::toggled, &view, [&view](bool own) {
    view.layers().setUsesScanSuperpoints(own);
    QSettings().setValue(kSetting, own);
  });
}

}  // namespace

void addLayerActions(QMenu& menu, LayerMenu which, QActionGroup& group, Document& document) {
  for (const ColorLayer& row : colorLayers()) {
    if (row.menu != which) continue;
    const PointLayer layer{row.id};
    QAction* action =
        add(menu, menuTextOf(row), QKeySequence(row.key), row.action, [&document, layer] { document.setLayer(layer); });
    action->setCheckable(true);
    action->setChecked(document.layer() == layer);
    group.addAction(action);
    QObject::connect(&document, &Document::layerChanged, action, [action, layer](PointLayer now) {
      action->setChecked(now == layer);
    });
  }
}

ViewActions addViewActions(QMenu& menu, QActionGroup& layers, Document& document, SceneView& view, QWidget& window) {
  ViewActions actions;
  addLayerActions(*menu.addMenu(Words::tr("More &layers")), LayerMenu::MoreLayers, layers, document);
  addViews(*menu.addMenu(Words::tr("&Camera")), view, window, actions);
  actions.cut = addSwitches(menu, view);
  addSuperpointChoice(menu, view);
  menu.addSeparator();
  actions.picture = add(
      menu, Words::tr("&Render image or turntable…"), QKeySequence("Ctrl+Alt+S"), "pictureAction", [&view, &window] {
        showOnce<PictureDialog>(window, view);
      });
  return actions;
}

}  // namespace tagscape
