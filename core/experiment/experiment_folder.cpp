#include "core/experiment/experiment_folder.h"

#include "core/base/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Identity = std::map<std::string, std::string>;

constexpr std::uintmax_t kMaxIdentityBytes = 1 << 20;

/// Children inherit the lock: a second call is refused for as long as any of the first's is at work.
Result<int> lock(const fs::path& file) {
  const int number = ::open(file.c_str(), O_RDWR | O_CREAT, 0644);  // NOLINT: must pass to children
  if (number < 0)
    return failFile(ErrorCode::NotWritable, file, std::strerror(errno), "Choose a folder that you may write to");
  if (::flock(number, LOCK_EX | LOCK_NB) == 0) return number;
  ::close(number);
  return failFile(ErrorCode::NotWritable,
                  file.parent_path(),
                  "another call of reproduce, or a training that it started, is at work there",
                  "Wait for its end, or choose another folder with --out");
}

Status checkIdentity(const fs::path& file, const Identity& asked) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file, kMaxIdentityBytes));
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  for (const auto& [name, value] : asked) {
    const bool is_known = json.is_object() && json.contains(name) && json[name].is_string();
    if (is_known && json[name] == value) continue;
    return failFile(ErrorCode::InvalidInput,
                    file,
                    fmt::format("the folder holds an experiment with {} '{}', and '{}' was requested",
                                name,
                                is_known ? json[name].get<std::string>() : "(unreadable)",
                                value),
                    "Choose another folder with --out, or the same options");
  }
  return {};
}

/// 3 for "seed-3" with the prefix "seed-".
std::optional<int> numberAfter(std::string_view prefix, const std::string& name) {
  int number = 0;
  if (!name.starts_with(prefix)) return std::nullopt;
  const char* end = name.data() + name.size();
  const auto [stopped, problem] = std::from_chars(name.data() + prefix.size(), end, number);
  if (problem != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::vector<int> numbersIn(const fs::path& folder, std::string_view prefix) {
  std::vector<int> numbers;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    if (const auto number = numberAfter(prefix, entry->path().filename().string())) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

Result<ExperimentFolder> ExperimentFolder::open(const fs::path& path, const Identity& identity) {
  const fs::path record = path / "experiment.json";
  std::error_code code;
  if (!fs::exists(record, code) && fs::exists(path, code) && !fs::is_empty(path, code)) {
    const bool is_only_a_lock = fs::exists(path / "lock", code) &&
                                std::distance(fs::directory_iterator(path, code), fs::directory_iterator()) == 1;
    if (!is_only_a_lock)
      return failFile(ErrorCode::InvalidInput,
                      path,
                      "the folder is not empty and holds no experiment",
                      "Choose another folder with --out");
  }
  TAGSCAPE_TRY(ensureWritableFolder(path));
  TAGSCAPE_ASSIGN(const int held, lock(path / "lock"));
  ExperimentFolder folder(path, held);
  if (fs::exists(record, code)) {
    TAGSCAPE_TRY(checkIdentity(record, identity));
  } else {
    TAGSCAPE_TRY(
        writeFileAtomically(record, Json(identity).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"));
  }
  return folder;
}

ExperimentFolder::ExperimentFolder(ExperimentFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

ExperimentFolder::~ExperimentFolder() {
  if (lock_ >= 0) ::close(lock_);
}

fs::path ExperimentFolder::dataFolder(int seed) const { return path_ / "data" / fmt::format("seed-{}", seed); }

std::vector<std::pair<int, int>> ExperimentFolder::seedsWithRuns() const {
  std::vector<std::pair<int, int>> seeds;
  for (const int model : numbersIn(path_ / "runs", "seed-")) seeds.emplace_back(0, model);
  for (const int data : numbersIn(path_ / "runs", "data-")) {
    for (const int model : numbersIn(path_ / "runs" / fmt::format("data-{}", data), "seed-"))
      seeds.emplace_back(data, model);
  }
  return seeds;
}

std::string machineName() {
  std::string processor = "unknown processor";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) processor = line.substr(colon + 2);
    break;
  }
  return fmt::format("{}, {} processor(s)", processor, std::thread::hardware_concurrency());
}

}  // namespace tagscape
