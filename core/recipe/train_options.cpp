#include "core/recipe/train_options.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/geometry/reference_depth.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <sstream>
#include <tuple>

namespace tagscape {
namespace {

constexpr int kImageStride = 8;  // Of every image network there is.

template <class T>
Status checkRange(std::string_view field, T value, T low, T high) {
  if (value >= low && value <= high) return {};  // NaN is in no range.
  return fail(ErrorCode::InvalidInput,
              fmt::format("training option '{}' is {}. Choose a value from {} to {}.", field, value, low, high));
}

tl::unexpected<Error> noValueOf(std::string_view field, std::string_view value, std::string_view type) {
  return fail(ErrorCode::InvalidInput,
              fmt::format("training option '{}': '{}' is no {}. Give {}.",
                          field,
                          value,
                          type,
                          type == "truth value" ? "true or false" : fmt::format("a {} in range", type)));
}

Status parseInto(std::string& target, std::string_view, std::string_view text) {
  target = text;
  return {};
}

Status parseInto(bool& target, std::string_view field, std::string_view text) {
  if (text != "true" && text != "false") return noValueOf(field, text, "truth value");
  target = text == "true";
  return {};
}

template <class T>
requires std::integral<T> || std::floating_point<T> Status parseInto(T& target,
                                                                     std::string_view field,
                                                                     std::string_view text) {
  T value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    return noValueOf(field, text, std::integral<T> ? "whole number" : "number");
  }
  target = value;
  return {};
}

/// A TOML value as the text that parseInto takes; empty for a table or an array.
std::string textOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  return {};
}

}  // namespace

namespace {

struct ChoiceRow {
  const char* field;
  std::string TrainOptions::*value;
  std::vector<std::string_view> choices;
};

/// Fields that are one of a few words.
const std::vector<ChoiceRow>& choiceTable() {
  static const std::vector<ChoiceRow> table{
      {"image_network", &TrainOptions::image_network, {"small-residual", "resnet38"}},
      {"point_network",
       &TrainOptions::point_network,
       {"small-pointnet2", "pointnet2-votenet", "pointnet2-ssg", "pointnet2-msg"}},
      {"supervision", &TrainOptions::supervision, {"tags", "labels"}},
      {"class_reweighting", &TrainOptions::class_reweighting, {"none", "frequency"}},
      {"crop_mode", &TrainOptions::crop_mode, {"square", "resize"}},
      {"image_optimizer", &TrainOptions::image_optimizer, {"sgd", "adam", "adamw"}},
      {"image_schedule", &TrainOptions::image_schedule, {"poly", "step", "constant"}},
      {"points_optimizer", &TrainOptions::points_optimizer, {"sgd", "adam", "adamw"}},
      {"points_schedule", &TrainOptions::points_schedule, {"poly", "step", "constant"}},
      {"pseudo_labels", &TrainOptions::pseudo_labels, {"cam", "logits"}},
      {"score", &TrainOptions::score, {"share", "tagged"}},
      {"lift", &TrainOptions::lift, {"frame", "scene"}},
      {"refinement", &TrainOptions::refinement, {"labels", "cam"}},
  };
  return table;
}

Status checkChoices(const TrainOptions& options) {
  for (const ChoiceRow& row : choiceTable()) {
    const std::string& value = options.*row.value;
    if (std::find(row.choices.begin(), row.choices.end(), value) != row.choices.end()) continue;
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("training option '{}' is '{}'. Choose {}.", row.field, value, fmt::join(row.choices, ", ")));
  }
  if (const auto source = depthSourceNamed(options.depth_source); !source) {
    return fail(ErrorCode::InvalidInput, fmt::format("training option 'depth_source': {}.", source.error().message));
  }
  return {};
}

Status checkSizes(const TrainOptions& o) {
  constexpr int kManySteps = 10'000'000;
  for (const auto& [field, value, low, high] : std::initializer_list<std::tuple<const char*, int, int, int>>{
           {"num_threads", o.num_threads, 0, 1024},
           {"image_width", o.image_width, 1, 1024},
           {"points_width", o.points_width, 1, 1024},
           {"image_steps", o.image_steps, 0, kManySteps},
           {"points_steps", o.points_steps, 0, kManySteps},
           {"joint_steps", o.joint_steps, 0, kManySteps},
           {"image_batch", o.image_batch, 1, 1024},
           {"points_batch", o.points_batch, 1, 1024},
           {"joint_batch", o.joint_batch, 1, 1024},
           {"frames_per_cloud", o.frames_per_cloud, 1, 64},
           {"image_long_side_px", o.image_long_side_px, 2 * kImageStride, 4096},
           {"crop_px", o.crop_px, 2 * kImageStride, 4096},
           {"resize_min_px", o.resize_min_px, 2 * kImageStride, 4096},
           {"resize_max_px", o.resize_max_px, o.resize_min_px, 4096},
           {"points_per_cloud", o.points_per_cloud, 64, 1'000'000},
           {"clouds_per_scene", o.clouds_per_scene, 1, 1000},
           {"pairs_per_image", o.pairs_per_image, 1, 1'000'000},
           {"loader_threads", o.loader_threads, 1, 256},
           {"log_every_steps", o.log_every_steps, 1, kManySteps},
           {"live_scenes", o.live_scenes, 0, 1000},
           {"checkpoint_every_steps", o.checkpoint_every_steps, 0, kManySteps}}) {
    TAGSCAPE_TRY(checkRange(field, value, low, high));
  }
  return {};
}

Status checkNumbers(const TrainOptions& o) {
  for (const auto& [field, value, low, high] : std::initializer_list<std::tuple<const char*, double, double, double>>{
           {"crop_scale_min", o.crop_scale_min, .1, 1},
           {"color_jitter", o.color_jitter, 0, .9},
           {"hue_jitter", o.hue_jitter, 0, .5},
           {"rotate_max_deg", o.rotate_max_deg, 0, 180},
           {"image_lr", o.image_lr, 0, 100},
           {"image_weight_decay", o.image_weight_decay, 0, 10},
           {"image_momentum", o.image_momentum, 0, 1},
           {"classifier_lr_factor", o.classifier_lr_factor, 0, 1000},
           {"points_lr", o.points_lr, 0, 100},
           {"points_weight_decay", o.points_weight_decay, 0, 10},
           {"points_momentum", o.points_momentum, 0, 1},
           {"joint_image_lr", o.joint_image_lr, 0, 100},
           {"joint_points_lr", o.joint_points_lr, 0, 100},
           {"clip_gradient_norm", o.clip_gradient_norm, 0, 1e9},
           {"weight_2d_to_3d", o.weight_2d_to_3d, 0, 1000},
           {"balance_exponent", o.balance_exponent, 0, 4},
           {"lift_doubt", o.lift_doubt, 0, 1},
           {"lift_least_share", o.lift_least_share, 0, 1. / kNumClasses},
           {"weight_3d_to_2d", o.weight_3d_to_2d, 0, 1000},
           {"reverse_after", o.reverse_after, 0, 1},
           {"similarity_power", o.similarity_power, .1, 64},
           {"reverse_balance_exponent", o.reverse_balance_exponent, 0, 4},
           {"live_every_s", o.live_every_s, 0, 1e7},
           {"checkpoint_every_s", o.checkpoint_every_s, 0, 1e7},
           {"min_seconds", o.min_seconds, 0, 1e7}}) {
    TAGSCAPE_TRY(checkRange(field, value, low, high));
  }
  TAGSCAPE_TRY(checkRange("tolerance_m", o.tolerance_m, 0.F, 100.F));
  return checkRange("tolerance_relative", o.tolerance_relative, 0.F, 1.F);
}

/// The settings that would switch off what labels superpoints; empty if nothing does.
std::string namingOfSegments(const TrainOptions& o) {
  std::string off;
  if (o.lift_least_share > 0) off += " lift_least_share=0";
  if (o.lift_appearance) off += " lift_appearance=false";
  if (o.lift_network) off += " lift_network=false";
  return off;
}

}  // namespace

Status checkTrainOptions(const TrainOptions& o) {
  TAGSCAPE_TRY(checkSizes(o));
  TAGSCAPE_TRY(checkNumbers(o));
  TAGSCAPE_TRY(checkChoices(o));
  if (o.image_network == "small-residual" && o.image_batch < 2) {
    return fail(ErrorCode::InvalidInput,
                "training option 'image_batch' is 1. Choose 2 or more: batch normalisation needs two images.");
  }
  if (o.crop_px % kImageStride != 0) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("training option 'crop_px' is {}. Choose a multiple of {}.", o.crop_px, kImageStride));
  }
  if (o.supervision == "labels" && o.joint_steps > 0) {
    return fail(ErrorCode::InvalidInput,
                "training option 'supervision' is 'labels', which has no joint phase. Set joint_steps to 0.");
  }
  if (o.lift == "scene" && !o.data_in_memory) {
    return fail(ErrorCode::InvalidInput,
                "training option 'lift' is 'scene', which needs all frames at hand. Set data_in_memory to true.");
  }
  const std::string naming = namingOfSegments(o);
  if (!naming.empty() && o.lift != "scene") {
    return fail(ErrorCode::InvalidInput,
                fmt::format("superpoints are labelled only with training option lift=scene. Set it, or switch their "
                            "labelling off:{}.",
                            naming));
  }
  if (o.image_steps + o.points_steps + o.joint_steps == 0) {
    return fail(ErrorCode::InvalidInput, "no phase has any steps. Set image_steps, points_steps or joint_steps.");
  }
  return {};
}

Status setTrainOption(TrainOptions& options, std::string_view name, std::string_view value) {
  Status status = fail(ErrorCode::Internal, "");
  bool known = false;
  std::string names;
  visitTrainOptions(options, [&](std::string_view field, auto& target) {
    names += names.empty() ? std::string(field) : fmt::format(", {}", field);
    if (field != name) return;
    known = true;
    status = parseInto(target, field, value);
  });
  if (!known) {
    return fail(ErrorCode::InvalidInput, fmt::format("there is no training option '{}'. There are: {}.", name, names));
  }
  return status;
}

std::string formatTrainConfig(const TrainOptions& options) {
  toml::table table;
  visitTrainOptions(options, [&](std::string_view field, const auto& value) {
    using Field = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<Field, float>) {
      // As it was meant: 0.05, not the 0.0500000007 of the nearest float.
      table.insert(field, std::strtod(fmt::format("{}", value).c_str(), nullptr));
    } else if constexpr (std::same_as<Field, std::uint64_t>) {
      table.insert(field, static_cast<std::int64_t>(value));
    } else {
      table.insert(field, value);
    }
  });
  std::ostringstream text;
  text << toml::table{{"train", std::move(table)}} << "\n";
  return text.str();
}

namespace {

/// Options that earlier versions had.
constexpr std::string_view kRemovedOptions[] = {"balance_end",
                                                "teacher_decay",
                                                "reach",
                                                "vote",
                                                "lift_pooling",
                                                "lift_rounds",
                                                "lift_neighbours",
                                                "renormalise_refined"};

struct RemovedChoice {
  std::string_view option, value, instead;
};
constexpr RemovedChoice kRemovedChoices[] = {{"score", "cam", "share"},
                                             {"score", "margin", "share"},
                                             {"score", "entropy", "share"},
                                             {"refinement", "points", "labels"},
                                             {"refinement", "lifted", "labels"},
                                             {"refinement", "lifted-alone", "labels"},
                                             {"refinement", "affinity", "labels"},
                                             {"refinement", "features", "labels"}};

bool isRemoved(std::string_view name) { return std::ranges::find(kRemovedOptions, name) != std::end(kRemovedOptions); }

/// The value as it is, or what stands for it in this version.
std::string presentValue(std::string_view name, std::string value, std::vector<std::string>& removed) {
  for (const RemovedChoice& choice : kRemovedChoices) {
    if (choice.option != name || choice.value != value) continue;
    removed.push_back(fmt::format("{}={} (now {})", name, value, choice.instead));
    return std::string(choice.instead);
  }
  return value;
}

}  // namespace

Result<TrainOptions> readTrainConfig(const std::filesystem::path& path) {
  constexpr std::uintmax_t kMaxBytes = 1 << 20;
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path, kMaxBytes));
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& refusal) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("line {}: {}", refusal.source().begin.line, refusal.description()),
                    "Correct the line.");
  }
  const toml::table* table = root["train"].as_table();
  if (table == nullptr) {
    return failFile(ErrorCode::InvalidInput, path, "there is no [train] table", "Use the config.toml of a run.");
  }
  // A run's file has all options that there were when it was written: what it lacks is newer, and was off then.
  TrainOptions options;
  TAGSCAPE_TRY(trainPreset((*table)["preset"].value_or(options.preset)));
  std::vector<std::string> removed;
  for (const auto& [key, node] : *table) {
    if (isRemoved(key.str())) {
      removed.emplace_back(key.str());
      continue;
    }
    const std::string value = presentValue(key.str(), textOf(node), removed);
    if (const auto status = setTrainOption(options, key.str(), value); !status) {
      return failFile(
          ErrorCode::InvalidInput, path, fmt::format("line {}", node.source().begin.line), status.error().message);
    }
  }
  if (!removed.empty()) {
    log::warn(fmt::format("{}: the run is of an earlier version. Ignored, as this version does not have them: {}.",
                          path.string(),
                          fmt::join(removed, ", ")));
  }
  return options;
}

}  // namespace tagscape
