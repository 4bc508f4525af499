#pragma once

#include "core/base/result.h"
#include "core/io/safetensors.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tagscape {

/// A file of tensors, whatever wrote it.
struct WeightFile {
  std::string format;  ///< "safetensors", "PyTorch (zip)", "PyTorch (legacy pickle)" or "MXNet params".
  TensorFile content;
};

/// Reads safetensors, MXNet's .params and what torch.save writes. The kind is told by the first bytes, not by the name.
/// Errors: NotFound; InvalidInput naming the kinds there are, or as the reader of the kind says.
[[nodiscard]] Result<WeightFile> readWeightFile(const std::filesystem::path& path);
/// The twin for bytes in memory; `name` stands for the file in messages.
[[nodiscard]] Result<WeightFile> parseWeightFile(std::span<const std::byte> bytes, const std::filesystem::path& name);

/// The values of a floating point array as 32-bit floats: from F32, F64, F16 or BF16.
/// @return nothing for another type.
[[nodiscard]] std::optional<std::vector<float>> floatsOf(const TensorBlob& blob);

}  // namespace tagscape
