#include "core/workflows/learning_doctor.h"

#include "core/distributed/process_group.h"
#include "core/train/threads.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <filesystem>
#include <thread>

namespace tagscape {
namespace {

/// The shared library that a function of that name comes from.
std::string libraryOf(const char* function) {
  void* const address = dlsym(RTLD_DEFAULT, function);
  Dl_info info{};
  if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const auto real = std::filesystem::canonical(info.dli_fname, ignored);
  return ignored ? std::string(info.dli_fname) : real.string();
}

std::string parallelBackend() {
  const std::string info = at::get_parallel_info();
  constexpr std::string_view kKey = "ATen parallel backend: ";
  const auto at = info.find(kKey);
  if (at == std::string::npos) return {};
  const auto begin = at + kKey.size();
  return info.substr(begin, info.find('\n', begin) - begin);
}

double measureMatrixGflops() {
  constexpr std::int64_t kSide = 1024;
  constexpr int kRepeats = 3;
  constexpr double kMaxSeconds = 1.5;  // The reference BLAS needs a second for each.
  const at::Tensor a = at::ones({kSide, kSide});
  double best_s = 1e9;
  double total_s = 0;
  for (int i = 0; i < kRepeats && total_s < kMaxSeconds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const at::Tensor product = at::mm(a, a);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best_s = std::min(best_s, seconds);
    total_s += seconds;
  }
  return 2.0 * kSide * kSide * kSide / best_s / 1e9;
}

void addWarnings(LearningReport& report) {
  if (report.matrix_gflops > 0 && report.matrix_gflops < kSlowMatrixGflops) {
    report.warnings.push_back(fmt::format(
        "Matrix products run at {:.1f} GFLOP/s with {}: training will take many times as long as it need. Install "
        "libopenblas0-pthread (update-alternatives then chooses it).",
        report.matrix_gflops,
        report.blas_library.empty() ? "an unknown BLAS" : report.blas_library));
  }
  if (report.cuda_built && report.num_cuda_devices == 0) {
    report.warnings.emplace_back("This LibTorch was built with CUDA but finds no GPU: check the driver (nvidia-smi).");
  }
}

}  // namespace

LearningReport inspectLearning() {
  LearningReport report;
  report.torch_version = TORCH_VERSION;
  report.transports = ProcessGroup::transportsBuilt();
  report.num_processors = static_cast<int>(std::thread::hardware_concurrency());
  try {
    report.parallel_backend = parallelBackend();
    report.num_threads = at::get_num_threads();
    report.blas_library = libraryOf("sgemm_");
    report.openblas_threads = openBlasThreads();
    report.blas_is_openblas = report.openblas_threads > 0;
    report.matrix_gflops = measureMatrixGflops();
    report.cuda_built = at::detail::getCUDAHooks().hasCUDART();
    report.num_cuda_devices = report.cuda_built ? static_cast<int>(torch::cuda::device_count()) : 0;
    for (int i = 0; i < report.num_cuda_devices; ++i) report.cuda_devices.push_back(fmt::format("cuda:{}", i));
  } catch (const std::exception& failure) {
    const std::string text = failure.what();
    report.warnings.push_back("LibTorch failed while it was examined: " + text.substr(0, text.find('\n')));
  }
  addWarnings(report);
  return report;
}

}  // namespace tagscape
