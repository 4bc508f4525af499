#pragma once

// Private to the learning modules.

#include "core/distributed/process_group.h"

#include <memory>
#include <utility>

namespace tagscape {

/// A network that normalises batches by their own statistics in training, and can take those of several ranks' batches
/// together.
class SharesStatistics {
 public:
  virtual ~SharesStatistics() = default;
  /// From now on a pass in training is an exchange of the group (see ProcessGroup), forward and backward.
  virtual void shareStatistics(std::shared_ptr<ProcessGroup> group) = 0;
};

/// Has a network share its statistics if it has any that change.
template <class Network>
void shareStatistics(Network& network, std::shared_ptr<ProcessGroup> group) {
  if (auto* shares = dynamic_cast<SharesStatistics*>(&network)) shares->shareStatistics(std::move(group));
}

}  // namespace tagscape
