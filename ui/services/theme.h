#pragma once

#include <QString>

#include <cstdint>

namespace tagscape {

/// Whether the window is light or dark.
enum class Theme : std::uint8_t {
  Desktop,  ///< As the desktop says.
  Light,
  Dark,
};

/// "desktop", "light", "dark": as kept in the user's settings; Desktop for anything else.
[[nodiscard]] Theme themeNamed(const QString& name);
[[nodiscard]] QString nameOf(Theme theme);

/// Gives the whole application the theme, at once. Desktop brings back style and colours of its start.
void applyTheme(Theme theme);

}  // namespace tagscape
