#pragma once

// Private to core/distributed: types of LibTorch appear here.

#include "core/base/rank_environment.h"
#include "core/base/result.h"

#include <c10/core/Device.h>
#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR >= 2
#include <torch/csrc/distributed/c10d/Backend.hpp>
#endif

#include <chrono>

namespace tagscape {

/// What carries out exchanges. LibTorch 2 moved them to another base class.
#if TORCH_VERSION_MAJOR >= 2
using Collectives = c10d::Backend;
#else
using Collectives = c10d::ProcessGroup;
#endif

enum class Transport { Gloo, Nccl };

[[nodiscard]] bool isBuilt(Transport transport);

/// NCCL for a GPU where LibTorch has it and nccl.h was found at compile time; else Gloo.
[[nodiscard]] Transport transportFor(const at::Device& device);

/// Connects to all other ranks. Throws what LibTorch throws.
/// Errors: Unsupported if this build has no Gloo.
[[nodiscard]] Result<c10::intrusive_ptr<Collectives>> connectCollectives(Transport transport,
                                                                         const c10::intrusive_ptr<c10d::Store>& store,
                                                                         const RankEnvironment& environment,
                                                                         std::chrono::milliseconds timeout);

}  // namespace tagscape
