#include "core/distributed/meeting_point_torch.h"

#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <netdb.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace tagscape {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::string hereKey(int rank) { return fmt::format("here/{}", rank); }

std::string place(const RankEnvironment& environment) {
  return fmt::format("{}:{}", environment.master_host, environment.master_port);
}

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

Status cancelled() { return fail(ErrorCode::Cancelled, "waiting for the other processes was stopped"); }

/// Whether a server listens at one of the addresses.
bool answers(const addrinfo* addresses) {
  for (const addrinfo* at = addresses; at != nullptr; at = at->ai_next) {
    const int socket = ::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) continue;
    const bool connected = ::connect(socket, at->ai_addr, at->ai_addrlen) == 0;
    ::close(socket);
    if (connected) return true;
  }
  return false;
}

/// Waits until the meeting point is open. LibTorch's own client would wait too, but not stop and not without warnings.
Status waitForHost(const RankEnvironment& environment, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  const auto end = Clock::now() + timeout;
  for (;;) {
    addrinfo* addresses = nullptr;
    const int unknown = ::getaddrinfo(
        environment.master_host.c_str(), std::to_string(environment.master_port).c_str(), &wanted, &addresses);
    const bool open = unknown == 0 && answers(addresses);
    if (unknown == 0) ::freeaddrinfo(addresses);
    if (open) return {};
    if (stop.stop_requested()) return cancelled();
    if (Clock::now() >= end) {
      return fail(
          unknown != 0 ? ErrorCode::InvalidInput : ErrorCode::Internal,
          fmt::format("nothing answers at MASTER_ADDR:MASTER_PORT {} after {:.0f} s ({}). Check that rank 0 runs "
                      "there, that the name is known and that no firewall closes the port",
                      place(environment),
                      seconds(timeout),
                      unknown != 0 ? ::gai_strerror(unknown) : "no connection"));
    }
    std::this_thread::sleep_for(100ms);
  }
}

Error openingFailed(const RankEnvironment& environment, const std::exception& failure) {
  const std::string text = failure.what();
  const std::string first = text.substr(0, text.find('\n'));
  if (text.find("EADDRINUSE") != std::string::npos || text.find("already in use") != std::string::npos)
    return {ErrorCode::InvalidInput,
            fmt::format("port {} of this machine is taken. Set MASTER_PORT to a free one, the same for all processes",
                        environment.master_port)};
  return {ErrorCode::Internal, fmt::format("cannot meet the other processes at {}: {}", place(environment), first)};
}

}  // namespace

bool MeetingPoint::hostedBy(const RankEnvironment& environment) {
  return environment.rank == 0 && !environment.has_meeting_point;
}

c10::intrusive_ptr<c10d::Store> MeetingPoint::connect(bool as_host) const {
  c10d::TCPStoreOptions options;
  options.port = environment_.master_port;
  options.isServer = as_host;
  options.waitWorkers = false;  // We wait for them ourselves, to be able to name those that are missing.
  options.timeout = timeout_;
  // Tries of one job under torchrun share a store.
  return c10::make_intrusive<c10d::PrefixStore>(fmt::format("tagscape/attempt_{}", environment_.attempt),
                                                c10::make_intrusive<c10d::TCPStore>(environment_.master_host, options));
}

c10::intrusive_ptr<c10d::Store> MeetingPoint::connectAgain() const { return connect(false); }

std::string MeetingPoint::missingRanks() const {
  std::string names;
  int num_missing = 0;
  for (int rank = 0; rank < environment_.size; ++rank) {
    if (store_->check({hereKey(rank)})) continue;
    constexpr int kMaxNamed = 8;
    if (++num_missing <= kMaxNamed) names += fmt::format("{}{}", names.empty() ? "" : ", ", rank);
  }
  return fmt::format("{} of {} processes (rank {}{})",
                     num_missing,
                     environment_.size,
                     names,
                     names.size() > 0 && num_missing > 8 ? ", …" : "");
}

Status MeetingPoint::waitForAll(const std::stop_token& stop) const {
  if (store_->add(hereKey(environment_.rank), 1) > 1)
    return fail(
        ErrorCode::InvalidInput,
        fmt::format(
            "two processes at {} have rank {}. Give each its own RANK", place(environment_), environment_.rank));
  std::vector<std::string> keys;
  for (int rank = 0; rank < environment_.size; ++rank) keys.push_back(hereKey(rank));
  const auto end = Clock::now() + timeout_;
  while (!store_->check(keys)) {
    if (stop.stop_requested()) return cancelled();
    if (Clock::now() >= end)
      return fail(ErrorCode::Internal,
                  fmt::format("{} did not come to {} within {:.0f} s. Start them with the same WORLD_SIZE, MASTER_ADDR "
                              "and MASTER_PORT, and check their logs",
                              missingRanks(),
                              place(environment_),
                              seconds(timeout_)));
    std::this_thread::sleep_for(50ms);
  }
  return {};
}

Result<MeetingPoint> MeetingPoint::open(const RankEnvironment& environment,
                                        std::chrono::milliseconds timeout,
                                        const std::stop_token& stop) {
  MeetingPoint point(environment, timeout);
  if (!hostedBy(environment)) TAGSCAPE_TRY(waitForHost(environment, timeout, stop));
  try {
    point.store_ = point.connect(hostedBy(environment));
    TAGSCAPE_TRY(point.waitForAll(stop));
  } catch (const std::exception& failure) {
    return fail(openingFailed(environment, failure));
  }
  return point;
}

}  // namespace tagscape
