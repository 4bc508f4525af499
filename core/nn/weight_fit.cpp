#include "core/nn/weight_fit.h"

#include "core/nn/resnet38.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace tagscape {
namespace {

using Shape = std::vector<std::int64_t>;

Shape withoutOnes(Shape shape) {
  while (!shape.empty() && shape.back() == 1) shape.pop_back();
  return shape;
}

bool isFloating(const std::string& dtype) {
  return dtype == "F32" || dtype == "F64" || dtype == "F16" || dtype == "BF16";
}

/// What stands before the network's names in most of the file's.
std::string commonPrefix(const TensorFile& file, const std::set<std::string, std::less<>>& names) {
  std::map<std::string, int> votes;
  for (const auto& [key, blob] : file.tensors) {
    for (std::size_t begin = 0; begin != std::string::npos;) {
      if (names.contains(std::string_view(key).substr(begin))) ++votes[key.substr(0, begin)];
      const std::size_t dot = key.find('.', begin);
      begin = dot == std::string::npos ? dot : dot + 1;
    }
  }
  const auto commonest = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
  return commonest == votes.end() ? "" : commonest->first;
}

void compare(const TensorSpec& spec, const std::string& key, const TensorBlob& blob, WeightFit& fit) {
  if (!isFloating(blob.dtype)) {
    fit.misshaped.push_back(fmt::format("{}: {} in the file, floating point in the network", spec.name, blob.dtype));
  } else if (withoutOnes(blob.shape) != withoutOnes(spec.shape)) {
    fit.misshaped.push_back(fmt::format("{}: [{}] in the file, [{}] in the network",
                                        spec.name,
                                        fmt::join(blob.shape, ", "),
                                        fmt::join(spec.shape, ", ")));
  } else {
    fit.matched[spec.name] = key;
  }
}

void list(std::string& text, std::string_view what, const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 6;
  if (names.empty()) return;
  const std::vector<std::string> shown(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  text += fmt::format("{}{} {}: {}", text.empty() ? "" : "\n", names.size(), what, fmt::join(shown, "; "));
  if (names.size() > kShown) text += fmt::format("; and {} more", names.size() - kShown);
}

}  // namespace

std::string WeightFit::problems() const {
  std::string text;
  list(text, "missing", missing);
  list(text, "of another shape", misshaped);
  list(text, "not used", unexpected);
  return text;
}

WeightFit fitWeights(const TensorFile& file, const TensorTable& table) {
  std::set<std::string, std::less<>> names;
  for (const auto& spec : table) names.insert(spec.name);
  WeightFit fit;
  fit.prefix = commonPrefix(file, names);
  std::map<std::string, std::string> key_of;  // by the network's name
  for (const auto& [key, blob] : file.tensors) {
    std::string name = key.starts_with(fit.prefix) ? key.substr(fit.prefix.size()) : "";
    if (!names.contains(name)) name = resNet38NameOfMxnet(key);
    if (names.contains(name)) {
      key_of[name] = key;
    } else if (!key.ends_with("num_batches_tracked")) {
      fit.unexpected.push_back(key);
    }
  }
  for (const auto& spec : table) {
    const auto found = key_of.find(spec.name);
    if (found == key_of.end()) {
      fit.missing.push_back(spec.name);
    } else {
      compare(spec, found->second, file.tensors.at(found->second), fit);
    }
  }
  return fit;
}

}  // namespace tagscape
