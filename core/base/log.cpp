#include "core/base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

namespace tagscape::log {
namespace {

struct Sinks {
  std::shared_ptr<spdlog::sinks::stderr_sink_mt> console = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  spdlog::logger logger{"tagscape", console};
  std::mutex adding;

  Sinks() {
    console->set_pattern("%^%l%$: %v");
    console->set_level(spdlog::level::info);
    logger.set_level(spdlog::level::debug);
    logger.flush_on(spdlog::level::info);
  }
};

Sinks& sinks() {
  static Sinks the_sinks;
  return the_sinks;
}

}  // namespace

void debug(std::string_view message) { sinks().logger.debug(message); }
void info(std::string_view message) { sinks().logger.info(message); }
void warn(std::string_view message) { sinks().logger.warn(message); }
void error(std::string_view message) { sinks().logger.error(message); }

void setVerbosity(int verbosity) {
  sinks().console->set_level(verbosity <= 0   ? spdlog::level::warn
                             : verbosity == 1 ? spdlog::level::info
                                              : spdlog::level::debug);
}

Status addFile(const std::filesystem::path& path) {
  try {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    file->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    const std::scoped_lock lock(sinks().adding);
    sinks().logger.sinks().push_back(std::move(file));
  } catch (const spdlog::spdlog_ex& refusal) {
    return failFile(ErrorCode::NotWritable, path, refusal.what(), "Choose a folder that you may write to");
  }
  return {};
}

}  // namespace tagscape::log
