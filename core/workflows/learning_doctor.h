#pragma once

#include <string>
#include <vector>

namespace tagscape {

/// What this machine gives to training, measured. A plain value for `tagscape doctor`.
struct LearningReport {
  std::string torch_version;
  std::string parallel_backend;  ///< "OpenMP", "native thread pool", "TBB".
  int num_threads = 0;           ///< LibTorch's, as the process stands.
  int num_processors = 0;
  std::string blas_library;  ///< The library that computes matrix products; empty if unknown.
  bool blas_is_openblas = false;
  int openblas_threads = 0;  ///< 0 if it is no OpenBLAS.
  double matrix_gflops = 0;  ///< A 1024 x 1024 float product, best of three.
  bool cuda_built = false;   ///< Whether this LibTorch was built with CUDA.
  int num_cuda_devices = 0;
  std::vector<std::string> cuda_devices;
  std::vector<std::string> transports;  ///< What processes that train together can use: "gloo", "nccl".
  std::vector<std::string> warnings;    ///< What is wrong with the above, each with its remedy.
};

/// A matrix product slower than this is worth a warning: even one old core with OpenBLAS does three times as much, the
/// reference BLAS a fifth.
inline constexpr double kSlowMatrixGflops = 10;

/// Takes up to two seconds. Never fails: what cannot be found out is left empty.
[[nodiscard]] LearningReport inspectLearning();

}  // namespace tagscape
