#pragma once

#include <QString>

#include <cstdint>

namespace tagscape {

/// The colour theme of the window.
enum class Theme : std::uint8_t {
  Desktop,  ///< As the desktop.
  Light,
  Dark,
};

/// Parses "desktop", "light" or "dark" of the user's settings; Desktop for anything else.
[[nodiscard]] Theme themeNamed(const QString& name);
[[nodiscard]] QString nameOf(Theme theme);

/// Applies the theme to the application. Desktop restores the initial style and palette.
void applyTheme(Theme theme);

}  // namespace tagscape
