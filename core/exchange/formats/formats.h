#pragma once

#include "core/exchange/exchange_format.h"

#include <filesystem>
#include <string>

/// Writers and readers of the formats, one source for each; see ExchangeFormat for what they take and give. Writers
/// give the bytes of whole files; errors of readers are NotFound, and InvalidInput with the file, the place in it and a
/// remedy.
namespace tagscape::formats {

#define TAGSCAPE_FORMAT(writer, reader)                                        \
  [[nodiscard]] Status writer(const ExportScene& scene, const FileSink& sink); \
  [[nodiscard]] Result<ForeignLabels> reader(const std::filesystem::path& place, const std::string& scene)

TAGSCAPE_FORMAT(writePlyLabels, readPlyLabels);
TAGSCAPE_FORMAT(writePcdLabels, readPcdLabels);
TAGSCAPE_FORMAT(writeScanNet, readScanNet);
TAGSCAPE_FORMAT(writeScanNetInstances, readScanNetInstances);
TAGSCAPE_FORMAT(writeLabelImages, readLabelImages);
TAGSCAPE_FORMAT(writeSemanticKitti, readSemanticKitti);
TAGSCAPE_FORMAT(writeSupervisely, readSupervisely);
TAGSCAPE_FORMAT(writeLabelCloud, readLabelCloud);
TAGSCAPE_FORMAT(writeCvat, readCvat);
TAGSCAPE_FORMAT(writeCoco, readCoco);
TAGSCAPE_FORMAT(writeLabelStudio, readLabelStudio);
TAGSCAPE_FORMAT(writeDatumaro, readDatumaro);
TAGSCAPE_FORMAT(writeLasLabels, readLasLabels);
TAGSCAPE_FORMAT(writePointcept, readPointcept);
TAGSCAPE_FORMAT(writeNumpy, readNumpy);
#undef TAGSCAPE_FORMAT

[[nodiscard]] Status writeOverlays(const ExportScene& scene, const FileSink& sink);

/// What the scenes of a format share.
[[nodiscard]] Status writeClassMapping(const ExchangeClasses& classes, const FileSink& sink);
[[nodiscard]] Status writeKittiClasses(const ExchangeClasses& classes, const FileSink& sink);
[[nodiscard]] Status writeSuperviselyMeta(const ExchangeClasses& classes, const FileSink& sink);
[[nodiscard]] Status writeLabelCloudClasses(const ExchangeClasses& classes, const FileSink& sink);
[[nodiscard]] Status writeLabelStudioConfig(const ExchangeClasses& classes, const FileSink& sink);
[[nodiscard]] Status writeClassNames(const ExchangeClasses& classes, const FileSink& sink);

}  // namespace tagscape::formats
