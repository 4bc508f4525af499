#include "core/exchange/format_table.h"

#include "core/exchange/formats/formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace tagscape {
namespace {

constexpr std::uint32_t kByte = 0xFF, kShort = 0xFFFF, kSignedByte = 127;

const std::array kFormats{
    ExchangeFormat{.name = "ply",
                   .summary = "Mesh or cloud with scalar fields (CloudCompare, MeshLab, Open3D)",
                   .points = true,
                   .instances = true,
                   .confidence = true,
                   .forbidden_in_names = "\n\r",
                   .single_file = "_labels.ply",
                   .write = &formats::writePlyLabels,
                   .read = &formats::readPlyLabels},
    ExchangeFormat{.name = "pcd",
                   .summary = "Point cloud with a field \"label\" and a class map (Supervisely, PCL)",
                   .points = true,
                   .instances = true,
                   .confidence = true,
                   .single_file = ".pcd",
                   .write = &formats::writePcdLabels,
                   .write_common = &formats::writeClassMapping,
                   .read = &formats::readPcdLabels},
    ExchangeFormat{.name = "scannet",
                   .summary = "ScanNet's benchmark text, .labels.ply, aggregation and segments",
                   .points = true,
                   .instances = true,
                   .largest_id = kShort,
                   .single_file = ".txt",
                   .write = &formats::writeScanNet,
                   .read = &formats::readScanNet},
    ExchangeFormat{.name = "scannet-instances",
                   .summary = "ScanNet's instance benchmark: a mask for each object",
                   .points = true,
                   .instances = true,
                   .only_instances = true,
                   .write = &formats::writeScanNetInstances,
                   .read = &formats::readScanNetInstances},
    ExchangeFormat{.name = "label-images",
                   .summary = "PNG of class ids for each frame, as ScanNet's 2D benchmark takes it",
                   .frames = true,
                   .instances = true,
                   .largest_id = kByte,
                   .write = &formats::writeLabelImages,
                   .read = &formats::readLabelImages},
    ExchangeFormat{.name = "semantickitti",
                   .summary = "SemanticKITTI .bin and .label with poses (point_labeler)",
                   .points = true,
                   .instances = true,
                   .largest_id = kShort,
                   .largest_instance = kShort,
                   .write = &formats::writeSemanticKitti,
                   .write_common = &formats::writeKittiClasses,
                   .read = &formats::readSemanticKitti},
    ExchangeFormat{.name = "supervisely",
                   .summary = "Supervisely's project of point clouds",
                   .points = true,
                   .instances = true,
                   .write = &formats::writeSupervisely,
                   .write_common = &formats::writeSuperviselyMeta,
                   .read = &formats::readSupervisely},
    ExchangeFormat{.name = "labelcloud",
                   .summary = "labelCloud's segmentation: a cloud and a byte for each point",
                   .points = true,
                   .largest_id = kSignedByte,
                   .write = &formats::writeLabelCloud,
                   .write_common = &formats::writeLabelCloudClasses,
                   .read = &formats::readLabelCloud},
    ExchangeFormat{.name = "cvat",
                   .summary = "CVAT's \"Segmentation mask 1.1\", a zip file for each scene",
                   .frames = true,
                   .instances = true,
                   .forbidden_in_names = ":\n\r",
                   .single_file = ".zip",
                   .write = &formats::writeCvat,
                   .read = &formats::readCvat},
    ExchangeFormat{.name = "coco",
                   .summary = "COCO panoptic and instances with run lengths",
                   .frames = true,
                   .instances = true,
                   .write = &formats::writeCoco,
                   .read = &formats::readCoco},
    ExchangeFormat{.name = "label-studio",
                   .summary = "Label Studio tasks with brush masks",
                   .frames = true,
                   .instances = true,
                   .single_file = ".json",
                   .write = &formats::writeLabelStudio,
                   .write_common = &formats::writeLabelStudioConfig,
                   .read = &formats::readLabelStudio},
    ExchangeFormat{.name = "datumaro",
                   .summary = "Datumaro's own format: masks of each frame",
                   .frames = true,
                   .instances = true,
                   .write = &formats::writeDatumaro,
                   .read = &formats::readDatumaro},
    ExchangeFormat{.name = "las",
                   .summary = "LAS 1.4 with a table of classes and extra bytes",
                   .points = true,
                   .instances = true,
                   .confidence = true,
                   .largest_id = kByte,
                   .longest_name = 15,
                   .single_file = ".las",
                   .write = &formats::writeLasLabels,
                   .read = &formats::readLasLabels},
    ExchangeFormat{.name = "pointcept",
                   .summary = "Folders of numpy arrays as Pointcept trains on (ScanNet, S3DIS)",
                   .points = true,
                   .instances = true,
                   .write = &formats::writePointcept,
                   .read = &formats::readPointcept},
    ExchangeFormat{.name = "npy",
                   .summary = "numpy arrays of labels, confidences and instances",
                   .points = true,
                   .frames = true,
                   .instances = true,
                   .confidence = true,
                   .write = &formats::writeNumpy,
                   .write_common = &formats::writeClassNames,
                   .read = &formats::readNumpy},
    ExchangeFormat{.name = "overlays",
                   .summary = "Pictures of the frames with the classes' colours over them, to look at",
                   .frames = true,
                   .write = &formats::writeOverlays},
};

tl::unexpected<Error> refuse(const ExchangeFormat& format, std::string_view problem, std::string_view remedy) {
  return fail(ErrorCode::InvalidInput, fmt::format("The format {} {}. {}", format.name, problem, remedy));
}

Status checkClass(const ExchangeFormat& format, const ExchangeClass& info) {
  constexpr std::string_view kRename = "Rename it, or choose another format";
  if (info.id > format.largest_id) {
    return refuse(format,
                  fmt::format("holds ids up to {}, and class \"{}\" has {}", format.largest_id, info.name, info.id),
                  "Leave the class out with --classes, or choose another format, such as ply or npy");
  }
  if (format.longest_name > 0 && info.name.size() > format.longest_name) {
    return refuse(
        format,
        fmt::format(
            "holds names of up to {} bytes, and class \"{}\" has {}", format.longest_name, info.name, info.name.size()),
        kRename);
  }
  const auto bad = info.name.find_first_of(format.forbidden_in_names);
  if (!format.forbidden_in_names.empty() && bad != std::string::npos) {
    return refuse(format,
                  fmt::format("cannot hold the character at place {} of the class name \"{}\"", bad + 1, info.name),
                  kRename);
  }
  return {};
}

}  // namespace

std::span<const ExchangeFormat> exchangeFormats() { return kFormats; }

Result<const ExchangeFormat*> exchangeFormatNamed(std::string_view name) {
  std::string names;
  for (const ExchangeFormat& format : kFormats) {
    if (format.name == name) return &format;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format.name);
  }
  return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is no exchange format. Choose of {}", name, names));
}

Result<std::vector<const ExchangeFormat*>> exchangeFormatsNamed(const std::vector<std::string>& names) {
  std::vector<const ExchangeFormat*> formats;
  for (const auto& name : names) {
    TAGSCAPE_ASSIGN(const ExchangeFormat* format, exchangeFormatNamed(name));
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
  }
  return formats;
}

Status checkFits(const ExchangeFormat& format, const ExchangeLayer& layer) {
  std::set<std::string> names;
  std::set<std::uint16_t> ids;
  for (const ExchangeClass& info : layer.classes) {
    TAGSCAPE_TRY(checkClass(format, info));
    if (!names.insert(info.name).second)
      return refuse(format, fmt::format("needs different names, and two classes are \"{}\"", info.name), "Rename one");
    if (!ids.insert(info.id).second || info.id == 0)
      return refuse(format,
                    fmt::format("cannot use the id {} of class \"{}\"", info.id, info.name),
                    "Give each class an id of its own, from 1");
  }
  const auto& instances = layer.points.instances;
  const auto largest = instances.empty() ? instances.end() : std::max_element(instances.begin(), instances.end());
  if (format.largest_instance > 0 && largest != instances.end() && *largest > format.largest_instance) {
    return refuse(format,
                  fmt::format("holds instances up to {}, and there is {}", format.largest_instance, *largest),
                  "Export without instances (--instances none), or choose another format, such as ply");
  }
  return {};
}

}  // namespace tagscape
