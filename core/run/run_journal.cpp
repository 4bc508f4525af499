#include "core/run/run_journal.h"

#include "core/base/log.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

constexpr auto kHeartbeat = std::chrono::seconds(1);

}  // namespace

Status RunJournal::begin(const RunStatus& status) {
  last_status_ = Clock::now();
  TAGSCAPE_TRY(run_.writeStatus(status));
  TAGSCAPE_ASSIGN(events_, EventFile::create(run_.path()));
  return {};
}

void RunJournal::writeStatus(const RunStatus& status) {
  last_status_ = Clock::now();
  reportWrite(run_.writeStatus(status));
}

void RunJournal::heartbeat(const RunStatus& status) {
  if (Clock::now() - last_status_ >= kHeartbeat) writeStatus(status);
}

void RunJournal::recordStep(MetricsRow row) {
  kept_.push_back(std::move(row));
  if (kept_.size() > max_kept_) {
    kept_.pop_front();
    is_in_metrics_ = false;
    ++num_dropped_;
  }
  reportWrite(appendKept());
}

Status RunJournal::appendKept() {
  while (!kept_.empty()) {
    if (!is_in_metrics_) TAGSCAPE_TRY(run_.appendMetrics(kept_.front()));
    is_in_metrics_ = true;
    if (events_) TAGSCAPE_TRY(events_->append(kept_.front()));
    is_in_metrics_ = false;
    kept_.pop_front();
  }
  return {};
}

void RunJournal::reportWrite(const Status& written) {
  if (!written && !is_refused_) {
    log::warn("training continues, but part of its run directory could not be written: " + written.error().message);
  } else if (written && is_refused_ && kept_.empty()) {
    log::info(num_dropped_ == 0
                  ? "the run directory takes files again; its metrics are complete"
                  : fmt::format("the run directory takes files again; {} rows of its metrics are lost", num_dropped_));
    num_dropped_ = 0;
  } else {
    return;
  }
  is_refused_ = !written;
}

Status RunJournal::end(const RunStatus& status) {
  Status kept = appendKept();
  TAGSCAPE_TRY(run_.writeStatus(status));
  return kept;
}

}  // namespace tagscape
