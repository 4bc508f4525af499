#pragma once

#include "core/base/result.h"
#include "core/io/image_codec.h"
#include "core/io/zip_archive.h"
#include "core/scans/scannet_labels.h"

#include <map>
#include <memory>
#include <mutex>

namespace tagscape {

/// What the numbers in label images are.
enum class LabelIds {
  Auto,  ///< NYU40 unless an image of the scene has a number above 40 (a sample of images is looked at).
  Nyu40,
  Raw,  ///< ScanNet's own category ids, translated by scannetv2-labels.combined.tsv.
};

/// The label images of a scan, in a folder or inside a zip file. Safe from several threads at once.
class LabelImages {
 public:
  /// Images K.png of `folder`. @param map  may be null; then images with raw ids cannot be read.
  LabelImages(const std::filesystem::path& folder, LabelIds ids, std::shared_ptr<const LabelMap> map);
  /// Images */K.png of a zip file with raw ids, such as scene0000_00_2d-label-filt.zip.
  LabelImages(std::shared_ptr<const ZipArchive> archive,
              const std::filesystem::path& name,
              std::shared_ptr<const LabelMap> map);

  [[nodiscard]] bool has(int frame_number) const { return entries_.contains(frame_number); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// Class indices (kNoClass where unannotated or not one of the 20), brought to the given size by taking the nearest
  /// pixel. Errors: NotFound if the frame has none or the table for raw ids is missing; InvalidInput; Io.
  [[nodiscard]] Result<Image<std::uint8_t>> read(int frame_number, ImageSize size) const;

 private:
  struct Entry {
    std::filesystem::path file;  ///< Or the name that messages give it.
    std::size_t zip_index = 0;
  };
  [[nodiscard]] Result<RawDepthImage> decode(const Entry& entry) const;
  [[nodiscard]] bool usesRawIds() const;

  std::map<int, Entry> entries_;
  std::shared_ptr<const ZipArchive> archive_;
  LabelIds ids_;
  std::shared_ptr<const LabelMap> map_;
  mutable std::once_flag ids_known_;
  mutable bool raw_ = false;
};

/// The number that a file is named after: 12 for "12.png" and "000012.png".
[[nodiscard]] std::optional<int> frameNumber(const std::filesystem::path& file);

}  // namespace tagscape
