#pragma once

#include <QIcon>

namespace tagscape {

enum class IconShape { Open, Play, Pause, Stop, Fit, Previous, Next, Warning, Export };

/// A line icon in the text colour of the palette, painted on demand, so that it adapts to theme and pixel ratio.
[[nodiscard]] QIcon lineIcon(IconShape shape);

}  // namespace tagscape
