#pragma once

#include "core/base/job.h"
#include "core/scene/point_labels.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// A way to write the labels of all points of a scene.
enum class LabelFormat {
  Ply,      ///< <scene>_labels.ply: the mesh with scalar fields (see writeLabelPly).
  ScanNet,  ///< <scene>.txt: one NYU40 id per vertex, as the ScanNet benchmark takes it.
};
/// "ply" or "scannet". Errors: InvalidInput naming the formats there are.
[[nodiscard]] Result<LabelFormat> labelFormatByName(std::string_view name);

/// Writes labels in every format, then reads each file back and compares it with what was meant.
///
/// @return the files, in the order of `formats`.
/// Errors: InvalidInput if the labels belong to another cloud (other number of points); NotWritable; Internal if what
/// is read back differs; Cancelled.
[[nodiscard]] Result<std::vector<std::filesystem::path>> exportLabels(const Scene& scene,
                                                                      const PointLabels& labels,
                                                                      const std::filesystem::path& folder,
                                                                      const std::vector<LabelFormat>& formats,
                                                                      const Job& job);

/// Binary PLY: the mesh, `scalar_Classification` (NYU40 id, 0 = none), `scalar_CAM` (the label's confidence: for a
/// prediction the activation of the predicted class). CloudCompare and MeshLab show these as scalar fields. A comment
/// has the scene's name and the labels' provenance.
[[nodiscard]] Status writeLabelPly(const std::filesystem::path& path, const Scene& scene, const PointLabels& labels);
/// NYU40 ids from such a file. Errors: InvalidInput if it has no scalar_Classification.
[[nodiscard]] Result<std::vector<int>> readLabelPly(const std::filesystem::path& path);

/// "%d\n" for each vertex in order. Source: the ScanNet benchmark's submission format.
[[nodiscard]] Status writeScanNetLabels(const std::filesystem::path& path, const std::vector<std::uint8_t>& labels);
/// Errors: InvalidInput naming the line that is no number.
[[nodiscard]] Result<std::vector<int>> readScanNetLabels(const std::filesystem::path& path);

/// A label layer from a file that Tagscape or another program wrote: a PLY as writeLabelPly makes it (its `scalar_CAM`
/// as confidence, where it has one that is 0 … 1), or else one NYU40 id a line. Ids that are none of the 20 classes
/// become points without a label.
/// Errors: NotFound; as readLabelPly and readScanNetLabels.
[[nodiscard]] Result<PointLabels> importLabels(const std::filesystem::path& path);

/// Class index to NYU40 id; kNoClass becomes 0, "unannotated".
[[nodiscard]] int nyu40IdOf(std::uint8_t label);

}  // namespace tagscape
