#pragma once

#include <Eigen/Core>

namespace tagscape {

/// A value for each of some things (rows: vertices, superpoints, frames) and each of the kNumClasses classes (columns).
using ClassValues = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Every row as probabilities: the softmax of its logits.
[[nodiscard]] inline ClassValues softmaxOfRows(ClassValues logits) {
  logits.colwise() -= logits.rowwise().maxCoeff().eval();
  logits = logits.exp();
  logits.colwise() /= logits.rowwise().sum().eval();
  return logits;
}

}  // namespace tagscape
