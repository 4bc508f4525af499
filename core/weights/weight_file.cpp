#include "core/weights/weight_file.h"

#include "core/io/byte_source.h"
#include "core/io/stand_in.h"
#include "core/io/tensor_size.h"
#include "core/weights/mxnet_params.h"
#include "core/weights/torch_file.h"

#include <bit>
#include <cstring>

namespace tagscape {
namespace {

/// IEEE 754 binary16 to binary32; every value has one.
float floatOfHalf(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1fU;
  const std::uint32_t mantissa = half & 0x3ffU;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000U | mantissa << 13U);
  if (exponent > 0) return std::bit_cast<float>(sign | (exponent + 112U) << 23U | mantissa << 13U);
  const float small = static_cast<float>(mantissa) * 0x1p-24F;
  return sign != 0 ? -small : small;
}

template <class Stored, class Convert>
std::vector<float> converted(const TensorBlob& blob, Convert&& convert) {
  std::vector<float> values(blob.bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, &blob.bytes[i * sizeof(Stored)], sizeof(Stored));
    values[i] = convert(stored);
  }
  return values;
}

}  // namespace

Result<WeightFile> readWeightFile(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const FileBytes file, FileBytes::read(path, kMaxWeightFileBytes));
  return parseWeightFile(file.span(), path);
}

Result<WeightFile> parseWeightFile(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const auto as = [](const char* format, Result<TensorFile> content) -> Result<WeightFile> {
    if (!content) return fail(std::move(content).error());
    return WeightFile{format, std::move(*content)};
  };
  if (looksLikeZip(bytes)) return as("PyTorch (zip)", parseTorchFile(bytes, name));
  if (looksLikeLegacyTorch(bytes)) return as("PyTorch (legacy pickle)", parseTorchFile(bytes, name));
  if (looksLikeMxnetParams(bytes)) return as("MXNet params", parseMxnetParams(bytes, name));
  // The length of a header, then its first brace: safetensors has no mark of its own.
  constexpr std::size_t kBrace = 8;
  if (bytes.size() > kBrace && bytes[kBrace] == std::byte{'{'}) return as("safetensors", parseSafetensors(bytes, name));
  if (const StandIn other = standInOf(bytes); !other.problem.empty())
    return failFile(ErrorCode::InvalidInput, name, other.problem, other.remedy);
  return failFile(ErrorCode::InvalidInput,
                  name,
                  "at byte 0: no weights that can be read",
                  "Use safetensors, a .pth file of torch.save, or MXNet's .params");
}

std::optional<std::vector<float>> floatsOf(const TensorBlob& blob) {
  if (blob.dtype == "F32") return converted<float>(blob, [](float value) { return value; });
  if (blob.dtype == "F64") return converted<double>(blob, [](double value) { return static_cast<float>(value); });
  if (blob.dtype == "F16") return converted<std::uint16_t>(blob, &floatOfHalf);
  if (blob.dtype == "BF16") {
    return converted<std::uint16_t>(
        blob, [](std::uint16_t value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16U); });
  }
  return std::nullopt;
}

}  // namespace tagscape
