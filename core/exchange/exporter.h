#pragma once

#include "core/base/job.h"
#include "core/exchange/exchange_format.h"
#include "core/exchange/layer_options.h"
#include "core/exchange/manifest.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tagscape {

struct ExportOptions {
  std::vector<const ExchangeFormat*> formats{};
  LayerOptions layer{};
  bool points = true, frames = true;  ///< What is written, of what a format holds and the layer has.
  std::vector<ImageIds> image_ids{ImageIds::Nyu40};
  bool again = false;     ///< Write scenes that are there with the same labels and options.
  std::string program{};  ///< For the manifest.
};

/// Writes label layers of any number of scenes into a folder, a scene at a time:
///   <format>/…           the files of each format
///   manifest.json        what all scenes share   manifest/<scene>.json   checksums and facts of each
/// Every file is replaced atomically and read again; every scene is then read with each format's own reader and each
/// label compared. A scene whose manifest is there is whole, so that an interrupted export goes on where it was, and
/// several processes can share the scenes of one folder.
class Exporter {
 public:
  /// Errors: NotWritable; InvalidInput without a format, or if a format cannot hold the classes.
  [[nodiscard]] static Result<Exporter> create(const std::filesystem::path& folder,
                                               ExportOptions options,
                                               const ExchangeClasses& classes);
  Exporter(Exporter&&) noexcept;
  Exporter& operator=(Exporter&&) noexcept;
  ~Exporter();

  /// @param layer  of the scene, before the options are applied; its classes are those of create().
  /// Errors: InvalidInput if the layer belongs to another cloud, has nothing that a format holds, or does not fit it;
  /// NotWritable; Internal if what is read back differs; Cancelled.
  [[nodiscard]] Result<ExportedScene> add(const SharedScene& scene, ExchangeLayer layer, const Job& job);

 private:
  struct Impl;
  explicit Exporter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// One scene as the one file that a format makes of it (ExchangeFormat::single_file), for a pipe.
/// Errors: InvalidInput for formats of several files; as Exporter::add.
[[nodiscard]] Result<std::vector<std::byte>> exportToBytes(const SharedScene& scene,
                                                           ExchangeLayer layer,
                                                           const ExportOptions& options);

}  // namespace tagscape
