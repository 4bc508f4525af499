#pragma once

#include <QElapsedTimer>

#include <cstddef>

namespace tagscape {

/// How many points are drawn at once, as learnt from how long they take on this machine: in a frame while the camera
/// moves, and in a step of the complete picture at rest.
class DrawBudget {
 public:
  [[nodiscard]] std::size_t numMoving() const { return num_moving_; }
  [[nodiscard]] std::size_t numInStep() const { return num_in_step_; }
  /// While the camera moves, smoothed; 0 until it has.
  [[nodiscard]] double framesPerSecond() const { return smooth_frame_s_ > 0 ? 1 / smooth_frame_s_ : 0; }

  void frameBegins() { paint_clock_.restart(); }
  /// A step of the complete picture that is not the last took so long.
  void stepTook(double seconds);
  /// The frame that began last, with points in it, has reached the screen.
  /// @param num_points  of the scene, which are enough.
  void frameReachedScreen(bool is_moving, std::size_t num_points);

 private:
  std::size_t num_moving_ = 80'000;
  std::size_t num_in_step_ = 1'500'000;
  QElapsedTimer paint_clock_;
  QElapsedTimer swap_clock_;
  double smooth_frame_s_ = 0;
};

}  // namespace tagscape
