#pragma once

#include "core/base/job.h"
#include "core/exchange/exchange_format.h"
#include "core/exchange/id_map.h"
#include "core/scene/cams.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

struct ImportOptions {
  IdMapFile map{};               ///< What ids and names mean, before anything is guessed.
  double max_distance_m = 0.05;  ///< Between a point of the scene and that whose label it takes.
};

/// A file of another program, read but not yet put onto a scene.
struct ForeignSource {
  const ExchangeFormat* format = nullptr;
  std::filesystem::path place;
  ForeignLabels labels;
};

/// Reads labels of a scene in a file or folder. @param format  null: found out from the names and contents of the
/// files; a folder of an export (see Exporter) has a folder for each format. Errors: NotFound; InvalidInput if no
/// format's reader understands it, or as the reader.
[[nodiscard]] Result<ForeignSource> readForeign(const std::filesystem::path& place,
                                                const std::string& scene,
                                                const ExchangeFormat* format);

/// How often each id occurs: of all points, and of the pixels of up to `max_frames` frames spread over the scan.
/// Errors: those of reading a frame.
[[nodiscard]] Result<std::map<std::int32_t, std::uint64_t>> countIds(const ForeignLabels& labels,
                                                                     std::size_t max_frames = 8);

/// Labels of points alone, in the order of the file, without a scene to put them onto: ids become classes by guessIds,
/// and those that nothing is known of no label. Errors: as readForeign; InvalidInput if it has no labels of points.
[[nodiscard]] Result<PointLabels> readPointLabels(const std::filesystem::path& file);

/// A layer made of the labels of another program.
struct ImportedLayer {
  ExchangeLayer layer;
  IdGuess ids;
  double share_matched = 0;  ///< Of the scene's points, 0 … 1; 0 without labels of points.
  std::string match_note;    ///< PointMatch::note; empty without labels of points.
  std::vector<std::string> notes;
  /// Where the file has probabilities: a prediction with them; null otherwise.
  std::shared_ptr<const SceneCams> prediction{};
};

/// Puts labels onto a scene: ids become classes (guessIds), points are matched (matchPoints), frames are read when they
/// are needed and brought to the size of the colour images by the nearest pixel. Frames that the scene lacks are named
/// in a note. Probabilities of points and frames become a prediction whose class values are divided by their largest,
/// as SceneCams has them; their columns are the classes in order. Errors: InvalidInput if nothing of it fits the scene,
/// or the number of columns is not that of the classes; as matchPoints.
[[nodiscard]] Result<ImportedLayer> importLayer(const SharedScene& scene,
                                                const ForeignSource& source,
                                                const ExchangeClasses& classes,
                                                const ImportOptions& options,
                                                const Job& job);

}  // namespace tagscape
