#include "core/synth/paint.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// Hue in turns, saturation and value 0 … 1.
Vector3f fromHsv(float hue, float saturation, float value) {
  const float sector = (hue - std::floor(hue)) * 6;
  const auto channel = [&](float shift) {
    const float k = std::fmod(shift + sector, 6.F);
    const float ramp = std::max(0.F, std::min({k, 4 - k, 1.F}));
    return value * (1 - saturation * ramp);
  };
  return {channel(5), channel(3), channel(1)};
}

/// The paint of a distinctive part. The second colour is the first, `second_share` times as bright, or white.
struct Code {
  std::string_view class_name;
  Range hue, saturation, value;
  Pattern pattern;
  Range frequency;
  float second_share;
  bool second_is_white = false;
};

/// Hues are spread over the circle, so that mean colours differ between classes; neighbours also differ in pattern.
constexpr std::array<Code, 15> kCodes{{
    {"chair", {.97, 1.02}, {.65, .9}, {.6, .85}, Pattern::StripesAcross, {9, 12}, 1, true},
    {"otherfurniture", {.06, .085}, {.8, .98}, {.88, 1}, Pattern::Plain, {1, 1}, 1},
    {"sofa", {.13, .165}, {.6, .88}, {.75, .95}, Pattern::Checker, {11, 15}, .5F},
    {"counter", {.2, .25}, {.65, .9}, {.7, .9}, Pattern::StripesUp, {10, 14}, .45F},
    {"door", {.3, .37}, {.4, .7}, {.4, .7}, Pattern::Plain, {1, 1}, 1},
    {"bathtub", {.41, .45}, {.35, .6}, {.65, .9}, Pattern::Soft, {3, 3}, .85F},
    {"table", {.48, .53}, {.65, .9}, {.7, .95}, Pattern::StripesAcross, {7, 9}, .6F},
    {"window", {.55, .59}, {.25, .45}, {.88, 1}, Pattern::Soft, {2, 3}, .82F},
    {"bed", {.6, .66}, {.55, .85}, {.45, .8}, Pattern::Checker, {3, 5}, .7F},
    {"refrigerator", {.69, .73}, {.6, .85}, {.5, .8}, Pattern::Checker, {9, 12}, 1, true},
    {"curtain", {.76, .83}, {.35, .6}, {.5, .8}, Pattern::StripesAcross, {6, 9}, .72F},
    {"desk", {.86, .9}, {.75, .95}, {.8, 1}, Pattern::Plain, {1, 1}, 1},
    {"shower curtain", {.92, .955}, {.35, .55}, {.85, 1}, Pattern::StripesUp, {7, 9}, 1, true},
    {"toilet", {.95, .99}, {.65, .85}, {.3, .42}, Pattern::Plain, {1, 1}, 1},
    {"sink", {.59, .63}, {.7, .9}, {.6, .85}, Pattern::StripesUp, {10, 13}, 1, true},
}};

}  // namespace

int classOf(std::string_view name) {
  const auto index = classByName(name);
  if (!index) throw std::logic_error("no class named " + std::string(name));
  return *index;
}

float between(Random& random, double low, double high) { return static_cast<float>(random.uniform(low, high)); }
bool chance(Random& random, double probability) { return random.uniform() < probability; }

Vector3f drawColor(Random& random, Range hue, Range saturation, Range value) {
  const float h = between(random, hue.low, hue.high);
  const float s = between(random, saturation.low, saturation.high);
  const float v = between(random, value.low, value.high);
  return fromHsv(h, s, v);
}

Vector3f wood(Random& random) { return drawColor(random, {.05, .11}, {.35, .65}, {.35, .75}); }
Vector3f white(Random& random) { return drawColor(random, {0, 1}, {0, .06}, {.82, .95}); }
Vector3f gray(Random& random) { return drawColor(random, {0, 1}, {0, .08}, {.4, .7}); }
Vector3f dark(Random& random) { return drawColor(random, {0, 1}, {.05, .3}, {.12, .25}); }

Material bodyPaint(Random& random) {
  const std::uint64_t kind = random.below(5);
  const Vector3f color = kind < 2 ? wood(random) : kind == 2 ? white(random) : kind == 3 ? gray(random) : dark(random);
  return {color, color * .88F, Pattern::Soft, 3, static_cast<std::uint32_t>(random.below(1000))};
}

Material whitePaint(Random& random) {
  const Vector3f color = white(random);
  return {color, color * .93F, Pattern::Soft, 3, static_cast<std::uint32_t>(random.below(1000))};
}

Material plain(const Vector3f& color) { return {color, color, Pattern::Plain, 1, 0}; }

Material distinctivePaint(std::string_view class_name, Random& random) {
  const auto* const code = std::ranges::find(kCodes, class_name, &Code::class_name);
  if (code == kCodes.end()) throw std::logic_error("no distinctive paint for " + std::string(class_name));
  const Vector3f color = drawColor(random, code->hue, code->saturation, code->value);
  const Vector3f second = code->second_is_white ? white(random) : Vector3f(color * code->second_share);
  const float frequency = between(random, code->frequency.low, code->frequency.high);
  return {color, second, code->pattern, frequency, static_cast<std::uint32_t>(random.below(1000))};
}

}  // namespace tagscape::synth
