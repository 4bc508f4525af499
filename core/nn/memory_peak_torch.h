#pragma once

// Private to the learning modules: a type of LibTorch's appears here.

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>

namespace tagscape {

/// Counts the tensors that this thread (and the gradient computations that it starts) allocates while it lives, on any
/// device: what they held at most, beyond what there was before. Memory that libraries take for themselves, such as
/// oneDNN's scratch space, is not seen. Not for two at once on one thread, nor beside LibTorch's profiler.
class MemoryPeak {
 public:
  MemoryPeak();
  [[nodiscard]] std::int64_t bytes() const;

 private:
  struct Counter;
  std::shared_ptr<Counter> counter_;
  c10::DebugInfoGuard guard_;
};

}  // namespace tagscape
