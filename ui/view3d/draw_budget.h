#pragma once

#include <QElapsedTimer>

#include <cstddef>

namespace tagscape {

/// The number of points to draw at once, adapted to the measured speed of this machine: per frame while the camera
/// moves, and per step of the complete picture at rest.
class DrawBudget {
 public:
  [[nodiscard]] std::size_t numMoving() const { return num_moving_; }
  [[nodiscard]] std::size_t numInStep() const { return num_in_step_; }
  /// The smoothed frame rate while the camera moves; 0 before it has.
  [[nodiscard]] double framesPerSecond() const { return smooth_frame_s_ > 0 ? 1 / smooth_frame_s_ : 0; }

  void frameBegins() { paint_clock_.restart(); }
  /// Reports the duration of a step of the complete picture that is not the last.
  void stepTook(double seconds);
  /// The last frame with points has reached the screen.
  /// @param num_points  of the scene, the upper limit.
  void frameReachedScreen(bool is_moving, std::size_t num_points);

 private:
  std::size_t num_moving_ = 80'000;
  std::size_t num_in_step_ = 1'500'000;
  QElapsedTimer paint_clock_;
  QElapsedTimer swap_clock_;
  double smooth_frame_s_ = 0;
};

}  // namespace tagscape
