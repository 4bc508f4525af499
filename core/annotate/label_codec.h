#pragma once

#include "core/annotate/label_layer.h"
#include "core/base/result.h"

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace tagscape {

// How labels lie in a project file. Each blob is 4 bytes of CRC-32 of the rest, 8 bytes of the length before
// compression (little endian), and a zlib stream; so damage is found wherever it is.

/// Elements as differences, then the values before and after, column by column.
/// Cost: about 1 ms for 10,000 elements.
[[nodiscard]] std::vector<std::byte> encodeDelta(const LabelDelta& delta);
/// @param layer_size  elements of the layer: what is not below it is refused.
/// Errors: InvalidInput, without a file, if the bytes are damaged or of another layer.
[[nodiscard]] Result<LabelDelta> decodeDelta(std::span<const std::byte> bytes, std::size_t layer_size);

/// All labels of a layer, column by column.
[[nodiscard]] std::vector<std::byte> encodeLayer(const LabelLayer& layer);
/// Errors: as decodeDelta.
[[nodiscard]] Result<LabelLayer> decodeLayer(std::span<const std::byte> bytes, std::size_t layer_size);

/// Points to 1 mm, by which a cloud that has changed is found again; not-finite ones become the lowest corner.
[[nodiscard]] std::vector<std::byte> encodePositions(std::span<const Eigen::Vector3f> positions_m);
/// Errors: as decodeDelta.
[[nodiscard]] Result<std::vector<Eigen::Vector3f>> decodePositions(std::span<const std::byte> bytes,
                                                                   std::size_t num_points);

}  // namespace tagscape
