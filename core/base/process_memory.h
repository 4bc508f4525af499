#pragma once

#include <cstdint>

namespace tagscape {

/// The largest part of the machine's memory that this process has held so far, bytes.
[[nodiscard]] std::int64_t processPeakBytes();

}  // namespace tagscape
