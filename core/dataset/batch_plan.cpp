#include "core/dataset/batch_plan.h"

#include <fmt/format.h>

#include <numeric>
#include <stdexcept>

namespace tagscape {
namespace {

/// Places in an endless sequence of shuffled epochs over `size` things.
class EpochOrder {
 public:
  EpochOrder(const Random& random, std::size_t size) : random_(random), order_(size) {}

  [[nodiscard]] std::size_t at(std::uint64_t place) {
    const std::uint64_t epoch = place / order_.size();
    if (epoch != epoch_) {
      epoch_ = epoch;
      std::iota(order_.begin(), order_.end(), std::size_t{0});
      Random shuffling = random_.fork(fmt::format("epoch {}", epoch));
      shuffling.shuffle(order_);
    }
    return order_[place % order_.size()];
  }

 private:
  Random random_;
  std::vector<std::size_t> order_;
  std::uint64_t epoch_ = ~std::uint64_t{0};
};

}  // namespace

std::string_view nameOf(Phase phase) {
  switch (phase) {
    case Phase::Image:
      return "image";
    case Phase::Points:
      return "points";
    case Phase::Joint:
      return "joint";
  }
  return "";
}

BatchPlanner::BatchPlanner(const TrainingData& data, const Recipe& options, RankShare share)
    : data_(data), options_(options), share_(share) {
  for (std::size_t s = 0; s < data.scenes.size(); ++s) {
    for (std::size_t f = 0; f < data.scenes[s].frames.size(); ++f) all_frames_.push_back({s, f});
  }
  if (all_frames_.empty()) throw std::logic_error("BatchPlanner: no frame to draw from");
}

BatchPlan BatchPlanner::plan(Phase phase, std::int64_t step) const {
  // A stream a phase: leaving one phase out does not change the others' numbers.
  const Random stream = Random(options_.general.seed).fork(nameOf(phase));
  const int own = phase == Phase::Image    ? options_.phases.image_batch
                  : phase == Phase::Points ? options_.phases.points_batch
                                           : options_.phases.joint_batch;
  EpochOrder order(stream, phase == Phase::Image ? all_frames_.size() : data_.scenes.size());
  BatchPlan plan;
  for (int i = 0; i < own; ++i) {
    const auto place = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(own * share_.size) +
                       static_cast<std::uint64_t>(share_.rank * own + i);
    const Random random = stream.fork(fmt::format("item {}", place));
    if (phase == Phase::Image) {
      plan.images.push_back({all_frames_[order.at(place)], random});
    } else {
      plan.clouds.push_back({order.at(place), random});
    }
  }
  return plan;
}

}  // namespace tagscape
