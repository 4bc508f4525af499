#include "core/train/train_options.h"

#include "core/base/files.h"
#include "core/geometry/reference_depth.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <sstream>

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

Result<TrainOptions> trainPreset(std::string_view name) {
  TrainOptions options;
  if (name == "small") return options;
  if (name == "quick") {
    options.preset = "quick";
    options.image_steps = 100;
    options.points_steps = 40;
    options.joint_steps = 80;
    options.image_batch = 8;
    options.image_long_side_px = 128;
    options.crop_px = 72;
    options.points_batch = 4;
    options.joint_batch = 2;
    options.frames_per_cloud = 3;
    options.points_per_cloud = 2048;
    options.live_every_s = 4;
    return options;
  }
  return fail(ErrorCode::InvalidInput, fmt::format("there is no preset '{}'. Choose quick or small.", name));
}

Status checkTrainOptions(const TrainOptions& o) {
  constexpr int kManySteps = 10'000'000;
  TAGSCAPE_TRY(checkRange("num_threads", o.num_threads, 0, 1024));
  TAGSCAPE_TRY(checkRange("image_steps", o.image_steps, 0, kManySteps));
  TAGSCAPE_TRY(checkRange("points_steps", o.points_steps, 0, kManySteps));
  TAGSCAPE_TRY(checkRange("joint_steps", o.joint_steps, 0, kManySteps));
  TAGSCAPE_TRY(checkRange("image_batch", o.image_batch, 2, 1024));  // Batch statistics need two.
  TAGSCAPE_TRY(checkRange("points_batch", o.points_batch, 1, 1024));
  TAGSCAPE_TRY(checkRange("joint_batch", o.joint_batch, 1, 1024));
  TAGSCAPE_TRY(checkRange("frames_per_cloud", o.frames_per_cloud, 1, 64));
  TAGSCAPE_TRY(checkRange("image_long_side_px", o.image_long_side_px, 2 * kImageStride, 4096));
  TAGSCAPE_TRY(checkRange("crop_px", o.crop_px, 2 * kImageStride, 4096));
  TAGSCAPE_TRY(checkRange("crop_scale_min", o.crop_scale_min, 0.1, 1.0));
  TAGSCAPE_TRY(checkRange("color_jitter", o.color_jitter, 0.0, 0.9));
  TAGSCAPE_TRY(checkRange("points_per_cloud", o.points_per_cloud, 64, 1'000'000));
  TAGSCAPE_TRY(checkRange("clouds_per_scene", o.clouds_per_scene, 1, 1000));
  TAGSCAPE_TRY(checkRange("rotate_max_deg", o.rotate_max_deg, 0.0, 180.0));
  for (const auto& [field, rate] : {std::pair{"image_lr", o.image_lr},
                                    {"points_lr", o.points_lr},
                                    {"joint_image_lr", o.joint_image_lr},
                                    {"joint_points_lr", o.joint_points_lr}}) {
    TAGSCAPE_TRY(checkRange(field, rate, 0.0, 100.0));
  }
  TAGSCAPE_TRY(checkRange("image_weight_decay", o.image_weight_decay, 0.0, 10.0));
  TAGSCAPE_TRY(checkRange("weight_2d_to_3d", o.weight_2d_to_3d, 0.0, 1000.0));
  TAGSCAPE_TRY(checkRange("balance_exponent", o.balance_exponent, 0.0, 4.0));
  TAGSCAPE_TRY(checkRange("weight_3d_to_2d", o.weight_3d_to_2d, 0.0, 1000.0));
  TAGSCAPE_TRY(checkRange("reverse_after", o.reverse_after, 0.0, 1.0));
  TAGSCAPE_TRY(checkRange("similarity_power", o.similarity_power, 0.1, 64.0));
  TAGSCAPE_TRY(checkRange("reverse_balance_exponent", o.reverse_balance_exponent, 0.0, 4.0));
  TAGSCAPE_TRY(checkRange("pairs_per_image", o.pairs_per_image, 1, 1'000'000));
  TAGSCAPE_TRY(checkRange("tolerance_m", o.tolerance_m, 0.F, 100.F));
  TAGSCAPE_TRY(checkRange("tolerance_relative", o.tolerance_relative, 0.F, 1.F));
  TAGSCAPE_TRY(checkRange("image_width", o.image_width, 1, 1024));
  TAGSCAPE_TRY(checkRange("points_width", o.points_width, 1, 1024));
  TAGSCAPE_TRY(checkRange("log_every_steps", o.log_every_steps, 1, kManySteps));
  TAGSCAPE_TRY(checkRange("live_scenes", o.live_scenes, 0, 1000));
  for (const auto& [field, seconds] : {std::pair{"live_every_s", o.live_every_s},
                                       {"checkpoint_every_s", o.checkpoint_every_s},
                                       {"min_seconds", o.min_seconds}}) {
    TAGSCAPE_TRY(checkRange(field, seconds, 0.0, 1e7));
  }
  if (o.pseudo_labels != "cam" && o.pseudo_labels != "logits") {
    return fail(ErrorCode::InvalidInput,
                fmt::format("training option 'pseudo_labels' is '{}'. Choose cam or logits.", o.pseudo_labels));
  }
  constexpr std::array<std::string_view, 4> kRefinements{"labels", "cam", "affinity", "features"};
  if (std::find(kRefinements.begin(), kRefinements.end(), o.refinement) == kRefinements.end()) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("training option 'refinement' is '{}'. Choose labels, cam, affinity or features.", o.refinement));
  }
  if (const auto source = depthSourceNamed(o.depth_source); !source) {
    return fail(ErrorCode::InvalidInput, fmt::format("training option 'depth_source': {}.", source.error().message));
  }
  if (o.crop_px % kImageStride != 0) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("training option 'crop_px' is {}. Choose a multiple of {}.", o.crop_px, kImageStride));
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
  TAGSCAPE_ASSIGN(TrainOptions options, trainPreset((*table)["preset"].value_or(std::string("small"))));
  for (const auto& [key, node] : *table) {
    if (const auto status = setTrainOption(options, key.str(), textOf(node)); !status) {
      return failFile(
          ErrorCode::InvalidInput, path, fmt::format("line {}", node.source().begin.line), status.error().message);
    }
  }
  return options;
}

}  // namespace tagscape
