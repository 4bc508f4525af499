#pragma once

#include <cstddef>
#include <functional>

namespace tagscape {

/// How many threads parallelFor uses, this one included. Set once, in app; 0 means one per processor (the default).
void setNumThreads(int num_threads);
[[nodiscard]] int numThreads();

/// Calls work(begin, end) for pieces of [0, count) of about `grain` items, on several threads, and returns when all are
/// done. Pieces are the same for any number of threads. An exception of a piece is rethrown here, after all have ended.
///
/// Plain threads rather than a task library, so that the thread sanitizer sees all synchronisation.
void parallelFor(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace tagscape
