#pragma once

#include <map>
#include <string>

namespace tagscape {

/// What tasks of a kind took, against what was guessed.
class MeasuredTimes {
 public:
  void learn(const std::string& kind, double guessed_s, double measured_s);
  /// The mean of what was measured of the kind; else the guess, corrected by how wrong the guesses were so far.
  [[nodiscard]] double of(const std::string& kind, double guessed_s) const;

 private:
  struct Sum {
    double seconds = 0;
    int count = 0;
  };
  std::map<std::string, Sum> by_kind_;
  double sum_guessed_s_ = 0;
  double sum_measured_s_ = 0;
};

/// How long tasks take that run `num_jobs` at a time.
class TimeLeft {
 public:
  /// @param times  must outlive this.
  TimeLeft(const MeasuredTimes& times, int num_jobs) : times_(times), num_jobs_(num_jobs) {}
  void addWaiting(const std::string& kind, double guessed_s);
  /// @param fraction_done  0 … 1; 0 if it is not known.
  void addRunning(const std::string& kind, double guessed_s, double elapsed_s, double fraction_done);
  [[nodiscard]] double seconds() const;

 private:
  void add(double seconds);

  const MeasuredTimes& times_;
  int num_jobs_;
  double sum_s_ = 0;
  double longest_s_ = 0;
};

/// "40 s", "12 min", "3 h 20 min".
[[nodiscard]] std::string durationText(double seconds);

}  // namespace tagscape
