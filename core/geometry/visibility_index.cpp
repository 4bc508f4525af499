#include "core/geometry/visibility_index.h"

#include <stdexcept>

namespace tagscape {

VisibilityIndex::VisibilityIndex(std::size_t num_points, std::size_t num_frames)
    : num_points_(num_points),
      frames_(num_frames),
      known_(std::make_unique<std::atomic<bool>[]>(num_frames)),
      counts_(std::make_unique<std::atomic<std::uint16_t>[]>(num_points)) {}

void VisibilityIndex::add(std::size_t frame, const VisibilityResult& visibility) {
  if (visibility.reason.size() != num_points_) throw std::logic_error("VisibilityIndex: a visibility of other points");
  std::vector<std::uint64_t> bits((num_points_ + 63) / 64, 0);
  for (std::size_t point = 0; point < num_points_; ++point) {
    if (visibility.reason[point] != Visibility::Visible) continue;
    bits[point / 64] |= std::uint64_t{1} << (point % 64);
    const std::uint16_t count = counts_[point].load(std::memory_order_relaxed);
    if (count < kMaxCount) counts_[point].store(static_cast<std::uint16_t>(count + 1), std::memory_order_relaxed);
  }
  frames_[frame] = std::move(bits);
  known_[frame].store(true, std::memory_order_release);
}

void VisibilityIndex::addBlind(std::size_t frame) { known_[frame].store(true, std::memory_order_release); }

std::size_t VisibilityIndex::numKnown() const {
  std::size_t count = 0;
  for (std::size_t frame = 0; frame < frames_.size(); ++frame) count += isKnown(frame);
  return count;
}

bool VisibilityIndex::sees(std::size_t frame, std::size_t point) const {
  if (!isKnown(frame) || frames_[frame].empty() || point >= num_points_) return false;
  return (frames_[frame][point / 64] >> (point % 64) & 1) != 0;
}

std::vector<std::size_t> VisibilityIndex::framesSeeing(std::size_t point) const {
  std::vector<std::size_t> seeing;
  for (std::size_t frame = 0; frame < frames_.size(); ++frame) {
    if (sees(frame, point)) seeing.push_back(frame);
  }
  return seeing;
}

std::vector<std::uint16_t> VisibilityIndex::counts() const {
  std::vector<std::uint16_t> counts(num_points_);
  for (std::size_t point = 0; point < num_points_; ++point)
    counts[point] = counts_[point].load(std::memory_order_relaxed);
  return counts;
}

}  // namespace tagscape
