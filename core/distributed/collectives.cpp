#include "core/distributed/collectives_torch.h"

#include <cstdlib>

// LibTorch's own headers of these need those of the libraries below, which not every LibTorch comes with.
#if defined(USE_C10D_GLOO) && __has_include(<gloo/rendezvous/store.h>)
#define TAGSCAPE_HAS_GLOO 1
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#if defined(USE_C10D_NCCL) && __has_include(<nccl.h>)
#define TAGSCAPE_HAS_NCCL 1
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace tagscape {
namespace {

#ifdef TAGSCAPE_HAS_GLOO
std::shared_ptr<::gloo::transport::Device> glooDevice(const RankEnvironment& environment) {
  using c10d::ProcessGroupGloo;
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"); interface != nullptr && *interface != '\0')
    return ProcessGroupGloo::createDeviceForInterface(interface);
  // All on one machine: its own name may belong to an interface that is down.
  const std::string& host = environment.master_host;
  if (host == "localhost" || host.starts_with("127.")) return ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  return ProcessGroupGloo::createDefaultDevice();
}

c10::intrusive_ptr<Collectives> connectGloo(const c10::intrusive_ptr<c10d::Store>& store,
                                            const RankEnvironment& environment,
                                            std::chrono::milliseconds timeout) {
  auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(glooDevice(environment));
  options->threads = 2;
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, environment.rank, environment.size, std::move(options));
}
#endif

}  // namespace

bool isBuilt(Transport transport) {
#ifdef TAGSCAPE_HAS_GLOO
  if (transport == Transport::Gloo) return true;
#endif
#ifdef TAGSCAPE_HAS_NCCL
  if (transport == Transport::Nccl) return true;
#endif
  (void)transport;
  return false;
}

Transport transportFor(const at::Device& device) {
  return device.is_cuda() && isBuilt(Transport::Nccl) ? Transport::Nccl : Transport::Gloo;
}

Result<c10::intrusive_ptr<Collectives>> connectCollectives(Transport transport,
                                                           const c10::intrusive_ptr<c10d::Store>& store,
                                                           const RankEnvironment& environment,
                                                           std::chrono::milliseconds timeout) {
#ifdef TAGSCAPE_HAS_NCCL
  if (transport == Transport::Nccl)
    return c10::intrusive_ptr<Collectives>(
        c10::make_intrusive<c10d::ProcessGroupNCCL>(store, environment.rank, environment.size));
#endif
  (void)transport;
#ifdef TAGSCAPE_HAS_GLOO
  return connectGloo(store, environment, timeout);
#else
  (void)store, (void)environment, (void)timeout;
  return fail(ErrorCode::Unsupported,
              "this build of Tagscape cannot train with several processes, as Gloo was not found. Install libgloo-dev, "
              "configure with a LibTorch that has Gloo, and build again");
#endif
}

}  // namespace tagscape
