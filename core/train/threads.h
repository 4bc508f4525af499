#pragma once

#include <string>

namespace tagscape {

struct ThreadChoice {
  int torch_threads = 1;
  int blas_threads = 0;  ///< 0 if the BLAS in use is not OpenBLAS.
  std::string reason;    ///< For the log.
};

/// Sets the thread counts of the process for the small networks: `requested` threads for LibTorch, one for OpenBLAS,
/// whose threads compete with OpenMP's. Also keeps up to 256 MiB of freed memory in the process, which cut the measured
/// time of a step by a quarter.
///
/// 0 is OMP_NUM_THREADS where it is set, as launchers of several processes do, otherwise one thread fewer than there
/// are processors, 1 to 8. It is a fixed rule, not a measurement, since sums depend on the number of threads and a run
/// should not depend on what else the machine does. One processor is left free: on two idle processors a second thread
/// made steps 1.1 to 1.5 times as fast, but 15 times as slow beside other busy programs such as the studio, because
/// OpenMP's threads spin while they wait for each other (1.4 times as slow with OMP_WAIT_POLICY=PASSIVE).
ThreadChoice setLearningThreads(int requested);

/// The same for ResNet38 and the full PointNet++, whose matrix products are large enough for OpenBLAS's threads:
/// `requested` threads for both, 0 is OMP_NUM_THREADS or one per processor. Also keeps all freed memory in the process,
/// which cut the time of a step of the full PointNet++ by about a third on two processors.
ThreadChoice setLargeNetworkThreads(int requested);

/// The thread count of the loaded OpenBLAS; 0 if there is none.
[[nodiscard]] int openBlasThreads();
/// @return false if no OpenBLAS is loaded.
bool setOpenBlasThreads(int num_threads);

}  // namespace tagscape
