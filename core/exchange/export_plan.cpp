#include "core/exchange/export_plan.h"

#include "core/exchange/export_part.h"
#include "core/exchange/format_table.h"

#include <algorithm>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

/// The first frames of a layer alone.
class FirstFrames : public LayerFrames {
 public:
  FirstFrames(std::shared_ptr<const LayerFrames> frames, std::size_t count) : frames_(std::move(frames)) {
    const auto& all = frames_->indices();
    indices_.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size())));
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }
  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override { return frames_->read(frame_index); }

 private:
  std::shared_ptr<const LayerFrames> frames_;
  std::vector<std::size_t> indices_;
};

/// The files that a writer makes of the points and the first frames.
Result<std::size_t> countFiles(const ExchangeFormat& format,
                               const ExportScene& part,
                               std::size_t num_frames,
                               const Job& job) {
  ExchangeLayer layer = *part.layer;
  if (layer.frames != nullptr) layer.frames = std::make_shared<FirstFrames>(layer.frames, num_frames);
  ExportScene cut = part;
  cut.layer = &layer;
  std::size_t count = 0;
  TAGSCAPE_TRY(format.write(cut, [&](const std::string&, const std::vector<std::byte>&) {
    ++count;
    return job.checkStop("Planning");
  }));
  return count;
}

Result<std::size_t> numFiles(const ExchangeFormat& format, const ExportScene& part, const Job& job) {
  TAGSCAPE_ASSIGN(const std::size_t one, countFiles(format, part, 1, job));
  const std::size_t num_frames = part.frames ? part.layer->frames->indices().size() : 0;
  if (num_frames < 2) return one;
  TAGSCAPE_ASSIGN(const std::size_t two, countFiles(format, part, 2, job));
  return one + (num_frames - 1) * (two - one);
}

std::size_t numThere(const fs::path& folder, const std::string& scene, std::string_view format) {
  const auto record = readSceneManifest(sceneManifestFile(folder, scene));
  if (!record) return 0;
  return static_cast<std::size_t>(
      std::count_if(record->files.begin(), record->files.end(), [&](const ExportedFile& file) {
        std::error_code code;
        return file.format == format && fs::exists(folder / file.path, code);
      }));
}

}  // namespace

Result<std::vector<PlannedFormat>> planExport(const fs::path& folder,
                                              const SharedScene& scene,
                                              ExchangeLayer layer,
                                              const ExportOptions& options,
                                              const Job& job) {
  TAGSCAPE_ASSIGN(const ExchangeLayer prepared, applyOptions(std::move(layer), scene, options.layer));
  std::vector<PlannedFormat> plan;
  for (const ExchangeFormat* format : options.formats) {
    TAGSCAPE_TRY(job.checkStop("Planning"));
    PlannedFormat planned{.format = format, .folder = folder / format->name};
    planned.num_replaced = numThere(folder, scene->name, format->name);
    const Status fits = checkFits(*format, prepared);
    const auto part = fits ? exportPart(*format, scene, prepared, options) : Result<ExportScene>(fail(fits.error()));
    const auto count = part ? numFiles(*format, *part, job) : Result<std::size_t>(fail(part.error()));
    if (!count && count.error().code == ErrorCode::Cancelled) return fail(count.error());
    if (count) planned.num_files = *count;
    if (!count) planned.problem = count.error().message;
    plan.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace tagscape
