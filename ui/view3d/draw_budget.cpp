#include "ui/view3d/draw_budget.h"

#include <algorithm>

namespace tagscape {
namespace {

constexpr double kMovingFrame_s = 0.022;  // The time of a frame in motion,
constexpr double kStep_s = 0.15;          // and of a step of the complete picture, the maximum delay of a click.
constexpr std::size_t kMinMoving = 15'000;
constexpr std::size_t kMinInStep = 200'000;

std::size_t scaled(std::size_t number, double factor) {
  return static_cast<std::size_t>(static_cast<double>(number) * factor);
}

double secondsOf(const QElapsedTimer& clock) { return static_cast<double>(clock.nsecsElapsed()) * 1e-9; }

}  // namespace

void DrawBudget::stepTook(double seconds) {
  num_in_step_ = std::max(kMinInStep, scaled(num_in_step_, std::clamp(kStep_s / std::max(1e-4, seconds), 0.5, 2.)));
}

void DrawBudget::frameReachedScreen(bool is_moving, std::size_t num_points) {
  const double frame_s = paint_clock_.isValid() ? secondsOf(paint_clock_) : 0;
  if (is_moving && frame_s > 0) {
    const double change = std::clamp(kMovingFrame_s / frame_s, 0.6, 1.2);
    num_moving_ = std::clamp(scaled(num_moving_, change), kMinMoving, std::max(kMinMoving, num_points));
    const double since_last_s = swap_clock_.isValid() ? secondsOf(swap_clock_) : 1;
    const double shown_s = since_last_s < 0.2 ? since_last_s : frame_s;
    smooth_frame_s_ = smooth_frame_s_ > 0 ? 0.8 * smooth_frame_s_ + 0.2 * shown_s : shown_s;
  }
  swap_clock_.restart();
}

}  // namespace tagscape
