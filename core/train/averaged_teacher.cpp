#include "core/nn/shared_statistics_torch.h"
#include "core/nn/weights_torch.h"
#include "core/train/averaged_teacher_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

constexpr const char* kPrefix = "teacher";

}  // namespace

AveragedTeacher::AveragedTeacher(Networks& networks, double decay, std::shared_ptr<ProcessGroup> group)
    : decay_(decay) {
  auto made = makeImageNetwork(networks.description());
  if (!made) throw std::logic_error("AveragedTeacher: a network that was made before cannot be made again");
  network_ = std::move(*made);
  network_->moveTo(networks.impl().device);
  network_->setTraining(true);
  if (!group->isAlone()) shareStatistics(*network_, std::move(group));
  const at::NoGradGuard no_grad;
  const NamedTensors own = network_->namedTensors(), original = networks.impl().image->namedTensors();
  for (std::size_t i = 0; i < own.size(); ++i) own[i].second.copy_(original[i].second);
}

at::Tensor AveragedTeacher::maps(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  return network_->forward(images).maps;
}

void AveragedTeacher::follow(const ImageNetwork& original) {
  const at::NoGradGuard no_grad;
  const NamedTensors own = network_->namedTensors(), theirs = original.namedTensors();
  for (std::size_t i = 0; i < own.size(); ++i) {
    // Running statistics are its own; they count for nothing here.
    if (theirs[i].second.requires_grad()) own[i].second.lerp_(theirs[i].second, 1 - decay_);
  }
}

void AveragedTeacher::store(TensorFile& file) const { storeWeights(*network_, kPrefix, file); }

Status AveragedTeacher::restore(const TensorFile& file, const std::filesystem::path& name) {
  return loadWeights(file, kPrefix, name, *network_);
}

}  // namespace tagscape
