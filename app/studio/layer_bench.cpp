#include "app/studio/layer_bench.h"

#include <algorithm>
#include <cstdio>

namespace tagscape {
namespace {

constexpr int kRepeats = 5;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

LayerBench::LayerBench(Document& document, SceneView& view, QObject* parent)
    : QObject(parent), document_(document), view_(view) {
  settle_.setInterval(2);
  connect(&settle_, &QTimer::timeout, this, [this] {
    if (complete_s_[steps_[done_].name].size() < first_s_[steps_[done_].name].size() || is_waiting_) return;
    settle_.stop();
    ++done_;
    next();
  });
  connect(&view_, &QOpenGLWidget::frameSwapped, this, &LayerBench::frameShown);
}

void LayerBench::start() {
  const int class_index = document_.classIndex();
  for (int i = 0; i < kRepeats; ++i) {
    steps_.push_back({"layer", [this] { document_.setLayer(PointLayer::Prediction); }});
    steps_.push_back({"layer", [this] { document_.setLayer(PointLayer::Truth); }});
    steps_.push_back({"layer", [this] { document_.setLayer(PointLayer::Cam); }});
    steps_.push_back({"threshold", [this] { document_.setCamThreshold(.5F); }});
    steps_.push_back({"threshold", [this] { document_.setCamThreshold(.2F); }});
    steps_.push_back({"class", [this, class_index] { document_.setClassIndex((class_index + 1) % kNumClasses); }});
    steps_.push_back({"class", [this, class_index] { document_.setClassIndex(class_index); }});
  }
  next();
}

void LayerBench::next() {
  if (done_ == steps_.size()) {
    print();
    return Q_EMIT finished();
  }
  is_waiting_ = true;
  clock_.start();
  steps_[done_].change();
  settle_.start();
}

void LayerBench::frameShown() {
  const double passed_s = static_cast<double>(clock_.nsecsElapsed()) * 1e-9;
  if (done_ == steps_.size()) return;
  auto& first = first_s_[steps_[done_].name];
  auto& complete = complete_s_[steps_[done_].name];
  if (std::exchange(is_waiting_, false)) first.push_back(passed_s);
  if (complete.size() < first.size() && view_.isComplete()) complete.push_back(passed_s);
}

void LayerBench::print() const {
  std::printf("{\"points_total\": %zu", view_.numPoints());
  for (const auto& [name, seconds] : first_s_) {
    std::printf(", \"%s_first_ms\": %.1f, \"%s_complete_ms\": %.1f",
                name.c_str(),
                median(seconds) * 1e3,
                name.c_str(),
                median(complete_s_.at(name)) * 1e3);
  }
  std::printf(
      ", \"bytes_a_point\": %.1f}\n",
      static_cast<double>(view_.numBytesOnGpu()) / static_cast<double>(std::max<std::size_t>(1, view_.numPoints())));
  std::fflush(stdout);
}

}  // namespace tagscape
