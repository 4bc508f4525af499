#include "core/io/cam_file.h"

#include "core/io/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Run the prediction again";

template <class T>
TensorBlob blobOf(std::string dtype, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  TensorBlob blob{std::move(dtype), std::move(shape), {}};
  blob.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(blob.bytes.data(), values.data(), blob.bytes.size());
  return blob;
}

template <class T>
std::vector<T> valuesOf(const TensorBlob& blob) {
  std::vector<T> values(blob.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), blob.bytes.data(), blob.bytes.size());
  return values;
}

Result<const TensorBlob*> require(const TensorFile& file,
                                  const std::string& key,
                                  const char* dtype,
                                  std::size_t num_sides,
                                  const std::filesystem::path& name) {
  const auto found = file.tensors.find(key);
  if (found == file.tensors.end()) {
    return failFile(ErrorCode::InvalidInput, name, fmt::format("holds no tensor \"{}\"", key), kRemedy);
  }
  if (found->second.dtype != dtype || found->second.shape.size() != num_sides) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("tensor \"{}\" has another type or shape", key), kRemedy);
  }
  return &found->second;
}

Result<FrameCams> frameFrom(const TensorFile& file, const std::string& key, const std::filesystem::path& name) {
  constexpr std::string_view kPrefix = "frame/";
  FrameCams cams;
  const char* end = key.data() + key.size();
  const auto [stopped, problem] = std::from_chars(key.data() + kPrefix.size(), end, cams.frame_number);
  TAGSCAPE_ASSIGN(const TensorBlob* blob, require(file, key, "F32", 3, name));
  constexpr std::int64_t kMaxCells = 1 << 16;
  if (problem != std::errc() || stopped != end || blob->shape[0] != kNumClasses || blob->shape[1] < 1 ||
      blob->shape[2] < 1 || blob->shape[1] > kMaxCells || blob->shape[2] > kMaxCells) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("tensor \"{}\" has another name or shape", key), kRemedy);
  }
  cams.height = static_cast<int>(blob->shape[1]);
  cams.width = static_cast<int>(blob->shape[2]);
  cams.values = valuesOf<float>(*blob);
  return cams;
}

std::string cellsKey(int frame_number) { return fmt::format("cells/{:06}", frame_number); }

/// Where a frame's cells lie, if the file says so; otherwise they are centred.
Status readFrameGrid(const TensorFile& file, FrameCams& cams, const std::filesystem::path& name) {
  constexpr int kMaxStride_px = 1 << 16;
  const auto found = file.metadata.find(cellsKey(cams.frame_number));
  if (found == file.metadata.end()) return {};
  const char* end = found->second.data() + found->second.size();
  CellGrid grid;
  auto read = std::from_chars(found->second.data(), end, grid.stride_px);
  const bool has_two = read.ec == std::errc() && read.ptr != end && *read.ptr == ' ';
  if (has_two) read = std::from_chars(read.ptr + 1, end, grid.first_px);
  if (!has_two || read.ec != std::errc() || read.ptr != end || grid.stride_px < 1 || grid.stride_px > kMaxStride_px ||
      !(std::abs(grid.first_px) <= grid.stride_px)) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("its metadata \"{}\" is not a stride and a first place", found->first),
                    kRemedy);
  }
  cams.grid = grid;
  return {};
}

Result<CamsOrigin> originFrom(const std::map<std::string, std::string>& metadata, const std::filesystem::path& name) {
  const auto text = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  CamsOrigin origin{text("scene"), text("scene_path"), 0, text("uses_tags") != "false", text("origin")};
  const std::string step = text("step");
  if (std::from_chars(step.data(), step.data() + step.size(), origin.step).ec != std::errc()) {
    return failFile(ErrorCode::InvalidInput, name, "its metadata names no step", kRemedy);
  }
  return origin;
}

/// Raw maps beside the CAMs of a frame, if there are any.
Status readFrameLogits(const TensorFile& file, FrameCams& cams, const std::filesystem::path& name) {
  const std::string key = fmt::format("frame_logits/{:06}", cams.frame_number);
  if (!file.tensors.contains(key)) return {};
  TAGSCAPE_ASSIGN(const TensorBlob* blob, require(file, key, "F32", 3, name));
  if (blob->shape != std::vector<std::int64_t>{kNumClasses, cams.height, cams.width}) {
    return failFile(
        ErrorCode::InvalidInput, name, fmt::format("tensor \"{}\" has not the shape of its CAMs", key), kRemedy);
  }
  cams.logits = valuesOf<float>(*blob);
  return {};
}

}  // namespace

Status writeCams(const std::filesystem::path& path, const SceneCams& cams) {
  TensorFile file;
  file.metadata = {{"scene", cams.scene_name},
                   {"step", std::to_string(cams.step)},
                   {"uses_tags", cams.uses_tags ? "true" : "false"},
                   {"origin", cams.origin},
                   {"scene_path", cams.scene_path}};
  const auto num_points = static_cast<std::int64_t>(cams.numPoints());
  file.tensors["point_values"] = blobOf("F32", {num_points, kNumClasses}, cams.point_values);
  file.tensors["point_labels"] = blobOf("U8", {num_points}, cams.point_labels);
  if (!cams.point_logits.empty())
    file.tensors["point_logits"] = blobOf("F32", {num_points, kNumClasses}, cams.point_logits);
  for (const auto& frame : cams.frames) {
    const std::vector<std::int64_t> shape{kNumClasses, frame.height, frame.width};
    file.tensors[fmt::format("frame/{:06}", frame.frame_number)] = blobOf("F32", shape, frame.values);
    if (!frame.grid.isCentred())
      file.metadata[cellsKey(frame.frame_number)] = fmt::format("{} {}", frame.grid.stride_px, frame.grid.first_px);
    if (!frame.logits.empty())
      file.tensors[fmt::format("frame_logits/{:06}", frame.frame_number)] = blobOf("F32", shape, frame.logits);
  }
  return writeSafetensors(path, file);
}

Result<SceneCams> readCams(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const TensorFile file, readSafetensors(path));
  TAGSCAPE_ASSIGN(const CamsOrigin origin, originFrom(file.metadata, path));
  SceneCams cams;
  cams.scene_name = origin.scene_name;
  cams.scene_path = origin.scene_path;
  cams.step = origin.step;
  cams.uses_tags = origin.uses_tags;
  cams.origin = origin.origin;
  TAGSCAPE_ASSIGN(const TensorBlob* labels, require(file, "point_labels", "U8", 1, path));
  TAGSCAPE_ASSIGN(const TensorBlob* values, require(file, "point_values", "F32", 2, path));
  if (values->shape[0] != labels->shape[0] || values->shape[1] != kNumClasses) {
    return failFile(ErrorCode::InvalidInput, path, "its point values and labels do not belong together", kRemedy);
  }
  cams.point_labels = valuesOf<std::uint8_t>(*labels);
  cams.point_values = valuesOf<float>(*values);
  if (file.tensors.contains("point_logits")) {
    TAGSCAPE_ASSIGN(const TensorBlob* logits, require(file, "point_logits", "F32", 2, path));
    if (logits->shape != values->shape)
      return failFile(ErrorCode::InvalidInput, path, "its point logits and values do not belong together", kRemedy);
    cams.point_logits = valuesOf<float>(*logits);
  }
  const bool labels_fit = std::all_of(cams.point_labels.begin(), cams.point_labels.end(), [](std::uint8_t label) {
    return label < kNumClasses || label == kNoClass;
  });
  if (!labels_fit) return failFile(ErrorCode::InvalidInput, path, "it has point labels that are no class", kRemedy);
  for (const auto& [key, blob] : file.tensors) {
    if (!key.starts_with("frame/")) continue;
    TAGSCAPE_ASSIGN(auto frame, frameFrom(file, key, path));
    TAGSCAPE_TRY(readFrameLogits(file, frame, path));
    TAGSCAPE_TRY(readFrameGrid(file, frame, path));
    cams.frames.push_back(std::move(frame));
  }
  std::sort(cams.frames.begin(), cams.frames.end(), [](const FrameCams& a, const FrameCams& b) {
    return a.frame_number < b.frame_number;
  });
  return cams;
}

Result<CamsOrigin> readCamsOrigin(const std::filesystem::path& path) {
  TAGSCAPE_ASSIGN(const auto metadata, readSafetensorsMetadata(path));
  return originFrom(metadata, path);
}

}  // namespace tagscape
