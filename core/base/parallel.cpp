#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tagscape {
namespace {
std::atomic<int> requested_threads{0};
}  // namespace

void setNumThreads(int num_threads) {
  if (num_threads < 0) throw std::logic_error("setNumThreads: a negative count");
  requested_threads = num_threads;
}

int numThreads() {
  const int requested = requested_threads;
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void parallelFor(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work) {
  if (grain == 0) throw std::logic_error("parallelFor: a grain of 0");
  const std::size_t num_pieces = (count + grain - 1) / grain;
  std::atomic<std::size_t> next_piece{0};
  std::exception_ptr first_failure;
  std::mutex failing;
  const auto takePieces = [&] {
    for (std::size_t piece = next_piece++; piece < num_pieces; piece = next_piece++) {
      try {
        work(piece * grain, std::min(count, (piece + 1) * grain));
      } catch (...) {
        const std::scoped_lock lock(failing);
        if (!first_failure) first_failure = std::current_exception();
      }
    }
  };
  {
    const auto num_helpers = std::min<std::size_t>(num_pieces, static_cast<std::size_t>(numThreads()));
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < num_helpers; ++i) helpers.emplace_back(takePieces);
    takePieces();
  }
  if (first_failure) std::rethrow_exception(first_failure);
}

}  // namespace tagscape
