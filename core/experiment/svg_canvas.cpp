#include "core/experiment/svg_canvas.h"

#include "core/base/xml_text.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape {
namespace {

/// A coordinate: two decimals, and 0 for what is no number, which would make the whole file unreadable.
std::string number(double value) { return fmt::format("{:.2f}", std::isfinite(value) ? value : 0.0); }

const char* nameOf(SvgAnchor anchor) {
  switch (anchor) {
    case SvgAnchor::Middle:
      return "middle";
    case SvgAnchor::End:
      return "end";
    case SvgAnchor::Start:
      break;
  }
  return "start";
}

}  // namespace

SvgCanvas::SvgCanvas(double width_px, double height_px) : width_px_(width_px), height_px_(height_px) {
  rectangle(0, 0, width_px, height_px, "#ffffff");
}

void SvgCanvas::rectangle(double x, double y, double width, double height, std::string_view fill) {
  shapes_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>)",
                         number(x),
                         number(y),
                         number(std::max(0.0, width)),
                         number(std::max(0.0, height)),
                         escapedXml(fill)) +
             "\n";
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width) {
  shapes_ += fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>)",
                         number(x1),
                         number(y1),
                         number(x2),
                         number(y2),
                         escapedXml(stroke),
                         number(width)) +
             "\n";
}

void SvgCanvas::polyline(const std::vector<std::pair<double, double>>& points, std::string_view stroke, double width) {
  std::string list;
  for (const auto& [x, y] : points) list += (list.empty() ? "" : " ") + number(x) + "," + number(y);
  shapes_ += fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"/>)",
                         list,
                         escapedXml(stroke),
                         number(width)) +
             "\n";
}

void SvgCanvas::text(
    double x, double y, std::string_view text, double size_px, SvgAnchor anchor, std::string_view fill) {
  shapes_ += fmt::format(R"(<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}">{}</text>)",
                         number(x),
                         number(y),
                         number(size_px),
                         nameOf(anchor),
                         escapedXml(fill),
                         escapedXml(text)) +
             "\n";
}

std::string SvgCanvas::content() const {
  return fmt::format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" font-family="sans-serif">)",
             number(width_px_),
             number(height_px_)) +
         "\n" + shapes_ + "</svg>\n";
}

}  // namespace tagscape
