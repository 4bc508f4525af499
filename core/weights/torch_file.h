#pragma once

#include "core/base/result.h"
#include "core/io/safetensors.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace tagscape {

/// Whether these bytes begin as what torch.save wrote before PyTorch 1.6 does.
[[nodiscard]] bool looksLikeLegacyTorch(std::span<const std::byte> bytes);
/// Whether these bytes begin as a zip file does, which is what torch.save writes since.
[[nodiscard]] bool looksLikeZip(std::span<const std::byte> bytes);

/// Reads the tensors of a file that Python's torch.save wrote (`.pth`, `.pt`), both as a zip file and as the older
/// sequence of pickles. Tensors in dictionaries and lists are named by their path, "state_dict.conv1a.weight" or
/// "layers.0"; single numbers and strings in dictionaries become metadata.
///
/// The pickle is not run: only tensors, dictionaries, lists, numbers and strings are known (see pickle.h).
///
/// Errors: NotFound; InvalidInput with the byte for a file that is cut or damaged, asks for anything else (by name), or
/// claims values that it does not hold. No more than a few times the file's size is allocated.
/// Source: PyTorch, torch/serialization.py.
[[nodiscard]] Result<TensorFile> readTorchFile(const std::filesystem::path& path);
/// The twin for bytes in memory; `name` stands for the file in messages.
[[nodiscard]] Result<TensorFile> parseTorchFile(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace tagscape
