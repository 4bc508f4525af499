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
  Auto,  ///< Found out from the numbers in a sample of images: train ids if there are 255 and else 0 … 19 only, NYU40
         ///< up to 40, else raw.
  Nyu40,
  Train,  ///< 0 … 19 in the order of the class catalogue, 255 (or -1) for none.
  Raw,    ///< ScanNet's own category ids, translated by scannetv2-labels.combined.tsv.
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
  /// What its numbers are; found out by looking at a sample of images at the first call, if that was not given.
  [[nodiscard]] LabelIds ids() const;

  /// How ambiguous ids were understood, as a clause; empty if they are not ambiguous or their kind was given.
  [[nodiscard]] std::string note() const;

  /// Class indices (kNoClass where unannotated or not one of the 20), brought to the given size by taking the nearest
  /// pixel. Errors: NotFound if the frame has none or the table for raw ids is missing; InvalidInput; Io.
  [[nodiscard]] Result<Image<std::uint8_t>> read(int frame_number, ImageSize size) const;

 private:
  struct Entry {
    std::filesystem::path file;  ///< Or the name that messages give it.
    std::size_t zip_index = 0;
  };
  [[nodiscard]] Result<RawDepthImage> decode(const Entry& entry) const;
  /// Found in a sample of the images.
  struct Sample {
    LabelIds ids = LabelIds::Nyu40;
    bool is_clear = true;
  };
  [[nodiscard]] Sample findIds() const;
  [[nodiscard]] const Sample& sample() const;

  std::map<int, Entry> entries_;
  std::shared_ptr<const ZipArchive> archive_;
  LabelIds ids_;
  std::shared_ptr<const LabelMap> map_;
  mutable std::once_flag ids_known_;
  mutable Sample found_;
};

/// The number at the end of a file's name, before its extension and kind: 12 for "12.png", "000012.png" and
/// "frame-000012.color.png". Nothing for other names, times such as "1305031102.17" among them.
[[nodiscard]] std::optional<int> frameNumber(const std::filesystem::path& file);

}  // namespace tagscape
