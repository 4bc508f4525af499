#include "ui/services/frame_decoder.h"

#include "ui/render/image_layers.h"

#include <QCoreApplication>

#include <cstdlib>

namespace tagscape {
namespace {

constexpr int kNumAhead = 12;

std::size_t bytesOf(const std::shared_ptr<const DecodedFrame>& frame) {
  return frame ? static_cast<std::size_t>(frame->color.sizeInBytes()) : 0;
}

}  // namespace

FrameDecoder::FrameDecoder(std::size_t max_bytes)
    : max_bytes_(max_bytes), thread_([this](const std::stop_token& quit) { loop(quit); }) {}

FrameDecoder::~FrameDecoder() {
  thread_.request_stop();
  changed_.notify_all();
}

void FrameDecoder::setScene(SharedScene scene) {
  const std::lock_guard lock(mutex_);
  if (scene_ == scene) return;
  scene_ = std::move(scene);
  wanted_.clear();
  ages_.clear();
  kept_.clear();
  kept_bytes_ = 0;
  changed_.notify_all();
}

void FrameDecoder::prefetch(std::size_t index, int step) {
  const std::lock_guard lock(mutex_);
  wanted_.clear();
  if (!scene_) return;
  const auto num_frames = static_cast<std::ptrdiff_t>(scene_->frames.size());
  if (step == 0) step = 1;
  for (int i = 1; i <= kNumAhead; ++i) {
    const std::ptrdiff_t ahead = static_cast<std::ptrdiff_t>(index) + std::ptrdiff_t{step} * i;
    if (ahead >= 0 && ahead < num_frames) wanted_.push_back(static_cast<std::size_t>(ahead));
  }
  changed_.notify_all();
}

std::shared_ptr<const DecodedFrame> FrameDecoder::get(std::size_t index) {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto found = kept_.find(index);
    if (found == kept_.end()) return decodeAndKeep(lock, index);
    if (found->second.frame && !found->second.frame->problem.empty()) {
      // The file may have been repaired since.
      ages_.erase(found->second.age);
      kept_.erase(found);
      return decodeAndKeep(lock, index);
    }
    if (found->second.frame) {
      ages_.splice(ages_.begin(), ages_, found->second.age);
      return found->second.frame;
    }
    changed_.wait(lock);
  }
}

bool FrameDecoder::has(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(index);
  return found != kept_.end() && found->second.frame;
}

int FrameDecoder::numDecoded() const {
  const std::lock_guard lock(mutex_);
  return num_decoded_;
}

void FrameDecoder::loop(const std::stop_token& quit) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, quit, [this] { return !wanted_.empty(); })) {
    const std::size_t index = wanted_.front();
    wanted_.pop_front();
    if (!kept_.contains(index)) decodeAndKeep(lock, index);
  }
}

std::shared_ptr<const DecodedFrame> FrameDecoder::decodeAndKeep(std::unique_lock<std::mutex>& lock, std::size_t index) {
  const SharedScene scene = scene_;
  ages_.push_front(index);
  kept_[index] = {nullptr, ages_.begin()};
  lock.unlock();
  auto frame = decode(scene, index);
  lock.lock();
  ++num_decoded_;
  if (scene == scene_) {
    makeRoom(bytesOf(frame));
    if (const auto kept = kept_.find(index); kept != kept_.end()) {
      kept->second.frame = frame;
      kept_bytes_ += bytesOf(frame);
    }
  }
  changed_.notify_all();
  return frame;
}

std::shared_ptr<const DecodedFrame> FrameDecoder::decode(const SharedScene& scene, std::size_t index) const {
  auto frame = std::make_shared<DecodedFrame>();
  if (!scene || !scene->pixels || index >= scene->frames.size()) {
    frame->problem = QCoreApplication::translate("FrameDecoder", "The scene has no images.").toStdString();
    return frame;
  }
  if (const auto image = scene->pixels->color(index)) {
    frame->color = toQImage(*image);
  } else {
    frame->problem = image.error().message;
  }
  return frame;
}

void FrameDecoder::makeRoom(std::size_t bytes) {
  for (auto oldest = ages_.end(); kept_bytes_ + bytes > max_bytes_ && oldest != ages_.begin();) {
    --oldest;
    const auto kept = kept_.find(*oldest);
    if (!kept->second.frame) continue;  // Being decoded.
    kept_bytes_ -= bytesOf(kept->second.frame);
    kept_.erase(kept);
    oldest = ages_.erase(oldest);
  }
}

}  // namespace tagscape
