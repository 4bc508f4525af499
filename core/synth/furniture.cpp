#include "core/synth/furniture.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

int classOf(std::string_view name) {
  const auto index = classByName(name);
  if (!index) throw std::logic_error("no class named " + std::string(name));
  return *index;
}

float between(Random& random, double low, double high) { return static_cast<float>(random.uniform(low, high)); }

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

struct Range {
  double low, high;
};

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

/// A paint of a large body, shared between classes on purpose.
Material bodyPaint(Random& random) {
  const std::uint64_t kind = random.below(5);
  const Vector3f color = kind < 2 ? wood(random) : kind == 2 ? white(random) : kind == 3 ? gray(random) : dark(random);
  return {color, color * .88F, Pattern::Soft, 3, static_cast<std::uint32_t>(random.below(1000))};
}

Material plain(const Vector3f& color) { return {color, color, Pattern::Plain, 1, 0}; }

Piece finish(const ModelBuilder& builder, std::string_view class_name, const Vector3f& size_m, float bottom_m = 0) {
  const Vector3f focus_m(0, 0, bottom_m + .55F * size_m.z());
  return {builder.model(), classOf(class_name), size_m, bottom_m, focus_m};
}

void addTable(Model& group, float width, float depth, float height, Random& random) {
  const Material body = bodyPaint(random);
  const Vector3f cyan = drawColor(random, {.47, .53}, {.6, .9}, {.7, .95});
  ModelBuilder builder(classOf("table"));
  builder.paint(body).box({0, 0, height - .02F}, {width, depth, .04F}).legs(width, depth, height - .04F, .07F);
  builder.paint({cyan, cyan * .6F, Pattern::StripesAcross, 8, 0})
      .box({0, 0, height + .004F}, {.8F * width, .32F, .008F});
  append(group, builder.model(), Eigen::Isometry3f::Identity());
}

}  // namespace

Model buildShell(const Vector3f& room_size_m, Random& random) {
  constexpr float kThickness = .1F;
  const float x = room_size_m.x();
  const float y = room_size_m.y();
  const float z = room_size_m.z();
  const Vector3f wall = random.below(3) == 0 ? drawColor(random, {.08, .16}, {.1, .3}, {.7, .92}) : white(random);
  const Vector3f floor = random.below(2) == 0 ? wood(random) : gray(random);
  const auto seed = static_cast<std::uint32_t>(random.below(1000));
  ModelBuilder builder(classOf("wall"));
  builder.paint({wall, wall * .93F, Pattern::Soft, 1.5F, seed});
  for (const float side : {-.5F, .5F}) {
    builder.box({side * (x + kThickness), 0, z / 2}, {kThickness, y + 2 * kThickness, z});
    builder.box({0, side * (y + kThickness), z / 2}, {x + 2 * kThickness, kThickness, z});
  }
  builder.ofClass(classOf("floor")).paint({floor, floor * .85F, Pattern::StripesAcross, 4, seed});
  builder.box({0, 0, -kThickness / 2}, {x + 2 * kThickness, y + 2 * kThickness, kThickness});
  return builder.model();
}

Piece buildSofa(Random& random) {
  const float width = between(random, 1.6, 2);
  const float depth = between(random, .8, .9);
  const Vector3f yellow = drawColor(random, {.13, .16}, {.6, .85}, {.75, .95});
  ModelBuilder builder(classOf("sofa"));
  builder.paint(bodyPaint(random)).box({0, 0, .22F}, {width, depth, .36F}, .96F);
  builder.bentPanel({0, depth / 2 - .14F, .58F}, {width, .18F, .5F}, 12, [&](float x) {
    return -.1F * (2 * x / width) * (2 * x / width);
  });
  for (const float side : {-.5F, .5F})
    builder.box({side * (width - .16F), -.03F, .46F}, {.16F, depth - .1F, .3F}, .85F);
  builder.paint({yellow, yellow * .55F, Pattern::Checker, 14, 0});
  for (const float side : {-.25F, .25F}) {
    builder.box({side * (width - .4F), -.08F, .45F}, {(width - .44F) / 2, depth - .36F, .11F}, .93F);
  }
  return finish(builder, "sofa", {width, depth, .85F});
}

Piece buildChair(Random& random) {
  const float width = between(random, .4, .48);
  const float seat = between(random, .42, .48);
  const Vector3f red = drawColor(random, {.97, 1.02}, {.65, .9}, {.6, .85});
  const Vector3f pale = white(random);
  ModelBuilder builder(classOf("chair"));
  builder.paint(bodyPaint(random)).legs(width, width, seat, .045F).box({0, 0, seat + .02F}, {width, width, .05F}, .95F);
  for (const float side : {-.5F, .5F}) {
    builder.box({side * (width - .04F), width / 2 - .03F, seat + .12F}, {.035F, .035F, .2F});
  }
  builder.paint({red, pale, Pattern::StripesAcross, 11, 0});
  builder.bentPanel({0, width / 2 - .02F, seat + .33F}, {width, .03F, .3F}, 8, [&](float x) {
    return -.05F * (2 * x / width) * (2 * x / width);
  });
  return finish(builder, "chair", {width, width + .02F, seat + .5F});
}

Piece buildDiningGroup(Random& random) {
  const float width = between(random, 1.1, 1.3);
  const float depth = between(random, .7, .8);
  const float height = between(random, .7, .76);
  Model group;
  addTable(group, width, depth, height, random);
  for (const float side : {-1.F, 1.F}) {
    const Piece chair = buildChair(random);
    // A quarter turn either way: the backs look away from the table's short ends.
    Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
    pose.linear() << 0, side, 0, -side, 0, 0, 0, 0, 1;
    pose.translation() = Vector3f(side * (width / 2 + between(random, .12, .3)), between(random, -.08, .08), 0);
    append(group, chair.model, pose);
  }
  return {group, classOf("table"), {width + 1.2F, depth, .98F}, 0, {0, 0, .6F}};
}

Piece buildCabinet(Random& random) {
  const float width = between(random, .8, 1.1);
  const float depth = between(random, .42, .5);
  const float height = between(random, .9, 1.3);
  const Material body = bodyPaint(random);
  const bool is_dark = body.color.maxCoeff() < .35F;
  const Material handle = plain(is_dark ? white(random) : dark(random));
  ModelBuilder builder(classOf("cabinet"));
  builder.paint(body).box({0, .01F, height / 2 + .03F}, {width, depth - .02F, height - .06F});
  builder.paint(plain(body.color * .5F)).box({0, .03F, .03F}, {width - .08F, depth - .08F, .06F});
  const float front = -depth / 2 - .005F;
  for (const float side : {-1.F, 1.F}) {
    const Vector3f center(side * width / 4, front + .012F, height / 2 + .02F);
    builder.paint(plain((body.color * 1.12F).cwiseMin(1.F))).box(center, {width / 2 - .03F, .02F, height - .14F});
    builder.paint(handle).box({side * .07F, front - .02F, height * .6F}, {.04F, .04F, .26F});
  }
  return finish(builder, "cabinet", {width, depth + .06F, height});
}

Piece buildBookshelf(Random& random) {
  const float width = between(random, .9, 1.2);
  const float depth = between(random, .28, .34);
  const float height = between(random, 1.6, 2);
  const auto num_shelves = static_cast<int>(4 + random.below(2));
  const float step = height / static_cast<float>(num_shelves);
  const Material body = bodyPaint(random);
  ModelBuilder builder(classOf("bookshelf"));
  builder.paint(body).box({0, depth / 2 - .01F, height / 2}, {width, .02F, height});
  for (const float side : {-.5F, .5F}) builder.box({side * (width - .03F), 0, height / 2}, {.03F, depth, height});
  for (int i = 0; i <= num_shelves; ++i) {
    builder.box({0, 0, .015F + static_cast<float>(i) * (height - .03F) / static_cast<float>(num_shelves)},
                {width, depth, .03F});
  }
  for (int i = 0; i < num_shelves; ++i) {
    const float books = (width - .08F) * between(random, .45, .95);
    const float tall = step * between(random, .55, .75);
    const float shift = (width - .08F - books) / 2 * between(random, -1, 1);
    const float shelf = .03F + static_cast<float>(i) * (height - .03F) / static_cast<float>(num_shelves);
    builder.paint({gray(random),
                   gray(random),
                   Pattern::Cells,
                   between(random, 16, 24),
                   static_cast<std::uint32_t>(random.below(1000))});
    builder.box({shift, .02F, shelf + tall / 2}, {books, depth * .7F, tall});
  }
  return finish(builder, "bookshelf", {width, depth, height});
}

Piece buildDoor(Random& random) {
  const float width = between(random, .85, .95);
  const float height = between(random, 1.98, 2.08);
  const Material body = bodyPaint(random);
  const Vector3f green = drawColor(random, {.3, .38}, {.4, .7}, {.4, .7});
  ModelBuilder builder(classOf("door"));
  builder.paint(body).box({0, .03F, height / 2}, {width, .05F, height});
  builder.paint(plain(body.color * .7F)).box({0, .01F, height + .03F}, {width + .14F, .08F, .06F});
  for (const float side : {-.5F, .5F}) builder.box({side * (width + .07F), .01F, height / 2}, {.07F, .08F, height});
  builder.paint(plain(body.color * .85F)).box({0, 0, .3F * height}, {width - .26F, .03F, .42F * height});
  builder.paint(plain(green)).box({0, 0, .74F * height}, {width - .26F, .03F, .36F * height});
  builder.paint(plain(gray(random))).box({width / 2 - .09F, -.04F, 1}, {.12F, .05F, .03F});
  // The depth it needs keeps the way in free.
  return finish(builder, "door", {width + .16F, .12F, height + .06F});
}

Piece buildWindow(Random& random) {
  const float width = between(random, 1.1, 1.5);
  const float height = between(random, .9, 1.1);
  constexpr float kSill = .95F;
  const float middle = kSill + height / 2;
  const Vector3f pane = drawColor(random, {.54, .6}, {.25, .45}, {.85, 1});
  ModelBuilder builder(classOf("window"));
  builder.paint({pane, pane * .8F, Pattern::Soft, 2, 3}).box({0, .03F, middle}, {width, .02F, height});
  builder.paint(bodyPaint(random));
  for (const float side : {-.5F, 0.F, .5F}) builder.box({side * width, .01F, middle}, {.06F, .06F, height + .06F});
  for (const float side : {-.5F, .5F}) builder.box({0, .01F, middle + side * height}, {width + .06F, .06F, .06F});
  builder.box({0, -.02F, kSill - .05F}, {width + .16F, .14F, .04F});
  return finish(builder, "window", {width + .18F, .12F, height + .12F}, kSill - .08F);
}

Piece buildPicture(Random& random) {
  const float width = between(random, .6, .9);
  const float height = between(random, .45, .65);
  const float middle = between(random, 1.4, 1.55);
  const Vector3f first = drawColor(random, {0, 1}, {.6, .9}, {.6, .9});
  ModelBuilder builder(classOf("picture"));
  builder.paint(bodyPaint(random)).box({0, .02F, middle}, {width, .04F, height});
  builder.paint({first, Vector3f::Ones() - first, Pattern::Checker, between(random, 6, 9), 0});
  builder.box({0, -.005F, middle}, {width - .1F, .02F, height - .1F});
  return finish(builder, "picture", {width, .06F, height}, middle - height / 2);
}

Piece buildCurtain(Random& random) {
  const float width = between(random, .7, 1);
  const float height = between(random, 2, 2.2);
  const Vector3f purple = drawColor(random, {.76, .84}, {.3, .55}, {.5, .8});
  const float folds = between(random, 6, 9);
  ModelBuilder builder(classOf("curtain"));
  builder.paint({purple, purple * .75F, Pattern::StripesAcross, folds, 0});
  builder.bentPanel({0, 0, height / 2 + .06F}, {width, .02F, height}, 40, [&](float x) {
    const float phase = folds * x - std::floor(folds * x);
    return .16F * phase * (1 - phase);  // parabolas in a row: folds without libm
  });
  builder.paint(plain(dark(random))).box({0, .02F, height + .09F}, {width + .2F, .04F, .04F});
  return finish(builder, "curtain", {width + .2F, .12F, height + .12F});
}

Piece buildFloorLamp(Random& random) {
  const float height = between(random, 1.4, 1.6);
  const Vector3f orange = drawColor(random, {.06, .09}, {.7, .95}, {.85, 1});
  ModelBuilder builder(classOf("otherfurniture"));
  builder.paint(bodyPaint(random))
      .cylinder({0, 0, 0}, .17F, .14F, .04F)
      .cylinder({0, 0, .04F}, .025F, .02F, height - .3F);
  builder.paint(plain(orange)).cylinder({0, 0, height - .34F}, .22F, .13F, .34F);
  Piece lamp = finish(builder, "otherfurniture", {.44F, .44F, height});
  lamp.focus_m.z() = height - .3F;
  return lamp;
}

}  // namespace tagscape::synth
