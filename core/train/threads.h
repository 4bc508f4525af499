#pragma once

#include <string>

namespace tagscape {

struct ThreadChoice {
  int torch_threads = 1;
  int blas_threads = 0;  ///< 0 if the BLAS in use has no such setting that we know.
  std::string reason;    ///< For the log.
};

/// Sets the process's thread counts for the small networks: `requested` threads for LibTorch, one for OpenBLAS, whose
/// own threads get in the way of OpenMP's. From then on the process keeps up to 256 MiB that it frees: measured, a step
/// then takes three quarters of the time.
///
/// 0 takes OMP_NUM_THREADS where it is set, as launchers of several processes do; else it asks for a rule rather than a
/// measurement, because sums depend on the number of threads and a run should be the same whatever else the machine
/// does: one thread fewer than there are processors, 1 to 8. Measured on two processors: idle, a second thread makes
/// steps of these networks 1.1 to 1.5 times as fast; with other programs at work it makes them 15 times as slow,
/// because OpenMP's threads spin while they wait for each other (1.4 times with OMP_WAIT_POLICY=PASSIVE in the
/// environment), and the studio draws on the same processors.
ThreadChoice setLearningThreads(int requested);

/// The same for ResNet38 and the full PointNet++, whose matrix products are worth OpenBLAS's threads: `requested` for
/// both, 0 is OMP_NUM_THREADS or one per processor. From then on the process keeps all memory that it frees: measured
/// on two processors, a step of the full PointNet++ then takes about two thirds of the time.
ThreadChoice setLargeNetworkThreads(int requested);

/// The thread count of the OpenBLAS that is loaded; 0 if none is.
[[nodiscard]] int openBlasThreads();
/// False if no OpenBLAS is loaded.
bool setOpenBlasThreads(int num_threads);

}  // namespace tagscape
