#include "core/base/process_memory.h"

#include <sys/resource.h>

namespace tagscape {

std::int64_t processPeakBytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace tagscape
