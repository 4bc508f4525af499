#include "core/metrics/confusion.h"

#include <numeric>
#include <stdexcept>
#include <vector>

namespace tagscape {

void Confusion::add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> predicted) {
  if (truth.size() != predicted.size()) throw std::logic_error("Confusion: one prediction per label is needed");
  for (std::size_t i = 0; i < truth.size(); ++i) add(truth[i], predicted[i]);
}

Confusion& Confusion::operator+=(const Confusion& other) {
  for (std::size_t t = 0; t < counts_.size(); ++t) {
    for (std::size_t p = 0; p < counts_[t].size(); ++p) counts_[t][p] += other.counts_[t][p];
  }
  return *this;
}

std::uint64_t Confusion::total() const {
  std::uint64_t sum = 0;
  for (const auto& row : counts_) sum += std::accumulate(row.begin(), row.end(), std::uint64_t{0});
  return sum;
}

std::optional<double> Confusion::iou(int class_index) const {
  const auto c = static_cast<std::size_t>(class_index);
  const auto& row = counts_.at(c);
  const std::uint64_t of_class = std::accumulate(row.begin(), row.end(), std::uint64_t{0});
  std::uint64_t predicted = 0;
  for (const auto& truth : counts_) predicted += truth[c];
  const std::uint64_t either = of_class + predicted - row[c];
  if (either == 0) return std::nullopt;
  return static_cast<double>(row[c]) / static_cast<double>(either);
}

std::optional<double> Confusion::meanIou() const {
  double sum = 0;
  int count = 0;
  for (int c = 0; c < kNumClasses; ++c) {
    if (const auto value = iou(c)) {
      sum += *value;
      ++count;
    }
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::optional<double> Confusion::accuracy() const {
  std::uint64_t right = 0;
  for (std::size_t c = 0; c < counts_.size(); ++c) right += counts_[c][c];
  const std::uint64_t all = total();
  if (all == 0) return std::nullopt;
  return static_cast<double>(right) / static_cast<double>(all);
}

Image<std::uint8_t> resizedNearest(const Image<std::uint8_t>& labels, int width, int height) {
  // The pixel under the centre of one of `num` that cover `num_from` pixels.
  const auto under = [](int at, int num, int num_from) {
    return static_cast<int>((std::int64_t{2} * at + 1) * num_from / (std::int64_t{2} * num));
  };
  std::vector<int> from_x(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) from_x[static_cast<std::size_t>(x)] = under(x, width, labels.width);
  Image<std::uint8_t> resized(width, height, 1);
  auto* pixel = resized.pixels.data();
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* row = &labels.pixels[labels.index(0, under(y, height, labels.height))];
    for (const int x : from_x) *pixel++ = row[x];
  }
  return resized;
}

}  // namespace tagscape
