#include "core/nn/memory_peak_torch.h"

#include <algorithm>
#include <atomic>

namespace tagscape {

struct MemoryPeak::Counter : c10::MemoryReportingInfoBase {
  // Several threads of one computation allocate and free.
  std::atomic<std::int64_t> held{0};
  std::atomic<std::int64_t> peak{0};

  // The signature is LibTorch's: the other figures count more than this computation.
  void reportMemoryUsage(void* /*at*/, std::int64_t change, std::int64_t, std::int64_t, c10::Device) override {
    const std::int64_t now = held += change;
    std::int64_t before = peak;
    while (now > before && !peak.compare_exchange_weak(before, now)) {
    }
  }
  bool memoryProfilingEnabled() const override { return true; }
};

MemoryPeak::MemoryPeak()
    : counter_(std::make_shared<Counter>()), guard_(c10::DebugInfoKind::PROFILER_STATE, counter_) {}

std::int64_t MemoryPeak::bytes() const { return counter_->peak; }

}  // namespace tagscape
