#include "app/cli/progress_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tagscape::cli {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(80);
constexpr auto kLineInterval = std::chrono::seconds(10);

int terminalWidth() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string remaining(const Progress& progress, double seconds_so_far) {
  if (progress.done <= 0 || progress.total <= progress.done) return {};
  const double left =
      seconds_so_far * static_cast<double>(progress.total - progress.done) / static_cast<double>(progress.done);
  return left >= 60 ? fmt::format(" {:.0f} min left", left / 60) : fmt::format(" {:.0f} s left", left);
}

}  // namespace

ProgressPrinter::ProgressPrinter() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}
ProgressPrinter::~ProgressPrinter() { finish(); }

void ProgressPrinter::show(const Progress& progress) {
  const auto now = Clock::now();
  const bool new_stage = progress.stage != stage_;
  if (new_stage) {
    finish();
    stage_ = progress.stage;
    stage_began_ = now;
  } else if (now - last_shown_ < (is_terminal_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval))) {
    return;
  }
  last_shown_ = now;
  is_terminal_ ? drawBar(progress) : printLine(progress);
}

void ProgressPrinter::drawBar(const Progress& progress) {
  constexpr int kBarWidth = 24;
  std::string line = progress.stage;
  if (progress.total > 0) {
    const auto filled =
        static_cast<int>(std::clamp<std::int64_t>(kBarWidth * progress.done / progress.total, 0, kBarWidth));
    const double seconds = std::chrono::duration<double>(Clock::now() - stage_began_).count();
    line += fmt::format(" [{}{}] {}/{}{}",
                        std::string(static_cast<std::size_t>(filled), '#'),
                        std::string(static_cast<std::size_t>(kBarWidth - filled), '.'),
                        progress.done,
                        progress.total,
                        remaining(progress, seconds));
  }
  if (!progress.detail.empty()) line += "  " + progress.detail;
  line.resize(std::min(line.size(), static_cast<std::size_t>(terminalWidth() - 1)));
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  bar_open_ = true;
}

void ProgressPrinter::printLine(const Progress& progress) {
  std::string line = progress.stage;
  if (progress.total > 0) line += fmt::format(" {}/{}", progress.done, progress.total);
  if (!progress.detail.empty()) line += "  " + progress.detail;
  std::fprintf(stderr, "%s\n", line.c_str());
}

void ProgressPrinter::finish() {
  if (bar_open_) std::fputc('\n', stderr);
  bar_open_ = false;
}

}  // namespace tagscape::cli
