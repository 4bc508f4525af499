#pragma once

#include "tests/ui/support/pages.h"
#include "ui/services/theme.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QApplication>
#include <QSettings>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace tagscape::testing {

/// The visible window of this name; null if there is none.
template <class Widget>
Widget* openWindow(const char* object_name) {
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (widget->objectName() == object_name && widget->isVisible()) return qobject_cast<Widget*>(widget);
  }
  return nullptr;
}

/// A main window with settings, which are cleared afterwards.
struct WindowFixture : ::testing::Test {
  WindowFixture() : window(std::make_unique<MainWindow>()) {
    window->resize(1280, 800);
    window->show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  }
  ~WindowFixture() override {
    window.reset();
    QSettings().clear();
    applyTheme(Theme::Desktop);
  }
  void restart() {
    window->close();
    window = std::make_unique<MainWindow>();
    window->resize(1280, 800);
    window->show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  }
  QAction& action(const char* name) {
    auto* found = window->findChild<QAction*>(name);
    if (!found) throw std::logic_error(std::string("no action ") + name);
    return *found;
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    window->activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), key, modifiers);
  }
  std::unique_ptr<MainWindow> window;
};

}  // namespace tagscape::testing
