#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/scene/tags.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace tagscape {

/// Class activation maps as functions of a network's logits. Tensors may be on any device; `logits` are [B, C, ...]
/// with classes second, `tags` [B, C] of 0 and 1. Results are detached from the gradient unless stated
/// otherwise.

/// [B, kNumClasses] float from sets.
[[nodiscard]] at::Tensor tagTensor(const std::vector<TagSet>& sets, const at::Device& device);

/// Logits in which classes without a tag lie far below all others, yet are finite; an item without any tag keeps all.
/// @param class_dim  the dimension of `logits` [B, ...] that has the classes.  Has a gradient.
[[nodiscard]] at::Tensor maskedByTags(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim = 1);
/// Softmax over the classes that are tagged. @param class_dim  as maskedByTags.  Has a gradient.
[[nodiscard]] at::Tensor taggedSoftmax(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim = 1);

/// CAMs in 0 … 1: logits below 0 become 0, classes without a tag 0, each class of each item is divided by its maximum
/// over the item + 1e-5. With a gradient through the logits, but not through the maximum.
/// Source: Kweon et al., OC-CSE, ICCV 2021.
[[nodiscard]] at::Tensor normalisedCam(const at::Tensor& logits, const at::Tensor& tags);

/// The class with the largest logit among those tagged, [B, ...] int64. With no tag at all in an item: of all classes.
[[nodiscard]] at::Tensor taggedArgmax(const at::Tensor& logits, const at::Tensor& tags);

struct PseudoLabels {
  at::Tensor labels;      ///< [B, ...] int64.
  at::Tensor confidence;  ///< [B, ...] float in 0 … 1.
};

/// Softmax over the classes that are tagged; its largest entry is the label, its value the confidence. With one tag the
/// confidence is 1; with none every class counts as tagged.
/// Source: reconstructed here; the paper gives no formula.
[[nodiscard]] PseudoLabels pseudoLabels(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim = 1);

/// Labels from CAMs that are already normalised and masked: the class with the largest value; its share of the sum over
/// the classes is the confidence. Where every class is (nearly) 0 the confidence is 0, so that there is no label.
/// Source: Kweon & Yoon, NeurIPS 2022; the form of the score is reconstructed here.
/// @param cam [B, C, ...] in 0 … 1.
[[nodiscard]] PseudoLabels pseudoLabelsOfCam(const at::Tensor& cam, std::int64_t class_dim = 1);

}  // namespace tagscape
