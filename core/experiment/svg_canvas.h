#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape {

enum class SvgAnchor { Start, Middle, End };

/// Draws shapes one over the other into an SVG picture. Coordinates in px from the top left corner; colours as SVG
/// has them: "#1b9e77", "none".
class SvgCanvas {
 public:
  SvgCanvas(double width_px, double height_px);

  void rectangle(double x, double y, double width, double height, std::string_view fill);
  void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width = 1);
  void polyline(const std::vector<std::pair<double, double>>& points, std::string_view stroke, double width = 1.5);
  /// `y` is that of the base line. The text may hold anything; what XML cannot hold becomes "?".
  void text(double x,
            double y,
            std::string_view text,
            double size_px = 12,
            SvgAnchor anchor = SvgAnchor::Start,
            std::string_view fill = "#222222");

  /// The whole file.
  [[nodiscard]] std::string content() const;

 private:
  double width_px_, height_px_;
  std::string shapes_;
};

}  // namespace tagscape
