#pragma once

#include "core/scene/scene.h"

#include <QImage>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace tagscape {

/// A frame's colour image, or why it cannot be decoded.
struct DecodedFrame {
  QImage color;
  std::string problem;
};

/// Decodes colour images ahead of scrubbing on its own thread, and caches the most recent ones within a memory limit.
/// Thread-safe.
class FrameDecoder {
 public:
  /// @param max_bytes  memory limit of the cache.
  explicit FrameDecoder(std::size_t max_bytes = std::size_t{256} << 20);
  ~FrameDecoder();
  FrameDecoder(const FrameDecoder&) = delete;
  FrameDecoder& operator=(const FrameDecoder&) = delete;

  /// Discards the images of another scene; a null scene cancels all work.
  void setScene(SharedScene scene);
  /// The user has moved by `step` frames to `index`: decodes the next frames in this direction, the nearest first.
  /// Earlier requests that have not been started are dropped.
  void prefetch(std::size_t index, int step);
  /// The frame, decoded on the calling thread unless cached; waits if the worker is decoding it.
  [[nodiscard]] std::shared_ptr<const DecodedFrame> get(std::size_t index);
  [[nodiscard]] bool has(std::size_t index) const;
  /// Number of images decoded so far, for tests.
  [[nodiscard]] int numDecoded() const;

 private:
  struct Kept {
    std::shared_ptr<const DecodedFrame> frame;  ///< Null while it is being decoded.
    std::list<std::size_t>::iterator age;
  };

  void loop(const std::stop_token& quit);
  [[nodiscard]] std::shared_ptr<const DecodedFrame> decode(const SharedScene& scene, std::size_t index) const;
  /// Called with the lock held, which is released while decoding.
  std::shared_ptr<const DecodedFrame> decodeAndKeep(std::unique_lock<std::mutex>& lock, std::size_t index);
  void makeRoom(std::size_t bytes);

  std::size_t max_bytes_;
  mutable std::mutex mutex_;  // Guards all below.
  std::condition_variable_any changed_;
  SharedScene scene_;
  std::list<std::size_t> wanted_;  // The first comes first.
  std::list<std::size_t> ages_;    // Of kept_, the latest first.
  std::unordered_map<std::size_t, Kept> kept_;
  std::size_t kept_bytes_ = 0;
  int num_decoded_ = 0;
  std::jthread thread_;  // Last: it must end before anything else goes.
};

}  // namespace tagscape
