#include "ui/services/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>

namespace tagscape {
namespace {

QPalette paletteOf(bool is_dark) {
  const QColor window = is_dark ? QColor(45, 48, 54) : QColor(239, 240, 242);
  const QColor base = is_dark ? QColor(30, 32, 36) : QColor(255, 255, 255);
  const QColor text = is_dark ? QColor(228, 230, 233) : QColor(28, 30, 33);
  const QColor faint = is_dark ? QColor(128, 132, 138) : QColor(140, 144, 150);
  const QColor accent = is_dark ? QColor(72, 138, 212) : QColor(34, 104, 178);
  QPalette palette(window);
  palette.setColor(QPalette::Window, window);
  palette.setColor(QPalette::Base, base);
  palette.setColor(QPalette::AlternateBase, is_dark ? window.darker(110) : window);
  palette.setColor(QPalette::Button, is_dark ? window.lighter(115) : window);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
    palette.setColor(role, text);
    palette.setColor(QPalette::Disabled, role, faint);
  }
  palette.setColor(QPalette::ToolTipBase, is_dark ? window.lighter(130) : QColor(255, 255, 225));
  palette.setColor(QPalette::PlaceholderText, faint);
  palette.setColor(QPalette::Highlight, accent);
  palette.setColor(QPalette::HighlightedText, Qt::white);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, faint);
  palette.setColor(QPalette::Link, is_dark ? accent.lighter(130) : accent);
  return palette;
}

}  // namespace

Theme themeNamed(const QString& name) {
  if (name == QStringLiteral("light")) return Theme::Light;
  if (name == QStringLiteral("dark")) return Theme::Dark;
  return Theme::Desktop;
}

QString nameOf(Theme theme) {
  if (theme == Theme::Light) return QStringLiteral("light");
  return theme == Theme::Dark ? QStringLiteral("dark") : QStringLiteral("desktop");
}

void applyTheme(Theme theme) {
  static const QString desktop_style = QApplication::style()->objectName();
  static Theme applied = Theme::Desktop;
  if (applied == theme) return;
  applied = theme;
  // Desktop styles ignore the palette; Fusion follows it.
  QApplication::setStyle(theme == Theme::Desktop ? desktop_style : QStringLiteral("fusion"));
  const QPalette palette =
      theme == Theme::Desktop ? QApplication::style()->standardPalette() : paletteOf(theme == Theme::Dark);
  QApplication::setPalette(palette);
  // Fusion draws frames of check boxes darker than the window, which is invisible in a dark list.
  QPalette lists = palette;
  if (theme == Theme::Dark) lists.setColor(QPalette::Window, QColor(150, 155, 163));
  QApplication::setPalette(lists, "QTreeView");
}

}  // namespace tagscape
