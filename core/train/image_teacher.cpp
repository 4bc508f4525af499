#include "core/train/image_teacher_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

/// [U, P] of values [U, P, C] at the labels.
at::Tensor atLabels(const at::Tensor& values, const at::Tensor& labels) {
  return values.gather(2, labels.unsqueeze(2)).squeeze(2);
}

}  // namespace

at::Tensor atPlaces(const at::Tensor& maps, const JointMatches& matches) {
  return sampleMaps(maps.index_select(0, matches.crops), matches.places, matches.cells);
}

at::Tensor camAtPlaces(const at::Tensor& maps, const JointMatches& matches) {
  const at::Tensor positive = at::relu(maps.index_select(0, matches.crops));
  const at::Tensor largest = positive.detach().amax({2, 3}, true);
  const at::Tensor cam = positive / (largest + 1e-5);
  const at::Tensor tags = matches.image_tags.to(cam.scalar_type()).unsqueeze(1);
  return sampleMaps(cam, matches.places, matches.cells) * tags;
}

at::Tensor taggedShares(const at::Tensor& logits, const at::Tensor& tags) {
  constexpr double kMasked = -1e4;
  const at::Tensor wanted = tags.to(logits.scalar_type()).unsqueeze(1);
  return at::softmax(logits + kMasked * (1 - wanted), 2);
}

PseudoLabels pseudoLabelsAtPlaces(const at::Tensor& maps, const JointMatches& matches, const Recipe& options) {
  const at::Tensor plain = maps.detach();
  const bool from_cams = options.labels.pseudo_labels == PseudoLabelBasis::Cam;
  const at::Tensor cam = from_cams ? camAtPlaces(plain, matches) : at::Tensor();
  const at::Tensor shares = taggedShares(atPlaces(plain, matches), matches.image_tags);
  PseudoLabels pseudo;
  pseudo.labels = (from_cams ? cam : shares).argmax(2);
  if (options.labels.confidence == ConfidenceKind::Tagged) {
    const at::Tensor tagged = at::sigmoid(plain.index_select(0, matches.crops).mean({2, 3})).unsqueeze(1);
    pseudo.confidence = atLabels(shares * tagged, pseudo.labels);
  } else {
    pseudo.confidence = atLabels(from_cams ? cam / (cam.sum(2, true) + 1e-5) : shares, pseudo.labels);
  }
  if (from_cams) pseudo.confidence = pseudo.confidence * cam.amax(2).gt(1e-4).to(cam.scalar_type());
  return pseudo;
}

}  // namespace tagscape
