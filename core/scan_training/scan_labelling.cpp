#include "core/scan_training/scan_labelling.h"

#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/cam/cam_values.h"
#include "core/distributed/torch_failure.h"
#include "core/encoders/image_encoder_torch.h"
#include "core/scan_labels/smooth_pixels.h"
#include "core/scan_training/scan_features_torch.h"
#include "core/scan_training/scan_heads_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <string>
#include <utility>

namespace tagscape {
namespace {

const std::string kDoing = "labelling the scan";  // Not a literal: GCC 12 warns of its copy.
constexpr float kMinProbability = 1e-3F;
constexpr float kMinCellProbability = .02F;

/// The classes that a frame may show, as logs: those it is tagged with, and others as far as the labels found them
/// there, because tags are forgotten.
at::Tensor allowedClasses(const ClassValues& areas,
                          Eigen::Index frame,
                          const std::optional<TagSet>& tags,
                          const TagSet& classes) {
  constexpr float kForbidden = -20, kNoArea = .005F, kMuchArea = .04F;
  at::Tensor allowed = at::full({kNumClasses}, kForbidden);
  for (int c = 0; c < kNumClasses; ++c) {
    const auto index = static_cast<std::size_t>(c);
    if (!classes[index]) continue;
    if (!tags || (*tags)[index]) allowed[c] = 0;
    const float found = std::clamp((areas(frame, c) - kNoArea) / kMuchArea, 0.F, 1.F);
    if (tags && !(*tags)[index] && found > 0) allowed[c] = std::log(found);
  }
  return allowed;
}

/// Which fine cell of a frame shows each visible vertex.
template <class Visit>
void visitCells(const VisibilityResult& visibility,
                const Intrinsics& color,
                const FrameFeatures& frame,
                Visit&& visit) {
  const float right = static_cast<float>(frame.fine_width) / static_cast<float>(color.width);
  const float down = static_cast<float>(frame.fine_height) / static_cast<float>(color.height);
  for (std::size_t vertex = 0; vertex < visibility.reason.size(); ++vertex) {
    if (visibility.reason[vertex] != Visibility::Visible) continue;
    const Eigen::Vector2f& pixel = visibility.pixel[vertex];
    const int x = std::clamp(static_cast<int>((pixel.x() + .5F) * right), 0, frame.fine_width - 1);
    const int y = std::clamp(static_cast<int>((pixel.y() + .5F) * down), 0, frame.fine_height - 1);
    visit(vertex, Eigen::Index{y} * frame.fine_width + x);
  }
}

at::Tensor toTensor(const ClassValues& values) {
  return at::from_blob(const_cast<float*>(values.data()), {values.rows(), values.cols()}).clone();
}

ClassValues toValues(const at::Tensor& rows) {
  const at::Tensor plain = rows.contiguous();
  return Eigen::Map<const ClassValues>(plain.data_ptr<float>(), plain.size(0), plain.size(1));
}

/// The order of the file: all cells of a class together.
std::vector<float> byClass(const ClassValues& rows) {
  std::vector<float> values(static_cast<std::size_t>(rows.size()));
  Eigen::Map<ClassValues>(values.data(), rows.cols(), rows.rows()) = rows.transpose();
  return values;
}

/// Probabilities scaled to be read like activations in 0 … 1, which also separates unlikely classes.
ClassValues positiveLogs(const ClassValues& probabilities) {
  constexpr float kScale = 1e4F;
  return (1 + probabilities * kScale).log() / std::log(1 + kScale);
}

/// The labelling of one scan, in steps.
class Labelling {
 public:
  Labelling(const SharedScene& scene, const ScanRecipe& recipe, const Job& job)
      : scene_(scene), recipe_(recipe), job_(job) {}

  Result<LabelledScan> run() {
    TAGSCAPE_ASSIGN(auto labeller, ScanLabeller::create(scene_, recipe_.labels, job_));
    labeller_ = std::make_unique<ScanLabeller>(std::move(labeller));
    tags_ = labeller_->frameTags();
    finish("superpoints");
    TAGSCAPE_TRY(encode());
    TAGSCAPE_TRY(labelSuperpoints());
    TAGSCAPE_TRY(decode());
    TAGSCAPE_TRY(fuse());
    TAGSCAPE_TRY(labelPixels());
    assemble();
    return std::move(result_);
  }

 private:
  void finish(const char* stage) {
    const auto now = std::chrono::steady_clock::now();
    result_.seconds.emplace_back(stage, std::chrono::duration<double>(now - begin_).count());
    log::info(fmt::format("{}: {:.1f} s", stage, result_.seconds.back().second));
    begin_ = now;
  }

  Result<std::unique_ptr<ImageEncoder>> encoder() const {
    if (recipe_.encoder.empty()) return nullptr;
    auto made = makeImageEncoder(recipe_.encoder);
    if (made || made.error().code != ErrorCode::NotFound) return made;
    log::warn(fmt::format("the scan is labelled without an image network, which costs 10 to 15 points of mIoU: {}",
                          made.error().message));
    return nullptr;
  }

  Status encode() {
    TAGSCAPE_ASSIGN(const auto network, encoder());
    if (network) grid_ = network->cells();
    ScanFeatureOptions options;
    options.width_px = recipe_.image_width_px;
    options.with_prior = recipe_.class_prior > 0;
    options.seed = recipe_.seed;
    TAGSCAPE_ASSIGN(features_, encodeFrames(*scene_, network.get(), options, job_));
    finish("features");
    return {};
  }

  /// Whether the tags of frames differ; otherwise they cannot locate classes.
  [[nodiscard]] bool tagsTeach() const {
    std::set<std::string> kinds;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      if (tags_[i] && features_[i].pooled.defined()) kinds.insert(tags_[i]->to_string());
    }
    return kinds.size() > 1;
  }

  Status labelSuperpoints() {
    const bool with_head = tagsTeach();
    std::vector<std::optional<ClassValues>> targets(tags_.size());
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      if (tags_[i]) targets[i] = hardTargets(*tags_[i]);
    }
    if (with_head) TAGSCAPE_TRY(judgeTags(targets));
    TAGSCAPE_TRY(labelOnce(with_head, targets));
    finish("labels");
    if (!recipe_.refit || !with_head) return {};
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      if (tags_[i]) targets[i] = softTargets(*tags_[i], static_cast<Eigen::Index>(i));
    }
    TAGSCAPE_TRY(labelOnce(with_head, targets));
    finish("refit");
    return {};
  }

  Status judgeTags(const std::vector<std::optional<ClassValues>>& targets) {
    constexpr std::size_t kFramesOfAPart = 3;
    std::size_t num_tagged = 0;
    for (std::size_t i = 0; i < targets.size(); ++i) num_tagged += targets[i] && features_[i].pooled.defined() ? 1 : 0;
    if (recipe_.tag_parts < 2 || num_tagged < kFramesOfAPart * static_cast<std::size_t>(recipe_.tag_parts)) return {};
    TAGSCAPE_ASSIGN(const ClassValues predicted,
                    crossPredictTags(features_, targets, recipe_.tag_parts, recipe_.head_steps, job_));
    reliability_ = tagReliability(predicted, tags_);
    finish("tags");
    return {};
  }

  static ClassValues hardTargets(const TagSet& tags) {
    ClassValues target = ClassValues::Zero(1, kNumClasses);
    for (int c = 0; c < kNumClasses; ++c) target(0, c) = tags[static_cast<std::size_t>(c)] ? 1.F : 0.F;
    return target;
  }
  /// Tags weighted by the labels: classes of small area count less as tagged, those of large area less as untagged.
  [[nodiscard]] ClassValues softTargets(const TagSet& tags, Eigen::Index frame) const {
    const ClassValues area = labels_.frame_areas.row(frame);
    const ClassValues with = (.3F + area / .01F).min(1.F), without = ((area - .01F) / .04F).max(0.F).min(1.F);
    const ClassValues tagged = hardTargets(tags);
    return tagged * with + (1 - tagged) * without;
  }

  Status labelOnce(bool with_head, const std::vector<std::optional<ClassValues>>& targets) {
    TagHead head;
    if (with_head) {
      TAGSCAPE_ASSIGN(head, fitTagHead(features_, targets, recipe_.head_steps, job_));
    }
    std::vector<float> values;
    const auto frame_logits = [&](std::size_t frame) -> Result<CellMaps> {
      const FrameFeatures& features = features_[frame];
      values.clear();
      if (with_head && features.coarse.defined()) values = activationMaps(head, features);
      if (!features.prior.empty()) {
        values.resize(features.prior.size(), 0.F);
        for (std::size_t i = 0; i < values.size(); ++i)
          values[i] += static_cast<float>(recipe_.class_prior) * features.prior[i];
      }
      if (values.empty()) return CellMaps{};
      return CellMaps{values, features.width, features.height, centredGrid()};
    };
    job_.report("labelling superpoints", 0, 1);
    TAGSCAPE_ASSIGN(labels_, labeller_->label(frame_logits, reliability_ ? &*reliability_ : nullptr, job_));
    return {};
  }

  /// The features are means of an image and its mirror image: that centres their cells along x; along y they are taken
  /// as centred, too.
  [[nodiscard]] CellGrid centredGrid() const { return {grid_.stride_px, (grid_.stride_px - 1) / 2.}; }

  /// The labels of vertices at the fine cells of all frames that see them.
  Status project(const ClassValues& vertices) {
    targets_.resize(features_.size());
    const auto add = [&](const ScanLabeller::FrameSight& sight) -> Status {
      const FrameFeatures& frame = features_[sight.index];
      if (frame.fine_width == 0) return {};
      const Eigen::Index cells = Eigen::Index{frame.fine_width} * frame.fine_height;
      ClassValues sums = ClassValues::Zero(cells, kNumClasses);
      Eigen::ArrayXf counts = Eigen::ArrayXf::Zero(cells);
      visitCells(sight.visibility, scene_->color_intrinsics, frame, [&](std::size_t vertex, Eigen::Index cell) {
        sums.row(cell) += vertices.row(static_cast<Eigen::Index>(vertex));
        counts[cell] += 1;
      });
      sums.colwise() /= counts.max(1.F);
      targets_[sight.index].probabilities = toTensor(sums);
      targets_[sight.index].is_known = toTensor(counts).flatten() > 0;
      return {};
    };
    return labeller_->visitFrames(add, job_);
  }

  Status decode() {
    TAGSCAPE_TRY(project(labels_.vertices));
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      targets_[i].allowed =
          allowedClasses(labels_.frame_areas, static_cast<Eigen::Index>(i), tags_[i], labeller_->classes());
    }
    PixelDecoderOptions options;
    options.num_steps = recipe_.decoder_steps;
    options.num_hidden = recipe_.decoder_hidden;
    options.num_samples = recipe_.decoder_samples;
    options.seed = recipe_.seed;
    TAGSCAPE_ASSIGN(const PixelDecoder decoder, PixelDecoder::fit(features_, targets_, options, job_));
    answers_.resize(features_.size());
    for (std::size_t i = 0; i < features_.size(); ++i) {
      TAGSCAPE_TRY(job_.checkStop(kDoing));
      if (features_[i].fine_width > 0) answers_[i] = decoder.predict(features_[i], targets_[i].allowed);
    }
    finish("decoder");
    return {};
  }

  /// What the pixels of frames say of the vertices that they show, averaged over frames.
  struct Lifted {
    ClassValues means;         ///< [N, kNumClasses]; 0 where no frame sees a vertex.
    Eigen::ArrayXf num_views;  ///< [N]
  };
  /// @param rows_of  [fine cells, kNumClasses] of the frame at this place; without rows: it takes no part.
  template <class RowsOf>
  Result<Lifted> lift(RowsOf&& rows_of) const {
    Lifted lifted{ClassValues::Zero(labels_.vertices.rows(), kNumClasses),
                  Eigen::ArrayXf::Zero(labels_.vertices.rows())};
    const auto add = [&](const ScanLabeller::FrameSight& sight) -> Status {
      const auto& rows = rows_of(sight.index);
      if (rows.rows() == 0) return {};
      const FrameFeatures& frame = features_[sight.index];
      visitCells(sight.visibility, scene_->color_intrinsics, frame, [&](std::size_t vertex, Eigen::Index cell) {
        lifted.means.row(static_cast<Eigen::Index>(vertex)) += rows.row(cell);
        lifted.num_views[static_cast<Eigen::Index>(vertex)] += 1;
      });
      return {};
    };
    TAGSCAPE_TRY(labeller_->visitFrames(add, job_));
    lifted.means.colwise() /= lifted.num_views.max(1.F);
    return lifted;
  }

  /// What the decoder says of vertices joins what the superpoints say.
  Status fuse() {
    TAGSCAPE_ASSIGN(const Lifted lifted, lift([&](std::size_t frame) {
                      return answers_[frame].defined() ? toValues(answers_[frame].exp()) : ClassValues();
                    }));
    points_ = softmaxOfRows((labels_.vertices + kMinProbability).log() + (lifted.means + kMinProbability).log());
    for (int c = 0; c < kNumClasses; ++c) {
      if (!labeller_->classes()[static_cast<std::size_t>(c)]) points_.col(c).setZero();
    }
    TAGSCAPE_TRY(project(points_));
    finish("fusion");
    return {};
  }

  /// The probabilities of a frame's pixels: what the decoder says, what its vertices say, and alike neighbours.
  [[nodiscard]] ClassValues pixelsOf(std::size_t index) const {
    const CellTargets& known = targets_[index];
    at::Tensor logits = answers_[index];
    if (known.is_known.defined()) {
      const at::Tensor own = (known.probabilities + kMinCellProbability).log() * known.is_known.unsqueeze(1);
      logits = logits.exp().add(kMinCellProbability).log() + own;
    }
    const FrameFeatures& features = features_[index];
    return smoothPixels(toValues(logits.softmax(1)), features.colors, features.fine_width, features.fine_height);
  }

  /// Labels pixels, and carries them back: a vertex that frames see is labelled by what they show there, so that points
  /// are never worse than the pixels' labels lifted to them. Others keep what was fused.
  Status labelPixels() {
    pixels_.resize(answers_.size());
    parallelFor(answers_.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (answers_[i].defined()) pixels_[i] = pixelsOf(i);
      }
    });
    TAGSCAPE_ASSIGN(const Lifted lifted, lift([&](std::size_t frame) -> const ClassValues& { return pixels_[frame]; }));
    for (Eigen::Index i = 0; i < points_.rows(); ++i) {
      if (lifted.num_views[i] > 0) points_.row(i) = lifted.means.row(i);
    }
    finish("pixels");
    return {};
  }

  [[nodiscard]] FrameCams camsOf(std::size_t index) const {
    FrameCams cams;
    cams.frame_number = scene_->frames[index].number;
    cams.width = features_[index].fine_width;
    cams.height = features_[index].fine_height;
    cams.logits = byClass(positiveLogs(pixels_[index]));
    cams.values = camOfFrame(cams.logits, labeller_->classes());
    return cams;
  }

  void assemble() {
    SceneCams& cams = result_.cams;
    cams.scene_name = scene_->name;
    cams.scene_path = scene_->path.string();
    cams.uses_tags = true;
    const ClassValues logits = positiveLogs(points_);
    cams.point_logits.assign(logits.data(), logits.data() + logits.size());
    cams.point_values = camOfPoints(cams.point_logits, labeller_->classes());
    cams.point_labels = labelsOfPoints(cams.point_logits, labeller_->classes());
    for (std::size_t i = 0; i < cams.point_labels.size(); ++i) {
      if (!scene_->points().positions_m[i].allFinite()) cams.point_labels[i] = kNoClass;
    }
    for (std::size_t i = 0; i < pixels_.size(); ++i) {
      if (pixels_[i].rows() > 0) cams.frames.push_back(camsOf(i));
    }
    result_.frame_areas = labels_.frame_areas;
    result_.doubts = doubtfulTags(labels_.frame_areas, tags_);
  }

  const SharedScene& scene_;
  const ScanRecipe& recipe_;
  const Job& job_;
  CellGrid grid_;
  std::vector<FrameFeatures> features_;
  std::unique_ptr<ScanLabeller> labeller_;
  std::vector<std::optional<TagSet>> tags_;
  std::optional<TagReliability> reliability_;
  ScanLabels labels_;
  std::vector<CellTargets> targets_;
  std::vector<at::Tensor> answers_;  ///< By frame: [fine cells, kNumClasses] log-probabilities.
  ClassValues points_;               ///< [N, kNumClasses] probabilities.
  std::vector<ClassValues> pixels_;  ///< By frame: [fine cells, kNumClasses] probabilities; empty without an answer.
  LabelledScan result_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

Result<LabelledScan> labelScanFromTags(const SharedScene& scene, const ScanRecipe& recipe, const Job& job) {
  try {
    return Labelling(scene, recipe, job).run();
  } catch (const c10::Error& failure) {
    return fail(torchFailure("labelling the scan", failure, "the number of frames"));
  }
}

}  // namespace tagscape
