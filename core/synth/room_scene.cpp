#include "core/synth/room_scene.h"

#include "core/base/files.h"
#include "core/base/parallel.h"
#include "core/clouds/ply.h"
#include "core/io/image_codec.h"
#include "core/io/zip_write.h"
#include "core/scans/frame_folder_write.h"
#include "core/scans/scannet_write.h"
#include "core/scans/sens_file.h"
#include "core/scans/tags_file.h"
#include "core/scene/class_catalog.h"
#include "core/synth/camera_path.h"
#include "core/synth/categories.h"
#include "core/synth/fused_surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <optional>
#include <set>

namespace tagscape::synth {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kStage = "scanning invented rooms";
constexpr int kJpegQuality = 92;  ///< Of exported frames.
/// A scan has more frames than are kept; these are used for the mesh only.
constexpr int kUnkeptFrames = 24;
/// Frames of a long scan that the mesh is made from.
constexpr std::size_t kMaxMeshViews = 60;
constexpr std::uint64_t kMicrosecondsPerFrame = 33'333;

double threadSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A frame ready to be written.
struct MadeFrame {
  RgbImage color;
  RawDepthImage depth_mm;
  std::vector<std::byte> label_png;  ///< Raw ids.
  TagSet tags;
  double seconds = 0;
};

/// Renders the frames of a scan in order, several ahead in parallel.
class FrameMaker {
 public:
  FrameMaker(const Room& room,
             const RayCaster& caster,
             const SceneOptions& options,
             std::vector<Pose> poses,
             const Random& random,
             bool use_threads)
      : room_(room),
        caster_(caster),
        options_(options),
        camera_(scannerIntrinsics(options.width, options.height)),
        poses_(std::move(poses)),
        random_(random),
        batch_(use_threads ? 4 * static_cast<std::size_t>(numThreads()) : 1) {
    for (const auto& object : room.model.objects) raw_ids_.push_back(rawIdOf(object));
  }

  [[nodiscard]] const std::vector<Pose>& poses() const { return poses_; }
  [[nodiscard]] const Intrinsics& camera() const { return camera_; }
  [[nodiscard]] double seconds() const { return seconds_; }
  /// Of the frames taken so far.
  [[nodiscard]] const std::vector<TagSet>& tags() const { return tags_; }

  /// The next frame. Errors: Cancelled; Internal if a label image cannot be encoded.
  Result<MadeFrame> next(const Job& job) {
    if (next_ == made_.size()) {
      TAGSCAPE_TRY(job.checkStop(kStage));
      makeBatch();
    }
    auto frame = std::move(made_[next_++]);
    if (!frame) return frame;
    seconds_ += frame->seconds;
    tags_.push_back(frame->tags);
    return frame;
  }

 private:
  void makeBatch() {
    const std::size_t first = num_made_;
    made_ = std::vector<Result<MadeFrame>>(std::min(batch_, poses_.size() - first));
    const auto work = [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) made_[i] = make(first + i);
    };
    if (batch_ == 1) {
      work(0, made_.size());
    } else {
      parallelFor(made_.size(), 1, work);
    }
    num_made_ += made_.size();
    next_ = 0;
  }

  [[nodiscard]] Result<MadeFrame> make(std::size_t index) const {
    const double began = threadSeconds();
    auto rendered = renderFrame(
        room_, caster_, camera_, poses_[index], options_.sensor, random_.fork(fmt::format("frame {}", index)));
    const double seconds = threadSeconds() - began;
    const TagSet tags = tagsOf(rendered, room_.model);
    RawDepthImage labels = std::move(rendered.object);
    for (auto& pixel : labels.pixels) pixel = pixel == 0 ? std::uint16_t{0} : raw_ids_[pixel - 1U];
    TAGSCAPE_ASSIGN(auto png, encodePng16(labels));
    return MadeFrame{std::move(rendered.color), std::move(rendered.depth_mm), std::move(png), tags, seconds};
  }

  const Room& room_;
  const RayCaster& caster_;
  const SceneOptions& options_;
  Intrinsics camera_;
  std::vector<Pose> poses_;
  Random random_;
  std::size_t batch_;
  std::vector<std::uint16_t> raw_ids_;  ///< By object.
  std::vector<Result<MadeFrame>> made_;
  std::size_t num_made_ = 0;
  std::size_t next_ = 0;
  double seconds_ = 0;
  std::vector<TagSet> tags_;
};

/// The frame in which the files are written: turned around z and moved, by exact arithmetic.
Pose drawFileFromRoom(Random& random) {
  const double t = random.uniform(-1, 1);
  const double cosine = (1 - t * t) / (1 + t * t);
  const double sine = 2 * t / (1 + t * t);
  Pose pose = Pose::Identity();
  pose.linear() << cosine, -sine, 0, sine, cosine, 0, 0, 0, 1;
  pose.translation() = Eigen::Vector3d(random.uniform(2, 6), random.uniform(2, 6), random.uniform(-.3, .3));
  return pose;
}

SensHeader sensHeader(const Intrinsics& camera) {
  SensHeader header;
  header.sensor_name = "StructureSensor";
  Eigen::Matrix4f matrix = Eigen::Matrix4f::Identity();
  matrix(0, 0) = static_cast<float>(camera.fx);
  matrix(1, 1) = static_cast<float>(camera.fy);
  matrix(0, 2) = static_cast<float>(camera.cx);
  matrix(1, 2) = static_cast<float>(camera.cy);
  header.color_intrinsic = matrix;
  header.depth_intrinsic = matrix;
  header.color_width = header.depth_width = camera.width;
  header.color_height = header.depth_height = camera.height;
  return header;
}

/// Where and how a scene is written.
struct Target {
  fs::path folder;
  std::string id;
  Pose file_from_room;

  [[nodiscard]] fs::path file(std::string_view suffix) const { return folder / (id + std::string(suffix)); }
};

Status writeRecording(const Target& target, FrameMaker& frames, const Job& job, const std::function<void()>& on_frame) {
  std::vector<ZipEntry> labels;
  const auto make = [&](std::size_t index) -> Result<SensFrameData> {
    TAGSCAPE_ASSIGN(auto frame, frames.next(job));
    labels.push_back({fmt::format("label-filt/{}.png", index), std::move(frame.label_png)});
    SensFrameData data;
    data.world_from_camera = (target.file_from_room * frames.poses()[index]).matrix().cast<float>();
    data.timestamp_color_us = data.timestamp_depth_us = (index + 1) * kMicrosecondsPerFrame;
    data.color = std::move(frame.color);
    data.depth = std::move(frame.depth_mm);
    on_frame();
    return data;
  };
  TAGSCAPE_TRY(writeSens(target.file(".sens"), sensHeader(frames.camera()), frames.poses().size(), make));
  return writeZip(target.file("_2d-label-filt.zip"), labels);
}

Status writeExported(const Target& target, FrameMaker& frames, const Job& job, const std::function<void()>& on_frame) {
  TAGSCAPE_TRY(writeExportedCameras(target.folder, frames.camera(), frames.camera()));
  for (std::size_t i = 0; i < frames.poses().size(); ++i) {
    TAGSCAPE_ASSIGN(const auto frame, frames.next(job));
    const int number = static_cast<int>(i);
    const Pose pose = target.file_from_room * frames.poses()[i];
    TAGSCAPE_TRY(writeExportedFrame(target.folder, number, frame.color, frame.depth_mm, pose, kJpegQuality));
    TAGSCAPE_TRY(writeFileAtomically(target.folder / "label-filt" / fmt::format("{}.png", i), frame.label_png));
    on_frame();
  }
  return {};
}

/// Every object that kept a vertex, with its segments.
std::vector<SegmentGroup> groupsOf(const Room& room, const SurfaceMesh& surface) {
  std::map<std::uint32_t, std::set<std::int64_t>> segments;
  for (std::size_t i = 0; i < surface.objects.size(); ++i) segments[surface.objects[i]].insert(surface.segments[i]);
  std::vector<SegmentGroup> groups;
  for (const auto& [object, own] : segments)
    groups.push_back({room.model.objects[object].category, {own.begin(), own.end()}});
  return groups;
}

Status writeSurface(const Target& target, const Room& room, SurfaceMesh surface) {
  PlyContent content;
  std::vector<float> labels;
  constexpr int kOtherProp = 40;  // of NYU40: clutter
  for (const auto object : surface.objects) {
    const std::size_t class_index = room.model.objects[object].class_index;
    labels.push_back(static_cast<float>(class_index < kNumClasses ? classCatalog()[class_index].nyu40_id : kOtherProp));
  }
  for (auto& position : surface.mesh.vertices.positions_m)
    position = (target.file_from_room * position.cast<double>()).cast<float>();
  TAGSCAPE_TRY(writeSegments(target.file("_vh_clean_2.0.010000.segs.json"), target.id, surface.segments));
  TAGSCAPE_TRY(writeAggregation(target.file(".aggregation.json"), target.id, groupsOf(room, surface)));
  content.mesh = std::move(surface.mesh);
  TAGSCAPE_TRY(writePly(target.file("_vh_clean_2.ply"), content, {}, {.has_alpha = true, .ushort_scalars = {}}));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto class_index = classByNyu40(static_cast<int>(labels[i]));
    content.mesh.vertices.colors[i] =
        class_index ? classCatalog()[static_cast<std::size_t>(*class_index)].rgb : Rgb8{0, 0, 0};
  }
  content.vertex_scalars["label"] = std::move(labels);
  return writePly(target.file("_vh_clean_2.labels.ply"), content, {}, {.has_alpha = true, .ushort_scalars = {"label"}});
}

std::string rowsOf(const Eigen::Matrix4d& matrix) {
  std::string text;
  for (int i = 0; i < 16; ++i) text += fmt::format("{}{:.6f}", i == 0 ? "" : " ", matrix(i / 4, i % 4));
  return text;
}

Status writeText(const Target& target, const Room& room, const Intrinsics& camera, std::size_t num_frames) {
  std::vector<std::pair<std::string, std::string>> values{
      {"axisAlignment", rowsOf(target.file_from_room.inverse().matrix())}};
  for (const char* image : {"color", "depth"}) {
    values.emplace_back(fmt::format("{}Height", image), std::to_string(camera.height));
    values.emplace_back(fmt::format("{}Width", image), std::to_string(camera.width));
    values.emplace_back(fmt::format("fx_{}", image), fmt::format("{:.6f}", camera.fx));
    values.emplace_back(fmt::format("fy_{}", image), fmt::format("{:.6f}", camera.fy));
    values.emplace_back(fmt::format("mx_{}", image), fmt::format("{:.6f}", camera.cx));
    values.emplace_back(fmt::format("my_{}", image), fmt::format("{:.6f}", camera.cy));
  }
  values.emplace_back("colorToDepthExtrinsics", rowsOf(Eigen::Matrix4d::Identity()));
  for (const char* what : {"numColorFrames", "numDepthFrames"}) values.emplace_back(what, std::to_string(num_frames));
  values.emplace_back("numIMUmeasurements", "0");
  values.emplace_back("sceneType", nameOf(room.kind));
  std::ranges::sort(values);
  return writeSceneText(target.file(".txt"), values);
}

/// The tags of a scene: those of its frames, and classes in its mesh.
Tags sceneTags(const Room& room, const SurfaceMesh& surface) {
  constexpr std::size_t kFewestPoints = 8;
  std::array<std::size_t, kNumClasses> counts{};
  for (const auto object : surface.objects) {
    const std::size_t class_index = room.model.objects[object].class_index;
    if (class_index < counts.size()) ++counts[class_index];
  }
  Tags tags;
  tags.scene = TagSet();
  for (std::size_t i = 0; i < counts.size(); ++i) (*tags.scene)[i] = counts[i] >= kFewestPoints;
  return tags;
}

/// What a person makes of a frame's tags: some are forgotten, and some are wrong.
TagSet withErrors(const TagSet& true_tags, const SceneOptions& options, Random& random) {
  TagSet given = true_tags;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    if (!true_tags[c]) continue;
    if (random.uniform() < options.missing_tags) given.reset(c);
    if (random.uniform() >= options.false_tags || true_tags.all()) continue;
    std::size_t wrong = c;
    while (true_tags[wrong]) wrong = static_cast<std::size_t>(random.below(kNumClasses));
    given.set(wrong);
  }
  return given;
}

Status writeTagsOf(
    const Target& target, const FrameMaker& frames, const SceneOptions& options, Random random, Tags tags) {
  for (const auto& true_tags : frames.tags()) {
    const TagSet own = withErrors(true_tags, options, random);
    tags.frames[static_cast<int>(tags.frames.size())] = own;
    *tags.scene |= own;
  }
  return writeTags(target.folder / "tags.json", tags);
}

/// The viewpoints of the mesh: a subset of the kept frames, and others between them.
std::vector<Pose> meshViews(const std::vector<Pose>& frames, const std::vector<Pose>& unkept) {
  std::vector<Pose> views;
  const std::size_t step = std::max<std::size_t>(1, (frames.size() + kMaxMeshViews - 1) / kMaxMeshViews);
  for (std::size_t i = 0; i < frames.size(); i += step) views.push_back(frames[i]);
  views.insert(views.end(), unkept.begin(), unkept.end());
  return views;
}

Result<SurfaceMesh> makeSurface(const Room& room,
                                const RayCaster& caster,
                                const std::vector<Pose>& views,
                                const Intrinsics& camera,
                                const SceneOptions& options,
                                const Random& random,
                                const Job& job) {
  if (options.fused_mesh)
    return fuseSurface(room, caster, views, camera, options.sensor, options.surface.edge_m, random, job);
  SurfaceMesh surface = reconstructSurface(room, caster, views, camera, options.surface, random.fork("surface"), job);
  TAGSCAPE_TRY(job.checkStop("Making the surface"));
  return surface;
}

}  // namespace

Result<SceneCost> writeRoomScene(const fs::path& folder,
                                 const std::string& id,
                                 const Room& room,
                                 const SceneOptions& options,
                                 const Random& random,
                                 bool use_threads,
                                 const Job& job,
                                 const std::function<void()>& on_frame) {
  const RayCaster caster(room.model);
  FrameMaker frames(
      room, caster, options, planScan(room, caster, options.num_frames, random.fork("path")), random, use_threads);
  Random turning = random.fork("turn");
  const Target target{folder, id, drawFileFromRoom(turning)};
  const auto unkept = planScan(room, caster, kUnkeptFrames, random.fork("unkept looks"));
  TAGSCAPE_ASSIGN(SurfaceMesh surface,
                  makeSurface(room, caster, meshViews(frames.poses(), unkept), frames.camera(), options, random, job));
  SceneCost cost;
  cost.num_triangles = room.model.faces.size();
  cost.num_vertices = surface.objects.size();
  cost.num_rays = static_cast<std::uint64_t>(options.num_frames) * static_cast<std::uint64_t>(options.width) *
                  static_cast<std::uint64_t>(options.height);
  Tags tags = sceneTags(room, surface);
  TAGSCAPE_TRY(writeSurface(target, room, std::move(surface)));
  TAGSCAPE_TRY(writeText(target, room, frames.camera(), frames.poses().size()));
  const auto write = options.exported_frames ? writeExported : writeRecording;
  TAGSCAPE_TRY(write(target, frames, job, on_frame));
  TAGSCAPE_TRY(writeTagsOf(target, frames, options, random.fork("tags"), std::move(tags)));
  cost.rendering_s = frames.seconds();
  return cost;
}

}  // namespace tagscape::synth
