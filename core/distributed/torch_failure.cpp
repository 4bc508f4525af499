#include "core/distributed/torch_failure.h"

#include "core/distributed/process_group.h"

#include <fmt/format.h>

#include <new>
#include <string>

namespace tagscape {

Error torchFailure(std::string_view doing, const std::exception& failure, std::string_view settings) {
  // Another process is gone or failed: that is the news, and not where this one noticed.
  if (const auto* group = dynamic_cast<const GroupFailure*>(&failure)) return group->error();
  const std::string text = failure.what();
  const std::string first = text.substr(0, text.find('\n'));
  // LibTorch has a type of its own only for CUDA; the texts are those of its two allocators.
  const bool out_of_memory = dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
                             text.find("out of memory") != std::string::npos ||
                             text.find("can't allocate memory") != std::string::npos;
  if (out_of_memory)
    return {ErrorCode::Internal, fmt::format("out of memory while {}: lower {} ({})", doing, settings, first)};
  return {ErrorCode::Internal, fmt::format("LibTorch failed while {}: {}", doing, first)};
}

}  // namespace tagscape
