#pragma once

#include "core/dataset/training_data.h"

#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace tagscape {

struct FrameRef {
  std::size_t scene = 0;
  std::size_t frame = 0;  ///< Of PreparedScene::frames.
};

/// Provides frames and clouds for batches: from memory if they were prepared, otherwise read and computed on demand, so
/// that a data set need not fit into memory. Thread-safe.
class TrainingSource {
 public:
  TrainingSource(std::shared_ptr<const TrainingData> data, const TrainingDataOptions& options);

  [[nodiscard]] const TrainingData& data() const { return *data_; }
  [[nodiscard]] const PreparedScene& scene(std::size_t i) const { return data_->scenes[i]; }
  [[nodiscard]] const TagSet& tags(const FrameRef& ref) const { return scene(ref.scene).frames[ref.frame].tags; }

  /// A frame with its pixels. A listed frame that cannot be read is logged once and replaced by the next frame of the
  /// scene; `ref` is updated. Errors: those of FrameSource if no frame of the scene can be read.
  [[nodiscard]] Result<std::shared_ptr<const PreparedFrame>> frame(FrameRef& ref) const;

  /// A subsample of the scene, drawn by `random`; `number` is its index among the prepared ones.
  struct Cloud {
    std::shared_ptr<const PreparedCloud> cloud;
    std::size_t number = 0;
  };
  [[nodiscard]] Cloud cloud(std::size_t scene, Random& random) const;

  /// The points of the cloud that a frame sees, in pixels of `frame`.
  [[nodiscard]] std::vector<SeenPoint> seen(const FrameRef& ref, const PreparedFrame& frame, const Cloud& cloud) const;
  /// The same where only the rows matter, not the pixels.
  [[nodiscard]] std::vector<SeenPoint> seen(const FrameRef& ref, const Cloud& cloud) const;

 private:
  std::shared_ptr<const TrainingData> data_;
  TrainingDataOptions options_;
  mutable std::vector<std::unique_ptr<ReferenceDepth>> references_;  ///< By scene; only where nothing was prepared.
  mutable std::mutex reported_mutex_;
  mutable std::set<std::pair<std::size_t, std::size_t>> reported_;
};

}  // namespace tagscape
