// Runs a network with the weights of any file on given inputs and writes what every tap gives, and the gradients.
// usage: reference_dump NETWORK WEIGHTS INPUTS OUTPUTS [train|eval|train64|eval64 [STRIDE]]
//   INPUTS   safetensors: "images", or "positions" and perhaps "features"; "upstream" of the shape of the logits: the
//            gradients written are those of sum(logits * upstream)
//   64       in double precision
//   STRIDE   the output stride of a network that has several
//   OUTPUTS  safetensors: "tap.<name>", "grad.<parameter>", in training "after.<running statistic>"

#include "core/nn/network_catalog_torch.h"
#include "core/nn/weights_torch.h"
#include "core/weights/weight_file.h"

#include <ATen/ATen.h>

#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

using namespace tagscape;

at::Tensor toTensor(const TensorFile& file, const std::string& name) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) return {};
  const std::vector<float> values = floatsOf(found->second).value();
  return at::tensor(values).view(found->second.shape);
}

Status run(const std::vector<std::string>& arguments) {
  TAGSCAPE_ASSIGN(const WeightFile weights, readWeightFile(arguments[1]));
  TAGSCAPE_ASSIGN(const WeightFile inputs, readWeightFile(arguments[2]));
  WeightFit fit;
  LoadOptions options;
  if (arguments.size() > 5) options.output_stride = std::stoi(arguments[5]);
  TAGSCAPE_ASSIGN(const AnyNetwork network, loadNetwork(arguments[0], weights.content, arguments[1], fit, options));
  const bool training = arguments[4].starts_with("train");
  const auto type = arguments[4].ends_with("64") ? at::kDouble : at::kFloat;
  network.network().setTraining(training);
  for (const auto& [name, tensor] : network.network().namedTensors()) tensor.set_data(tensor.detach().to(type));
  TensorFile outputs;
  NamedTensors taps;
  if (network.image) {
    taps = network.image->taps(toTensor(inputs.content, "images").to(type));
  } else {
    auto batch = makePointBatch(toTensor(inputs.content, "positions").unsqueeze(0),
                                toTensor(inputs.content, "features"),
                                network.points->hierarchy());
    batch.positions = batch.positions.to(type);
    if (batch.features.defined()) batch.features = batch.features.to(type);
    taps = network.points->taps(batch);
  }
  for (const auto& [name, tensor] : taps)
    outputs.tensors["tap." + name] = toBlob(network.image ? tensor : tensor.unsqueeze(0));
  if (const at::Tensor upstream = toTensor(inputs.content, "upstream"); upstream.defined()) {
    (taps.back().second * upstream).sum().backward();
    for (const auto& [name, tensor] : network.network().namedTensors()) {
      if (tensor.requires_grad()) outputs.tensors["grad." + name] = toBlob(tensor.grad());
      if (!tensor.requires_grad() && training) outputs.tensors["after." + name] = toBlob(tensor);
    }
  }
  std::printf(
      "%zu matched, %zu missing, %zu unexpected\n", fit.matched.size(), fit.missing.size(), fit.unexpected.size());
  return writeSafetensors(arguments[3], outputs);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 4) arguments.emplace_back("eval");
  if (arguments.size() != 5 && arguments.size() != 6) return 2;
  const auto done = run(arguments);
  if (!done) std::fprintf(stderr, "error: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
