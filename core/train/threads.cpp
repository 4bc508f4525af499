#include "core/train/threads.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <limits>
#include <malloc.h>
#include <thread>

namespace tagscape {
namespace {

constexpr int kMaxThreads = 8;  // The small networks have no work for more.
constexpr int kMaxEnvironmentThreads = 1024;

int processors() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

/// A step allocates the same large tensors again and again. By default each comes fresh from the system, and filling in
/// its pages takes as long as computing with it; so freed memory is kept for the next step: as much as a step of the
/// small networks needs, or all.
void keepFreedMemory(bool all) {
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the largest that there may be
  mallopt(M_TRIM_THRESHOLD, all ? std::numeric_limits<int>::max() : 256 * kMiB);
  if (all) mallopt(M_MMAP_MAX, 0);
}

/// OMP_NUM_THREADS, which launchers of several processes set; 0 if it is not a count.
int threadsOfEnvironment() {
  const char* value = std::getenv("OMP_NUM_THREADS");
  return value != nullptr ? std::clamp(std::atoi(value), 0, kMaxEnvironmentThreads) : 0;
}

/// The user's choice, otherwise the environment's, otherwise the default.
int chosen(int requested, int ours) {
  if (requested > 0) return requested;
  const int given = threadsOfEnvironment();
  return given > 0 ? given : ours;
}

/// LibTorch calls whatever BLAS is installed; only OpenBLAS has these functions.
template <class Function>
Function* inLoadedLibraries(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

int openBlasThreads() {
  auto* get = inLoadedLibraries<int()>("openblas_get_num_threads");
  return get != nullptr ? get() : 0;
}

bool setOpenBlasThreads(int num_threads) {
  auto* set = inLoadedLibraries<void(int)>("openblas_set_num_threads");
  if (set != nullptr) set(num_threads);
  return set != nullptr;
}

ThreadChoice setLearningThreads(int requested) {
  keepFreedMemory(false);
  ThreadChoice choice;
  choice.torch_threads = chosen(requested, std::clamp(processors() - 1, 1, kMaxThreads));
  at::set_num_threads(choice.torch_threads);
  choice.blas_threads = setOpenBlasThreads(1) ? 1 : 0;
  choice.reason = fmt::format("{} LibTorch threads on {} processors, {}",
                              choice.torch_threads,
                              processors(),
                              choice.blas_threads > 0 ? "OpenBLAS held to 1" : "the BLAS is no OpenBLAS");
  return choice;
}

ThreadChoice setLargeNetworkThreads(int requested) {
  keepFreedMemory(true);
  ThreadChoice choice;
  choice.torch_threads = chosen(requested, processors());
  at::set_num_threads(choice.torch_threads);
  choice.blas_threads = setOpenBlasThreads(choice.torch_threads) ? choice.torch_threads : 0;
  choice.reason =
      fmt::format("{} threads for LibTorch and the BLAS on {} processors", choice.torch_threads, processors());
  return choice;
}

}  // namespace tagscape
