#include "core/nn/network_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace tagscape {

bool NetworkOutput::has(std::string_view head) const {
  return std::ranges::any_of(heads_, [&](const auto& one) { return one.first == head; });
}

const at::Tensor& NetworkOutput::head(std::string_view name) const {
  const auto found = std::ranges::find_if(heads_, [&](const auto& one) { return one.first == name; });
  if (found == heads_.end()) throw std::logic_error(fmt::format("NetworkOutput: there is no head '{}'", name));
  return found->second;
}

bool CloudRows::areEqual() const {
  for (std::int64_t b = 1; b < numClouds(); ++b) {
    if (sizeOf(b) != sizeOf(0)) return false;
  }
  return true;
}

at::Tensor meanByCloud(const at::Tensor& values, const CloudRows& rows) {
  if (rows.areEqual()) return values.view({rows.numClouds(), rows.sizeOf(0), values.size(1)}).mean(1);
  std::vector<at::Tensor> means;
  for (const at::Tensor& cloud : byCloud(values, rows)) means.push_back(cloud.mean(0));
  return at::stack(means);
}

std::vector<at::Tensor> byCloud(const at::Tensor& values, const CloudRows& rows) {
  std::vector<at::Tensor> clouds;
  for (std::int64_t b = 0; b < rows.numClouds(); ++b)
    clouds.push_back(values.narrow(0, rows.begins[static_cast<std::size_t>(b)], rows.sizeOf(b)));
  return clouds;
}

}  // namespace tagscape
