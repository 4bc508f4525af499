// PNG of class ids for each frame, as ScanNet has them:
//   <scene>/label/12.png        8 bit, NYU40 ids, 0 for none: what the 2D benchmark takes
//   <scene>/label-train/12.png  8 bit, 0 … 19, 255 for none
//   <scene>/label-raw/12.png    16 bit, ScanNet's own categories, 0 for none: as in _2d-label-filt.zip
//   <scene>/instance/12.png     16 bit, 1000 * id + the number of the object among those of its class in the scene
// Source: the repository of ScanNet, README.md and BenchmarkScripts/2d_helpers.

#include "core/base/files.h"
#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/exchange/formats/pack.h"
#include "core/io/image_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tagscape::formats {
namespace fs = std::filesystem;
namespace {

constexpr std::uint8_t kNoTrainId = 255;
constexpr std::uint32_t kInstancesPerClass = 1000;

const char* folderOf(ImageIds ids) {
  switch (ids) {
    case ImageIds::Train:
      return "label-train";
    case ImageIds::Raw:
      return "label-raw";
    case ImageIds::Nyu40:
      break;
  }
  return "label";
}

template <class T, class IdOfRow>
Image<T> imageOfIds(const Image<std::uint16_t>& rows, IdOfRow id_of_row) {
  Image<T> image(rows.width, rows.height, 1);
  std::transform(rows.pixels.begin(), rows.pixels.end(), image.pixels.begin(), id_of_row);
  return image;
}

Result<std::vector<std::byte>> encodeIds(const LayerFrame& frame, const ExchangeClasses& classes, ImageIds ids) {
  switch (ids) {
    case ImageIds::Train:
      return encodePng8(imageOfIds<std::uint8_t>(frame.classes, [](std::uint16_t row) {
        return row == kUnlabelled ? kNoTrainId : static_cast<std::uint8_t>(row);
      }));
    case ImageIds::Raw:
      return encodePng16(imageOfIds<std::uint16_t>(frame.classes, [&](std::uint16_t row) {
        return row == kUnlabelled ? std::uint16_t{0} : classes[row].raw_id;
      }));
    case ImageIds::Nyu40:
      break;
  }
  return encodePng8(imageOfIds<std::uint8_t>(
      frame.classes, [&](std::uint16_t row) { return static_cast<std::uint8_t>(idOf(classes, row)); }));
}

Status checkRawIds(const ExportScene& scene) {
  const auto& ids = scene.image_ids;
  if (std::find(ids.begin(), ids.end(), ImageIds::Raw) == ids.end()) return {};
  for (const auto& info : scene.layer->classes) {
    if (info.raw_id == 0) {
      return fail(ErrorCode::InvalidInput,
                  fmt::format("Class \"{}\" has no id among ScanNet's own categories. Write other ids with --image-ids "
                              "nyu40, or leave the class out with --classes",
                              info.name));
    }
  }
  return {};
}

/// Numbers objects from 1 within their class, over all frames of the scene.
class InstanceNumbers {
 public:
  Result<RawDepthImage> imageOf(const LayerFrame& frame, const ExchangeClasses& classes) {
    RawDepthImage image(frame.classes.width, frame.classes.height, 1);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
      const std::uint16_t row = frame.classes.pixels[i];
      if (row == kUnlabelled) continue;
      const std::uint32_t value = classes[row].id * kInstancesPerClass + numberOf(row, frame.instances.pixels[i]);
      if (counts_[row] >= kInstancesPerClass || value > UINT16_MAX) {
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("The format label-images holds 999 objects of a class and ids up to 64, and there are {} "
                        "of class \"{}\" with id {}. Export without instances (--instances none), or as coco",
                        counts_[row],
                        classes[row].name,
                        classes[row].id));
      }
      image.pixels[i] = static_cast<std::uint16_t>(value);
    }
    return image;
  }

 private:
  std::uint32_t numberOf(std::uint16_t row, std::uint32_t instance) {
    if (instance == 0) return 0;
    const auto [found, is_new] = numbers_.try_emplace({row, instance}, 0U);
    if (is_new) found->second = ++counts_[row];
    return found->second;
  }
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint32_t> numbers_;
  std::map<std::uint16_t, std::uint32_t> counts_;
};

/// Where the images of a scene are, and what their numbers mean.
struct ImageFolder {
  fs::path labels, instances;
  IdMeaning meaning = IdMeaning::Unknown;
};

Result<ImageFolder> findImages(const fs::path& place, const std::string& scene) {
  for (const auto& [name, meaning] : {std::pair{"label", IdMeaning::Nyu40},
                                      std::pair{"label-train", IdMeaning::Train},
                                      std::pair{"label-raw", IdMeaning::Raw},
                                      std::pair{"label-filt", IdMeaning::Raw}}) {
    if (const auto folder = sceneFolder(place, scene, name))
      return ImageFolder{*folder / name, *folder / "instance", meaning};
  }
  if (!numberedFiles(place, ".png").empty()) return ImageFolder{place, {}, IdMeaning::Unknown};
  return failFile(ErrorCode::NotFound,
                  scene.empty() ? place : place / scene,
                  "it has no folder label, label-train or label-raw, and no numbered PNG files",
                  "Check the folder and the scene's name");
}

Result<ForeignFrame> readImage(const fs::path& labels, const fs::path& instances, IdMeaning meaning) {
  TAGSCAPE_ASSIGN(const auto bytes, readFile(labels));
  TAGSCAPE_ASSIGN(const RawDepthImage image, decodePng16(bytes, labels));
  ForeignFrame frame = emptyForeignFrame(image.width, image.height, false);
  const bool is_train = meaning == IdMeaning::Train;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const std::uint16_t id = image.pixels[i];
    if (is_train ? id != kNoTrainId : id != 0) frame.ids.pixels[i] = id;
  }
  if (instances.empty() || !fs::exists(instances)) return frame;
  TAGSCAPE_ASSIGN(const auto more, readFile(instances));
  TAGSCAPE_ASSIGN(const RawDepthImage numbers, decodePng16(more, instances));
  if (numbers.width != image.width || numbers.height != image.height) {
    return failFile(ErrorCode::InvalidInput,
                    instances,
                    fmt::format("it is {} x {} pixels, and the labels are {} x {}",
                                numbers.width,
                                numbers.height,
                                image.width,
                                image.height),
                    "Export both at one size");
  }
  frame.instances = {image.width, image.height, 1, 0U};
  for (std::size_t i = 0; i < numbers.pixels.size(); ++i)
    frame.instances.pixels[i] = numbers.pixels[i] % kInstancesPerClass == 0 ? 0U : numbers.pixels[i];
  return frame;
}

}  // namespace

Status writeLabelImages(const ExportScene& scene, const FileSink& sink) {
  TAGSCAPE_TRY(checkRawIds(scene));
  InstanceNumbers numbers;
  return forEachFrame(scene, [&](int number, const LayerFrame& frame) -> Status {
    for (const ImageIds ids : scene.image_ids) {
      TAGSCAPE_ASSIGN(auto bytes, encodeIds(frame, scene.layer->classes, ids));
      TAGSCAPE_TRY(sink(fmt::format("{}/{}/{}.png", scene.scene->name, folderOf(ids), number), std::move(bytes)));
    }
    if (frame.instances.empty()) return {};
    TAGSCAPE_ASSIGN(const RawDepthImage instances, numbers.imageOf(frame, scene.layer->classes));
    TAGSCAPE_ASSIGN(auto bytes, encodePng16(instances));
    return sink(fmt::format("{}/instance/{}.png", scene.scene->name, number), std::move(bytes));
  });
}

Result<ForeignLabels> readLabelImages(const fs::path& place, const std::string& scene) {
  TAGSCAPE_ASSIGN(const ImageFolder folder, findImages(place, scene));
  ForeignLabels labels{.meaning = folder.meaning};
  std::map<int, fs::path> files;
  for (auto& [number, file] : numberedFiles(folder.labels, ".png")) files.emplace(number, std::move(file));
  for (const auto& [number, file] : files) labels.frame_numbers.push_back(number);
  labels.frame = [files, folder](int number) {
    const fs::path& file = files.at(number);
    return readImage(file, folder.instances.empty() ? fs::path() : folder.instances / file.filename(), folder.meaning);
  };
  return labels;
}

}  // namespace tagscape::formats
