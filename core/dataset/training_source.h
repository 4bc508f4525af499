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

/// Gives frames and clouds to whoever makes batches: from memory if they were prepared, else read and computed now, so
/// that a data set need not fit into memory. Safe to call from several threads at once.
class TrainingSource {
 public:
  TrainingSource(std::shared_ptr<const TrainingData> data, const TrainingDataOptions& options);

  [[nodiscard]] const TrainingData& data() const { return *data_; }
  [[nodiscard]] const PreparedScene& scene(std::size_t i) const { return data_->scenes[i]; }
  [[nodiscard]] const TagSet& tags(const FrameRef& ref) const { return scene(ref.scene).frames[ref.frame].tags; }

  /// A frame with its pixels. One that was only listed and cannot be read is logged once, and its successor in the
  /// scene is given; `ref` says which frame it became. Errors: those of FrameSource if no frame of the scene can be
  /// read.
  [[nodiscard]] Result<std::shared_ptr<const PreparedFrame>> frame(FrameRef& ref) const;

  /// One of the scene's subsamples, drawn by `random`; `number` is its place among the prepared ones.
  struct Cloud {
    std::shared_ptr<const PreparedCloud> cloud;
    std::size_t number = 0;
  };
  [[nodiscard]] Cloud cloud(std::size_t scene, Random& random) const;

  /// What a frame sees of that cloud, in pixels of `frame`.
  [[nodiscard]] std::vector<SeenPoint> seen(const FrameRef& ref, const PreparedFrame& frame, const Cloud& cloud) const;
  /// The same for a frame whose pixels are of no interest: only the rows count.
  [[nodiscard]] std::vector<SeenPoint> seen(const FrameRef& ref, const Cloud& cloud) const;

 private:
  std::shared_ptr<const TrainingData> data_;
  TrainingDataOptions options_;
  mutable std::vector<std::unique_ptr<ReferenceDepth>> references_;  ///< By scene; only where nothing was prepared.
  mutable std::mutex reported_mutex_;
  mutable std::set<std::pair<std::size_t, std::size_t>> reported_;
};

}  // namespace tagscape
