#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape::formats {

/// A mask as COCO's run lengths: column by column, the first run is of zeros. Source: pycocotools, maskApi.c.
[[nodiscard]] std::vector<std::uint32_t> runLengthsOf(const Image<std::uint8_t>& mask);
/// Errors: InvalidInput if the runs do not fill the image exactly.
[[nodiscard]] Result<Image<std::uint8_t>> maskOfRunLengths(const std::vector<std::uint32_t>& runs,
                                                           int width,
                                                           int height);

/// The runs as COCO's text: each as the difference to the one but last before it, in groups of 5 bits from the lowest.
[[nodiscard]] std::string packRunLengths(const std::vector<std::uint32_t>& runs);
/// Errors: InvalidInput for a text that is none.
[[nodiscard]] Result<std::vector<std::uint32_t>> unpackRunLengths(std::string_view text);

}  // namespace tagscape::formats
