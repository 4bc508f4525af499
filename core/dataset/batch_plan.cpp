#include "core/dataset/batch_plan.h"

#include <fmt/format.h>

#include <numeric>
#include <stdexcept>

namespace tagscape {
namespace {

/// An infinite sequence of shuffled epochs over `size` items.
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

BatchPlanner::BatchPlanner(const TrainingData& data, std::uint64_t seed, RankShare share)
    : data_(data), seed_(seed), share_(share) {
  for (std::size_t s = 0; s < data.scenes.size(); ++s) {
    for (std::size_t f = 0; f < data.scenes[s].frames.size(); ++f) all_frames_.push_back({s, f});
  }
  if (all_frames_.empty()) throw std::logic_error("BatchPlanner: no frame to draw from");
}

BatchPlan BatchPlanner::plan(const BatchSpec& spec, std::int64_t step) const {
  const Random stream = Random(seed_).fork(spec.stream);
  // Where a step draws both, clouds have numbers of their own.
  const Random cloud_stream = spec.num_images > 0 ? stream.fork("clouds") : stream;
  BatchPlan plan;
  const auto draw = [&](int count, std::size_t size, const Random& from, auto&& take) {
    EpochOrder order(from, size);
    for (int i = 0; i < count; ++i) {
      const auto place = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(count * share_.size) +
                         static_cast<std::uint64_t>(share_.rank * count + i);
      take(order.at(place), from.fork(fmt::format("item {}", place)));
    }
  };
  draw(spec.num_images, all_frames_.size(), stream, [&](std::size_t frame, const Random& random) {
    plan.images.push_back({all_frames_[frame], random});
  });
  draw(spec.num_clouds, data_.scenes.size(), cloud_stream, [&](std::size_t scene, const Random& random) {
    plan.clouds.push_back({scene, random});
  });
  return plan;
}

}  // namespace tagscape
