#include "ui/render/view_overlay.h"

#include "ui/render/colors.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLocale>
#include <imgui/backends/imgui_impl_opengl3.h>
#include <imgui/imgui.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <map>

namespace tagscape {
namespace {

constexpr float kFontSize_px = 14;
constexpr float kMargin_px = 12;
constexpr ImGuiWindowFlags kPanelFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                         ImGuiWindowFlags_NoMove | ImGuiWindowFlags_AlwaysAutoResize |
                                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                         ImGuiWindowFlags_NoFocusOnAppearing;

ImU32 toImColor(const Rgb8& rgb, int alpha = 255) { return IM_COL32(rgb[0], rgb[1], rgb[2], alpha); }

ImVec4 toImVec(const Rgb8& rgb) { return ImGui::ColorConvertU32ToFloat4(toImColor(rgb)); }

void applyStyle(bool dark) {
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  if (dark) {
    ImGui::StyleColorsDark();
  } else {
    ImGui::StyleColorsLight();
  }
  style.WindowRounding = 6;
  style.FrameRounding = 3;
  style.GrabRounding = 3;
  style.WindowBorderSize = 0;
  style.WindowPadding = {11, 9};
  style.ItemSpacing = {8, 6};
  style.Colors[ImGuiCol_WindowBg] = dark ? ImVec4(.10F, .11F, .13F, .82F) : ImVec4(.98F, .98F, .99F, .86F);
  style.Colors[ImGuiCol_FrameBg] = dark ? ImVec4(1, 1, 1, .08F) : ImVec4(0, 0, 0, .07F);
  style.Colors[ImGuiCol_FrameBgHovered] = dark ? ImVec4(1, 1, 1, .14F) : ImVec4(0, 0, 0, .11F);
  style.Colors[ImGuiCol_FrameBgActive] = dark ? ImVec4(1, 1, 1, .18F) : ImVec4(0, 0, 0, .14F);
  style.Colors[ImGuiCol_SliderGrab] = ImVec4(.30F, .58F, .90F, 1);
  style.Colors[ImGuiCol_SliderGrabActive] = ImVec4(.38F, .66F, .98F, 1);
}

/// DejaVu Sans if installed, otherwise ImGui's pixel font. Rasterised at device size, to be sharp on HiDPI screens.
void buildFont(double pixel_ratio) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  const QString file = QStringLiteral("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
  static const ImWchar kRanges[] = {0x20, 0xFF, 0x2010, 0x2027, 0};  // Latin, and dashes, bullets, ellipsis.
  const auto size = static_cast<float>(kFontSize_px * pixel_ratio);
  if (QFile::exists(file)) {
    io.Fonts->AddFontFromFileTTF(file.toUtf8().constData(), size, nullptr, kRanges);
    io.FontGlobalScale = static_cast<float>(1 / pixel_ratio);
  } else {
    io.Fonts->AddFontDefault();
    io.FontGlobalScale = 1;
  }
}

QString grouped(std::size_t number) { return QLocale().toString(static_cast<qulonglong>(number)); }

/// Texts of the panels in the user's language.
struct Words {
  Q_DECLARE_TR_FUNCTIONS(ViewOverlay)
};

/// "150,000 points", "80,000 of 150,000 points": what is drawn of what there is.
QString pointsLine(const OverlayContent& content) {
  QString line = Words::tr("%1 of %2 points").arg(grouped(content.num_shown), grouped(content.num_points));
  if (content.num_triangles > 0) {
    line = Words::tr("%1 triangles").arg(grouped(content.num_triangles));
  } else if (content.num_shown == content.num_points) {
    line = Words::tr("%1 points").arg(grouped(content.num_points));
  } else if (content.is_refining) {
    line = Words::tr("%1, loading more").arg(line);
  } else if (content.num_shown == content.num_in_view) {
    line = Words::tr("%1, all in view").arg(line);
  }
  return line;
}

}  // namespace

struct ViewOverlay::Impl {
  ImGuiContext* context = ImGui::CreateContext();
  bool has_backend = false;
  double font_ratio = 0;
  int dark = -1;
  bool is_down = false;
  bool press_pending = false;  // Press and release may both occur between two frames.
  bool owns_drag = false;
  float wheel = 0;
  QPointF mouse{-FLT_MAX, -FLT_MAX};
  std::vector<QRectF> windows;
  std::map<std::string, QRectF> controls;
  QElapsedTimer clock;

  void activate() const { ImGui::SetCurrentContext(context); }

  [[nodiscard]] bool covers(QPointF position) const {
    return std::any_of(windows.begin(), windows.end(), [&](const QRectF& rect) { return rect.contains(position); });
  }

  void prepare(QSize size_px, double pixel_ratio, bool wants_dark) {
    activate();
    ImGuiIO& io = ImGui::GetIO();
    if (dark != static_cast<int>(wants_dark)) applyStyle(wants_dark);
    dark = static_cast<int>(wants_dark);
    if (!has_backend) has_backend = ImGui_ImplOpenGL3_Init("#version 330 core");
    if (font_ratio != pixel_ratio) {
      buildFont(pixel_ratio);
      font_ratio = pixel_ratio;
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    io.DisplaySize = {static_cast<float>(size_px.width()), static_cast<float>(size_px.height())};
    const auto scale = static_cast<float>(pixel_ratio);
    io.DisplayFramebufferScale = {scale, scale};
    io.DeltaTime = clock.isValid() ? std::max(1e-4F, static_cast<float>(clock.restart()) / 1000) : 1.F / 60;
    if (!clock.isValid()) clock.start();
    io.MousePos = {static_cast<float>(mouse.x()), static_cast<float>(mouse.y())};
    io.MouseDown[0] = is_down || press_pending;
    io.MouseWheel = wheel;
    wheel = 0;
    press_pending = false;
  }

  void rememberWindow() {
    const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    windows.emplace_back(at.x, at.y, size.x, size.y);
  }

  void rememberControl(const char* name) {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    controls[name] = QRectF(QPointF(low.x, low.y), QPointF(high.x, high.y));
  }

  void drawHeatBar(const OverlayContent& content, float width) const {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    constexpr float kHeight = 12;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto stops = heatStops(content.heat_map);
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      const float left = at.x + width * static_cast<float>(i) / 9, right = at.x + width * static_cast<float>(i + 1) / 9;
      list->AddRectFilledMultiColor({left, at.y},
                                    {right, at.y + kHeight},
                                    toImColor(stops[i]),
                                    toImColor(stops[i + 1]),
                                    toImColor(stops[i + 1]),
                                    toImColor(stops[i]));
    }
    if (content.shows_threshold) {
      const float span = std::max(content.range.high - content.range.low, 1e-6F);
      const float place = std::clamp((content.cam_threshold - content.range.low) / span, 0.F, 1.F);
      const float mark = at.x + width * place;
      list->AddRectFilled(at, {mark, at.y + kHeight}, IM_COL32(20, 20, 24, 170));
      list->AddLine({mark, at.y - 2}, {mark, at.y + kHeight + 2}, ImGui::GetColorU32(ImGuiCol_Text), 2);
    }
    ImGui::Dummy({width, kHeight});
    const auto text = [&](float value) {
      return QString::number(static_cast<double>(value), content.is_count ? 'f' : 'g', content.is_count ? 0 : 3);
    };
    ImGui::TextDisabled("%s", qUtf8Printable(text(content.range.low)));
    const QByteArray high = text(content.range.high).toUtf8();
    ImGui::SameLine(width - ImGui::CalcTextSize(high.constData()).x + ImGui::GetStyle().WindowPadding.x);
    ImGui::TextDisabled("%s", high.constData());
  }

  void drawSlider(const char* name, const QString& label, float& value, float low, float high, const char* format) {
    ImGui::TextUnformatted(label.toUtf8().constData());
    ImGui::SetNextItemWidth(190);
    const std::string id = std::string("##") + name;
    ImGui::SliderFloat(id.c_str(), &value, low, high, format, ImGuiSliderFlags_AlwaysClamp);
    rememberControl(name);
  }

  void drawLayerPanel(OverlayContent& content) {
    ImGui::SetNextWindowPos({kMargin_px, kMargin_px});
    ImGui::Begin("layer", nullptr, kPanelFlags);
    if (content.shows_swatch) {
      ImGui::ColorButton("##swatch",
                         toImVec(content.swatch),
                         ImGuiColorEditFlags_NoTooltip | ImGuiColorEditFlags_NoDragDrop,
                         {14, 14});
      ImGui::SameLine();
    }
    ImGui::TextUnformatted(content.title.c_str());
    if (!content.note.empty()) ImGui::TextDisabled("%s", content.note.c_str());
    if (content.shows_heat) {
      drawHeatBar(content, 190);
    }
    if (content.shows_heat && !content.is_count) {
      ImGui::Checkbox(Words::tr("Lock the range").toUtf8().constData(), &content.is_range_locked);
      rememberControl("lock");
    }
    if (content.shows_threshold)
      drawSlider("threshold", Words::tr("CAM threshold"), content.cam_threshold, 0, 1, "%.2f");
    for (const auto& row : content.legend) {
      ImGui::ColorButton(("##" + row.text).c_str(),
                         toImVec(row.color),
                         ImGuiColorEditFlags_NoTooltip | ImGuiColorEditFlags_NoDragDrop,
                         {12, 12});
      ImGui::SameLine();
      ImGui::TextUnformatted(row.text.c_str());
    }
    if (content.shows_blend)
      drawSlider("blend", Words::tr("Opacity of the blended layer"), content.blend, 0, 1, "%.2f");
    float tolerance_cm = content.tolerance_m * 100;
    drawSlider("tolerance", Words::tr("Occlusion tolerance"), tolerance_cm, 1, 30, "%.1f cm");
    content.tolerance_m = tolerance_cm / 100;
    drawSlider("point size", Words::tr("Point size"), content.point_scale, .3F, 4, "%.1f x");
    rememberWindow();
    ImGui::End();
  }

  void drawStatusPanel(const OverlayContent& content, QSize size_px) {
    ImGui::SetNextWindowPos({kMargin_px, static_cast<float>(size_px.height()) - kMargin_px}, ImGuiCond_Always, {0, 1});
    ImGui::Begin("status", nullptr, kPanelFlags | ImGuiWindowFlags_NoInputs);
    ImGui::TextUnformatted(pointsLine(content).toUtf8().constData());
    if (content.frames_per_s > 0) {
      ImGui::SameLine();
      const QString rate = Words::tr("%1 frames/s").arg(std::lround(content.frames_per_s));
      ImGui::TextDisabled(" %s", rate.toUtf8().constData());
    }
    ImGui::End();
  }

  void drawHoverPanel(const OverlayContent& content, QSize size_px) {
    if (content.hovered.empty()) return;
    const ImVec2 corner(static_cast<float>(size_px.width()) - kMargin_px,
                        static_cast<float>(size_px.height()) - kMargin_px);
    ImGui::SetNextWindowPos(corner, ImGuiCond_Always, {1, 1});
    ImGui::Begin("hovered", nullptr, kPanelFlags | ImGuiWindowFlags_NoInputs);
    for (const std::string& line : content.hovered) ImGui::TextUnformatted(line.c_str());
    ImGui::End();
  }
};

ViewOverlay::ViewOverlay() : impl_(std::make_unique<Impl>()) {
  impl_->activate();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
}

ViewOverlay::~ViewOverlay() {
  releaseGl();
  ImGui::DestroyContext(impl_->context);
}

void ViewOverlay::releaseGl() {
  if (!impl_->has_backend) return;
  impl_->activate();
  ImGui_ImplOpenGL3_Shutdown();
  impl_->has_backend = false;
  impl_->font_ratio = 0;
}

OverlayContent ViewOverlay::draw(const OverlayContent& content, QSize size_px, double pixel_ratio, bool dark) {
  OverlayContent edited = content;
  impl_->prepare(size_px, pixel_ratio, dark);
  impl_->windows.clear();
  impl_->controls.clear();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  impl_->drawLayerPanel(edited);
  impl_->drawStatusPanel(edited, size_px);
  impl_->drawHoverPanel(edited, size_px);
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return edited;
}

bool ViewOverlay::mouseMove(QPointF position) {
  impl_->mouse = position;
  return impl_->owns_drag || impl_->covers(position);
}

bool ViewOverlay::mousePress(QPointF position) {
  impl_->mouse = position;
  if (!impl_->covers(position)) return false;
  impl_->is_down = impl_->press_pending = impl_->owns_drag = true;
  return true;
}

bool ViewOverlay::mouseRelease(QPointF position) {
  impl_->mouse = position;
  impl_->is_down = false;
  return std::exchange(impl_->owns_drag, false);
}

bool ViewOverlay::mouseWheel(QPointF position, float steps) {
  impl_->mouse = position;
  if (!impl_->covers(position)) return false;
  impl_->wheel += steps;
  return true;
}

void ViewOverlay::mouseLeave() {
  if (!impl_->owns_drag) impl_->mouse = {-FLT_MAX, -FLT_MAX};
}

bool ViewOverlay::covers(QPointF position) const { return impl_->covers(position); }

QRectF ViewOverlay::controlRect(const std::string& name) const {
  const auto found = impl_->controls.find(name);
  return found == impl_->controls.end() ? QRectF() : found->second;
}

}  // namespace tagscape
