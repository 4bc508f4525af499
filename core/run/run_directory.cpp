#include "core/run/run_directory.h"

#include "core/base/files.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <sstream>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::array<std::string_view, 8> kStateNames{
    "preparing", "running", "pausing", "paused", "stopping", "stopped", "finished", "failed"};
constexpr std::array<std::string_view, 4> kRequestNames{"none", "pause", "resume", "stop"};
constexpr std::uintmax_t kMaxSmallFileBytes = std::uintmax_t{1} << 20;
// A line of metrics is a few hundred bytes; a longer one is no line of ours, and must not fill the memory.
constexpr std::uintmax_t kMaxPollBytes = std::uintmax_t{64} << 20;

double secondsSinceEpoch() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// JSON has no NaN: the library writes null, which is read back as NaN.
double numberOr(const Json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  if (found->is_null()) return std::numeric_limits<double>::quiet_NaN();
  return found->is_number() ? found->get<double>() : otherwise;
}

std::int64_t integerOr(const Json& object, const char* key, std::int64_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

std::string textOr(const Json& object, const char* key, const std::string& otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

/// Names come from scenes, which come from people: they must not leave the folder.
std::string asFileName(const std::string& name) {
  std::string safe;
  for (const char c : name) safe += (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20) ? '_' : c;
  if (safe.empty() || safe.front() == '.') safe.insert(safe.begin(), '_');
  return safe;
}

std::optional<MetricsRow> parseRow(const std::string& line) {
  const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("step") || !object["step"].is_number_integer()) return std::nullopt;
  MetricsRow row;
  row.step = object["step"].get<std::int64_t>();
  row.seconds = numberOr(object, "seconds", 0);
  row.phase = textOr(object, "phase", "");
  const auto values = object.find("values");
  if (values == object.end() || !values->is_object()) return std::nullopt;
  for (const auto& item : values->items()) {
    if (item.value().is_number() || item.value().is_null()) {
      row.values[item.key()] = numberOr(*values, item.key().c_str(), 0);
    }
  }
  return row;
}

/// When the process began, s since the epoch; nothing where /proc does not tell.
std::optional<double> processStart(std::int64_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(stat, text)) return std::nullopt;
  const auto after_name = text.rfind(')');  // The name in brackets may hold anything; field 3 comes after it.
  if (after_name == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(after_name + 1));
  std::string field;
  for (int number = 3; number <= 22 && fields >> field; ++number) {
  }
  std::ifstream kernel("/proc/stat");
  for (std::string key; kernel >> key;) {
    if (key == "btime") {
      double boot = 0;
      kernel >> boot;
      return boot + std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
  }
  return std::nullopt;
}

bool livesHere(std::int64_t pid, double heartbeat_unix_s) {
  if (pid <= 0) return false;
  if (kill(static_cast<pid_t>(pid), 0) != 0 && errno != EPERM) return false;
  // Process ids are used again: one that began after the last heartbeat is another process.
  const auto start = processStart(pid);
  return !start || *start <= heartbeat_unix_s + 1;
}

std::string hostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

void removeEventFiles(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored); !ignored && entry != fs::directory_iterator();
       entry.increment(ignored)) {
    if (entry->path().filename().string().starts_with("events.out.tfevents.")) found.push_back(entry->path());
  }
  for (const fs::path& file : found) fs::remove(file, ignored);
}

fs::path comparable(const fs::path& path) {
  std::error_code ignored;
  fs::path canonical = fs::weakly_canonical(path, ignored);
  if (canonical.empty()) canonical = path.lexically_normal();
  return canonical.has_filename() ? canonical : canonical.parent_path();
}

}  // namespace

std::string_view nameOf(RunState state) { return kStateNames.at(static_cast<std::size_t>(state)); }

std::optional<RunState> runStateByName(std::string_view name) {
  for (std::size_t i = 0; i < kStateNames.size(); ++i) {
    if (kStateNames[i] == name) return static_cast<RunState>(i);
  }
  return std::nullopt;
}

bool RunDirectory::isRun(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / "state.json", ignored);
}

Result<RunDirectory> RunDirectory::create(const fs::path& path, bool overwrite) {
  std::error_code ignored;
  if (isRun(path)) {
    if (!overwrite) {
      return failFile(ErrorCode::InvalidInput,
                      path,
                      "the folder already holds a training run",
                      "Name another folder, continue it (--resume) or replace it (--overwrite).");
    }
    // Only what a run writes: users may keep other files there.
    for (const char* name : {"state.json", "control.json", "metrics.jsonl", "config.toml", "log.txt"}) {
      fs::remove(path / name, ignored);
    }
    for (const char* name : {"checkpoints", "live", "predictions"}) fs::remove_all(path / name, ignored);
    removeEventFiles(path);
  }
  TAGSCAPE_TRY(ensureWritableFolder(path));
  for (const char* name : {"checkpoints", "live", "predictions"}) TAGSCAPE_TRY(ensureWritableFolder(path / name));
  RunDirectory run(path);
  run.clearRequest();  // What was asked of an earlier run is not asked of this one.
  return run;
}

Result<RunDirectory> RunDirectory::open(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    return failFile(ErrorCode::NotFound, path, "there is no such folder", "Name the folder of a training run.");
  }
  if (!fs::is_regular_file(path / "state.json", ignored)) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    "it is not the folder of a training run: state.json is missing",
                    "Name the folder that `tagscape train` wrote.");
  }
  return RunDirectory(path);
}

bool RunDirectory::hasCheckpoints() const {
  std::error_code none;
  return fs::is_directory(checkpointFolder(), none) && !fs::is_empty(checkpointFolder(), none);
}

fs::path RunDirectory::liveFile(const std::string& scene_name) const {
  return path_ / "live" / (asFileName(scene_name) + ".safetensors");
}

fs::path RunDirectory::predictionFile(const std::string& scene_name) const {
  return path_ / "predictions" / (asFileName(scene_name) + ".safetensors");
}

Status RunDirectory::writeStatus(RunStatus status) const {
  const Json object{{"state", nameOf(status.state)},
                    {"phase", status.phase},
                    {"step", status.step},
                    {"total_steps", status.total_steps},
                    {"steps_per_s", status.steps_per_s},
                    {"eta_s", status.eta_s},
                    {"heartbeat_unix_s", secondsSinceEpoch()},
                    {"pid", status.pid},
                    {"host", hostName()},
                    {"scene_path", status.scene_path},
                    {"reason", status.reason},
                    {"note", status.note}};
  return writeFileAtomically(path_ / "state.json", object.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<RunStatus> RunDirectory::readStatus() const {
  const fs::path file = path_ / "state.json";
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file, kMaxSmallFileBytes));
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto state = object.is_object() ? runStateByName(textOr(object, "state", "")) : std::nullopt;
  if (!state) {
    return failFile(ErrorCode::InvalidInput, file, "it does not contain the state of the run", "Start the run again.");
  }
  RunStatus status;
  status.state = *state;
  status.phase = textOr(object, "phase", "");
  status.step = integerOr(object, "step", 0);
  status.total_steps = integerOr(object, "total_steps", 0);
  status.steps_per_s = numberOr(object, "steps_per_s", 0);
  status.eta_s = numberOr(object, "eta_s", 0);
  status.heartbeat_unix_s = numberOr(object, "heartbeat_unix_s", 0);
  status.pid = integerOr(object, "pid", 0);
  status.host = textOr(object, "host", "");
  status.scene_path = textOr(object, "scene_path", "");
  status.reason = textOr(object, "reason", "");
  status.note = textOr(object, "note", "");
  return status;
}

Status RunDirectory::request(RunRequest request) const {
  const Json object{{"request", kRequestNames.at(static_cast<std::size_t>(request))}};
  return writeFileAtomically(path_ / "control.json", object.dump() + "\n");
}

RunRequest RunDirectory::readRequest() const {
  std::error_code ignored;
  const fs::path file = path_ / "control.json";
  if (!fs::exists(file, ignored)) return RunRequest::None;
  const auto text = readTextFile(file, kMaxSmallFileBytes);
  if (!text) return RunRequest::None;
  const Json object = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return RunRequest::None;
  const std::string name = textOr(object, "request", "");
  for (std::size_t i = 0; i < kRequestNames.size(); ++i) {
    if (kRequestNames[i] == name) return static_cast<RunRequest>(i);
  }
  return RunRequest::None;
}

Status RunDirectory::appendMetrics(const MetricsRow& row) const {
  const Json object{{"step", row.step}, {"seconds", row.seconds}, {"phase", row.phase}, {"values", row.values}};
  return appendToFile(path_ / "metrics.jsonl", object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Status RunDirectory::keepMetricsUpTo(std::int64_t step) const {
  const fs::path path = path_ / "metrics.jsonl";
  std::ifstream file(path, std::ios::binary);
  std::string kept, line;
  while (std::getline(file, line)) {
    const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || !object.contains("step") || !object["step"].is_number_integer()) continue;
    if (object["step"].get<std::int64_t>() <= step) kept += line + "\n";
  }
  file.close();
  return writeFileAtomically(path, kept);
}

void RunDirectory::clearRequest() const {
  std::error_code ignored;
  fs::remove(path_ / "control.json", ignored);
}

std::vector<MetricsRow> MetricsTail::poll() {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(file_, failure);
  if (failure) return {};
  if (size < offset_) offset_ = 0;
  std::ifstream file(file_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset_));
  std::string text(static_cast<std::size_t>(std::min(size - offset_, kMaxPollBytes)), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));

  std::vector<MetricsRow> rows;
  std::size_t begin = 0;
  // Only whole lines are taken; what follows the last line end is read again when it was completed.
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    if (auto row = parseRow(text.substr(begin, end - begin))) {
      rows.push_back(std::move(*row));
    } else {
      ++num_skipped_;
    }
    begin = end + 1;
  }
  if (begin == 0 && text.size() == kMaxPollBytes) {  // A line without end: no reader could ever get past it.
    ++num_skipped_;
    begin = text.size();
  }
  offset_ += begin;
  return rows;
}

bool looksAlive(const RunStatus& status, double max_age_s) {
  if (status.state == RunState::Stopped || status.state == RunState::Finished || status.state == RunState::Failed) {
    return false;
  }
  // A process of this machine that was killed is gone at once, however young its heartbeat is.
  if (!status.host.empty() && status.host == hostName()) return livesHere(status.pid, status.heartbeat_unix_s);
  const double age_s = secondsSinceEpoch() - status.heartbeat_unix_s;
  return age_s < max_age_s || livesHere(status.pid, status.heartbeat_unix_s);
}

std::optional<fs::path> newestRunFor(const fs::path& runs_folder, const fs::path& scene_path) {
  std::error_code failure;
  std::optional<fs::path> newest;
  double newest_heartbeat = -std::numeric_limits<double>::infinity();
  const fs::path wanted = comparable(scene_path);
  fs::recursive_directory_iterator entry(runs_folder, fs::directory_options::skip_permission_denied, failure);
  for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    constexpr int kMaxDepth = 2;  // runs/<run> or runs/<scene>/<run>
    if (entry.depth() >= kMaxDepth) entry.disable_recursion_pending();
    if (entry->path().filename() != "state.json") continue;
    const auto run = RunDirectory::open(entry->path().parent_path());
    const auto status = run ? run->readStatus() : fail(run.error());
    if (!status || status->scene_path.empty() || comparable(status->scene_path) != wanted) continue;
    if (status->heartbeat_unix_s > newest_heartbeat) {
      newest_heartbeat = status->heartbeat_unix_s;
      newest = run->path();
    }
  }
  return newest;
}

}  // namespace tagscape
