#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tagscape {

/// A scene of a data set that was not opened: readScan(path) opens it.
struct DataSetScene {
  std::string id;
  std::filesystem::path path;
};

/// The scenes of a folder such as ScanNet's.
struct DataSet {
  std::filesystem::path path;
  std::vector<DataSetScene> scenes;  ///< By id, ascending.
  /// Positions in `scenes` by the name of a split ("train", "val", "test"), in the order of its list.
  std::map<std::string, std::vector<std::size_t>> splits;
  /// What is wrong with the lists: ids that have no folder (counted, the first named), a list that cannot be read.
  std::vector<std::string> warnings;
};

/// Lists the scenes of a data set: the folders in scans/, scans_test/, scannet_frames_25k/ and posed_images/ (a scene
/// in several of them is listed once, in this order of preference), or those in `path` itself. Splits are
/// scannetv2_train.txt, _val.txt and _test.txt (one id a line) in `path`, the folder above it, or splits/,
/// meta_data/ or Tasks/Benchmark/ of either.
///
/// Errors: NotFound; InvalidInput if it is no folder or holds no folder that could be a scene.
/// Cost: one listing of each of these folders; no scene is opened.
[[nodiscard]] Result<DataSet> scanDataSet(const std::filesystem::path& path);

/// The ids of a split list: one a line, blank lines and CR ignored.
/// Errors: NotFound; InvalidInput naming a line that is no plain name.
[[nodiscard]] Result<std::vector<std::string>> readSplitList(const std::filesystem::path& path);
[[nodiscard]] Result<std::vector<std::string>> parseSplitList(std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape
