#include "core/experiment/time_left.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

// Before this fraction the speed of a task predicts little.
constexpr double kMinTellingFraction = 0.02;
// A task that takes longer than expected is taken to be near its end.
constexpr double kMinFractionLeft = 0.05;

}  // namespace

void MeasuredTimes::learn(const std::string& kind, double guessed_s, double measured_s) {
  Sum& sum = by_kind_[kind];
  sum.seconds += measured_s;
  ++sum.count;
  sum_guessed_s_ += guessed_s;
  sum_measured_s_ += measured_s;
}

double MeasuredTimes::of(const std::string& kind, double guessed_s) const {
  if (const auto found = by_kind_.find(kind); found != by_kind_.end())
    return found->second.seconds / found->second.count;
  return sum_guessed_s_ > 0 ? guessed_s * sum_measured_s_ / sum_guessed_s_ : guessed_s;
}

void TimeLeft::addWaiting(const std::string& kind, double guessed_s) { add(times_.of(kind, guessed_s)); }

void TimeLeft::addRunning(const std::string& kind, double guessed_s, double elapsed_s, double fraction_done) {
  const double whole_s = fraction_done > kMinTellingFraction ? elapsed_s / fraction_done : times_.of(kind, guessed_s);
  add(std::max(whole_s - elapsed_s, fraction_done > kMinTellingFraction ? 0 : kMinFractionLeft * whole_s));
}

void TimeLeft::add(double seconds) {
  sum_s_ += seconds;
  longest_s_ = std::max(longest_s_, seconds);
}

double TimeLeft::seconds() const { return std::max(longest_s_, sum_s_ / std::max(1, num_jobs_)); }

std::string durationText(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min", (whole + 30) / 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace tagscape
