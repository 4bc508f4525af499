#include "core/base/rank_environment.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace tagscape {
namespace {

constexpr int kMaxProcesses = 65536;

/// How the two launchers that we know call the same things.
struct Names {
  const char* launcher;
  const char* rank;
  const char* size;
  const char* local_rank;
};
constexpr Names kTorchrun{"torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK"};
constexpr Names kSlurm{"srun", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"};

std::string startAgain(const Names& names) {
  return fmt::format(
      "Start the processes with `tagscape launch`, torchrun or srun, which set {}, {}, {}, MASTER_ADDR and MASTER_PORT "
      "(for srun set the last two yourself), or unset them all to run one process",
      names.rank,
      names.size,
      names.local_rank);
}

Result<std::string> required(const EnvironmentLookup& lookup, const Names& names, const char* name, const char* given) {
  const auto value = lookup(name);
  if (value && !value->empty()) return *value;
  return fail(ErrorCode::InvalidInput,
              fmt::format("the environment variable {} is {}, but {} is set. {}",
                          name,
                          value ? "empty" : "not set",
                          given,
                          startAgain(names)));
}

Result<int> number(const Names& names, const char* name, const std::string& value, int lowest, int highest) {
  int parsed = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, code] = std::from_chars(value.data(), end, parsed);
  if (code == std::errc() && stopped == end && parsed >= lowest && parsed <= highest) return parsed;
  return fail(ErrorCode::InvalidInput,
              fmt::format("the environment variable {} is \"{}\", not a whole number from {} to {}. {}",
                          name,
                          value,
                          lowest,
                          highest,
                          startAgain(names)));
}

Result<int> requiredNumber(
    const EnvironmentLookup& lookup, const Names& names, const char* name, const char* given, int lowest, int highest) {
  TAGSCAPE_ASSIGN(const std::string value, required(lookup, names, name, given));
  return number(names, name, value, lowest, highest);
}

/// The number of an optional variable.
Result<int> numberOr(
    int otherwise, const EnvironmentLookup& lookup, const Names& names, const char* name, int highest) {
  const auto value = lookup(name);
  return value && !value->empty() ? number(names, name, *value, 0, highest) : Result<int>(otherwise);
}

Result<RankEnvironment> readFrom(const EnvironmentLookup& lookup, const Names& names, const char* given) {
  RankEnvironment found;
  TAGSCAPE_ASSIGN(found.size, requiredNumber(lookup, names, names.size, given, 1, kMaxProcesses));
  TAGSCAPE_ASSIGN(found.rank, requiredNumber(lookup, names, names.rank, given, 0, found.size - 1));
  TAGSCAPE_ASSIGN(found.local_rank, numberOr(0, lookup, names, names.local_rank, found.size - 1));
  TAGSCAPE_ASSIGN(found.master_host, required(lookup, names, "MASTER_ADDR", given));
  TAGSCAPE_ASSIGN(const int port,
                  requiredNumber(lookup, names, "MASTER_PORT", given, 1, std::numeric_limits<std::uint16_t>::max()));
  found.master_port = static_cast<std::uint16_t>(port);
  found.has_meeting_point = lookup("TORCHELASTIC_USE_AGENT_STORE") == "True";
  TAGSCAPE_ASSIGN(found.attempt,
                  numberOr(0, lookup, names, "TORCHELASTIC_RESTART_COUNT", std::numeric_limits<int>::max()));
  return found;
}

}  // namespace

Result<RankEnvironment> readRankEnvironment(const EnvironmentLookup& lookup) {
  for (const char* name : {kTorchrun.rank, kTorchrun.size, kTorchrun.local_rank}) {
    if (lookup(name)) return readFrom(lookup, kTorchrun, name);
  }
  // A batch job has Slurm's numbers for every program in it; only MASTER_ADDR shows that this one is meant to join.
  for (const char* name : {"MASTER_ADDR", "MASTER_PORT"}) {
    if (lookup(name)) return readFrom(lookup, lookup(kSlurm.rank) ? kSlurm : kTorchrun, name);
  }
  return RankEnvironment{};
}

Result<RankEnvironment> readRankEnvironment() {
  return readRankEnvironment([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
}

}  // namespace tagscape
