#include "core/train/image_teacher_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

constexpr double kTiny = 1e-6;

/// [U, P] of values [U, P, C] at the labels.
at::Tensor atLabels(const at::Tensor& values, const at::Tensor& labels) {
  return values.gather(2, labels.unsqueeze(2)).squeeze(2);
}

/// The largest share minus the second; 1 with one tag, whose share is 1.
at::Tensor marginOf(const at::Tensor& shares) {
  const at::Tensor two = std::get<0>(shares.topk(2, 2));
  return two.select(2, 0) - two.select(2, 1);
}

/// 1 - H / log(number of tags); 1 with one tag.
at::Tensor certaintyOf(const at::Tensor& shares, const at::Tensor& tags) {
  const at::Tensor entropy = -(shares * (shares + 1e-12).log()).sum(2);
  const at::Tensor most = tags.to(shares.scalar_type()).sum(1).clamp_min(1).log().unsqueeze(1);
  return (1 - entropy / most.clamp_min(kTiny)).clamp(0, 1);
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

at::Tensor sharesAtPlaces(const at::Tensor& maps, const JointMatches& matches, const TrainOptions& options) {
  const at::Tensor plain = maps.detach();
  if (options.pseudo_labels != "cam") return taggedShares(atPlaces(plain, matches), matches.image_tags);
  const at::Tensor cam = camAtPlaces(plain, matches);
  return cam / (cam.sum(2, true) + 1e-5);
}

PseudoLabels pseudoLabelsAtPlaces(const at::Tensor& maps, const JointMatches& matches, const TrainOptions& options) {
  const at::Tensor plain = maps.detach();
  const bool from_cams = options.pseudo_labels == "cam";
  const at::Tensor cam = from_cams || options.score == "cam" ? camAtPlaces(plain, matches) : at::Tensor();
  const at::Tensor shares = taggedShares(atPlaces(plain, matches), matches.image_tags);
  PseudoLabels pseudo;
  pseudo.labels = (from_cams ? cam : shares).argmax(2);
  if (options.score == "share") {
    pseudo.confidence = atLabels(from_cams ? cam / (cam.sum(2, true) + 1e-5) : shares, pseudo.labels);
  } else if (options.score == "tagged") {
    const at::Tensor tagged = at::sigmoid(plain.index_select(0, matches.crops).mean({2, 3})).unsqueeze(1);
    pseudo.confidence = atLabels(shares * tagged, pseudo.labels);
  } else if (options.score == "cam") {
    pseudo.confidence = atLabels(cam, pseudo.labels);
  } else if (options.score == "margin") {
    pseudo.confidence = marginOf(shares);
  } else if (options.score == "entropy") {
    pseudo.confidence = certaintyOf(shares, matches.image_tags);
  } else {
    throw std::logic_error("score: not checked");
  }
  if (from_cams) pseudo.confidence = pseudo.confidence * cam.amax(2).gt(1e-4).to(cam.scalar_type());
  return pseudo;
}

}  // namespace tagscape
