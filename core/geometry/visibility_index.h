#pragma once

#include "core/geometry/visibility.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tagscape {

/// Which frames see which points, one bit each: finds the observing frames of a point at once. One thread adds frames
/// while others query; they see what was added once isKnown() returns true for it.
class VisibilityIndex {
 public:
  /// Memory: num_points / 8 bytes a frame, taken when the frame is added, and 2 bytes a point.
  VisibilityIndex(std::size_t num_points, std::size_t num_frames);

  /// @param visibility  of all points in this frame. Each frame is added once, all by one thread.
  void add(std::size_t frame, const VisibilityResult& visibility);
  /// A frame that sees nothing: without a pose, or broken.
  void addBlind(std::size_t frame);

  [[nodiscard]] std::size_t numFrames() const { return frames_.size(); }
  [[nodiscard]] bool isKnown(std::size_t frame) const { return known_[frame].load(std::memory_order_acquire); }
  [[nodiscard]] std::size_t numKnown() const;
  /// Whether a frame that is known sees a point.
  [[nodiscard]] bool sees(std::size_t frame, std::size_t point) const;
  /// The known frames that see a point, ascending. Cost: O(frames).
  [[nodiscard]] std::vector<std::size_t> framesSeeing(std::size_t point) const;
  /// [points] how many frames see each, at most kMaxCount. While a frame is being added, some points may count it
  /// already. Cost: O(points), whatever the number of frames.
  [[nodiscard]] std::vector<std::uint16_t> counts() const;
  static constexpr std::uint16_t kMaxCount = 65534;

 private:
  std::size_t num_points_;
  std::vector<std::vector<std::uint64_t>> frames_;  // Empty: sees nothing.
  std::unique_ptr<std::atomic<bool>[]> known_;
  std::unique_ptr<std::atomic<std::uint16_t>[]> counts_;  // Written by the thread that adds.
};

}  // namespace tagscape
