#pragma once

#include "core/exchange/exchange_layer.h"
#include "core/exchange/foreign_labels.h"
#include "core/scene/scene.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// The ids in label images.
enum class ImageIds : std::uint8_t { Nyu40, Train, Raw };

/// What a writer gets: one scene and its labels, as they are to stand in the files.
struct ExportScene {
  SharedScene scene;
  const ExchangeLayer* layer = nullptr;
  bool points = true;  ///< Whether labels of points are wanted; the layer has some then.
  bool frames = true;  ///< The same of frames.
  std::vector<ImageIds> image_ids{ImageIds::Nyu40};
};

/// Takes a file that a writer made. @param name  below the format's folder: "sequences/room/labels/000000.label".
using FileSink = std::function<Status(const std::string& name, std::vector<std::byte> bytes)>;

/// A format of other programs: a row of exchangeFormats().
struct ExchangeFormat {
  std::string_view name;                ///< On the command line and as the name of its folder.
  std::string_view summary;             ///< What it is and who opens it.
  bool points = false, frames = false;  ///< What it holds.
  bool instances = false;               ///< Whether the number of an object survives,
  bool confidence = false;              ///< and how sure each label is.
  /// Holds objects alone: labels without an instance are left out.
  bool only_instances = false;
  std::uint32_t largest_id = 0xFFFF;      ///< Of a class.
  std::uint32_t largest_instance = 0;     ///< 0: no limit.
  std::size_t longest_name = 0;           ///< Bytes of a class name; 0: no limit.
  std::string_view forbidden_in_names{};  ///< Characters that its files cannot hold there.
  std::string_view single_file{};  ///< The ending that, after the scene's name, makes the name of the file that is the
                                   ///< whole of it; empty where several files belong together.
  /// Writes one scene.
  Status (*write)(const ExportScene&, const FileSink&) = nullptr;
  /// Writes what all scenes share, such as the list of classes; may be null.
  Status (*write_common)(const ExchangeClasses&, const FileSink&) = nullptr;
  /// Reads the labels of one scene; null for formats that are made to be looked at.
  /// @param place  the format's folder, or a file in it.   @param scene  its name; empty: the only one that is there.
  Result<ForeignLabels> (*read)(const std::filesystem::path& place, const std::string& scene) = nullptr;
};

}  // namespace tagscape
