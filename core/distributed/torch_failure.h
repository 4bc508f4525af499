#pragma once

#include "core/base/result.h"

#include <exception>
#include <string_view>

namespace tagscape {

/// What LibTorch threw, as an error for people: its first line, without the stack trace that follows. If memory ran
/// out, of the processor or of a GPU, the message says so and what to do: `settings` names what to lower, "image_batch
/// or crop_px". A GroupFailure's error is handed on as it is. Code: Internal.
[[nodiscard]] Error torchFailure(std::string_view doing, const std::exception& failure, std::string_view settings);

}  // namespace tagscape
