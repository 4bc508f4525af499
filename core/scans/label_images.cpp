#include "core/scans/label_images.h"

#include "core/base/files.h"
#include "core/scans/label_columns.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxImageBytes = std::uint64_t{64} << 20;
constexpr std::int32_t kLargestNyu40 = 40;

Image<std::uint8_t> resizeNearest(const Image<std::uint8_t>& from, ImageSize size) {
  if (from.width == size.width && from.height == size.height) return from;
  Image<std::uint8_t> to(size.width, size.height, 1);
  for (int y = 0; y < size.height; ++y) {
    const auto source_y = static_cast<int>((2 * std::int64_t{y} + 1) * from.height / (2 * std::int64_t{size.height}));
    for (int x = 0; x < size.width; ++x) {
      const auto source_x = static_cast<int>((2 * std::int64_t{x} + 1) * from.width / (2 * std::int64_t{size.width}));
      to.at(x, y) = from.at(source_x, source_y);
    }
  }
  return to;
}

}  // namespace

std::optional<int> frameNumber(const fs::path& file) {
  std::string stem = file.stem().string();
  for (const char* kind : {".color", ".depth", ".pose", ".label", ".rgb"}) {
    if (stem.ends_with(kind)) stem.resize(stem.size() - std::string_view(kind).size());
  }
  if (stem.find('.') != std::string::npos) return std::nullopt;  // a time
  const auto before = stem.find_last_not_of("0123456789");
  const std::string_view digits = std::string_view(stem).substr(before == std::string::npos ? 0 : before + 1);
  if (before != std::string::npos && stem[before] == '-' && before == 0) return std::nullopt;
  int number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

LabelImages::LabelImages(const fs::path& folder, LabelIds ids, std::shared_ptr<const LabelMap> map)
    : ids_(ids), map_(std::move(map)) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (it->path().extension() != ".png" && it->path().extension() != ".PNG") continue;
    if (const auto number = frameNumber(it->path())) entries_[*number] = {it->path(), 0};
  }
}

LabelImages::LabelImages(std::shared_ptr<const ZipArchive> archive,
                         const fs::path& name,
                         std::shared_ptr<const LabelMap> map)
    : archive_(std::move(archive)), ids_(LabelIds::Raw), map_(std::move(map)) {
  const auto& names = archive_->names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const fs::path entry(names[i]);
    if (entry.extension() != ".png" || entry.filename().string().starts_with("._")) continue;  // __MACOSX/._0.png
    if (const auto number = frameNumber(entry)) entries_[*number] = {name / entry.filename(), i};
  }
}

Result<RawDepthImage> LabelImages::decode(const Entry& entry) const {
  auto bytes = archive_ ? archive_->read(entry.zip_index, kMaxImageBytes) : readFile(entry.file, kMaxImageBytes);
  if (!bytes) return fail(std::move(bytes).error());
  return decodePng16(*bytes, entry.file);
}

LabelImages::Sample LabelImages::findIds() const {
  constexpr std::size_t kNumSampled = 8;
  const std::size_t step = std::max<std::size_t>(1, entries_.size() / kNumSampled);
  std::size_t position = 0;
  std::int32_t largest = -1;  // but for 255
  bool has_255 = false;
  for (const auto& [number, entry] : entries_) {
    if (position++ % step != 0) continue;
    const auto image = decode(entry);
    if (!image) continue;
    for (const std::uint16_t id : image->pixels) {
      if (id == kNoClass)
        has_255 = true;
      else
        largest = std::max<std::int32_t>(largest, id);
    }
  }
  if (areTrainIds(largest, has_255, false)) return {LabelIds::Train, false};
  if (largest > kLargestNyu40 || has_255) return {LabelIds::Raw, true};
  return {LabelIds::Nyu40, largest < 0 || largest >= static_cast<std::int32_t>(kNumClasses)};
}

const LabelImages::Sample& LabelImages::sample() const {
  std::call_once(ids_known_, [&] { found_ = findIds(); });
  return found_;
}

LabelIds LabelImages::ids() const { return ids_ != LabelIds::Auto ? ids_ : sample().ids; }

std::string LabelImages::note() const {
  if (ids_ != LabelIds::Auto || entries_.empty() || sample().is_clear) return "";
  if (ids() == LabelIds::Train)
    return "label images hold only 0 to 19 and 255, so they are read as train ids; use --label-ids if they are not";
  return "label images hold no id above 19, so they may be train ids; they are read as NYU40 unless --label-ids train "
         "is "
         "given";
}

Result<Image<std::uint8_t>> LabelImages::read(int frame_number, ImageSize size) const {
  const auto entry = entries_.find(frame_number);
  if (entry == entries_.end())
    return fail(ErrorCode::NotFound, fmt::format("Frame {} has no label image. Choose another frame", frame_number));
  const LabelIds ids_of_images = ids();
  const bool raw = ids_of_images == LabelIds::Raw;
  if (raw && (!map_ || !map_->knowsIds())) {
    return failFile(ErrorCode::NotFound,
                    entry->second.file,
                    "it holds ScanNet's own ids, and the table that translates them is missing",
                    "Put scannetv2-labels.combined.tsv beside the scene or up to three folders above it");
  }
  TAGSCAPE_ASSIGN(const auto ids, decode(entry->second));
  Image<std::uint8_t> classes(ids.width, ids.height, 1);
  std::unordered_map<std::uint16_t, std::uint8_t> known;  // an image has a few ids and a million pixels
  for (std::size_t i = 0; i < ids.pixels.size(); ++i) {
    const auto [found, is_new] = known.try_emplace(ids.pixels[i], kNoClass);
    if (is_new) {
      const auto nyu40 = raw ? map_->nyu40OfId(ids.pixels[i]).value_or(0) : int{ids.pixels[i]};
      found->second = ids_of_images == LabelIds::Train ? classOfTrainId(ids.pixels[i])
                                                       : classOfNyu40(static_cast<std::uint16_t>(nyu40));
    }
    classes.pixels[i] = found->second;
  }
  return resizeNearest(classes, size);
}

}  // namespace tagscape
