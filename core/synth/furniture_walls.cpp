#include "core/synth/furniture.h"
#include "core/synth/paint.h"

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

Vector3f wallColor(Random& random) {
  const std::uint64_t kind = random.below(4);
  if (kind < 2) return white(random);
  return kind == 2 ? drawColor(random, {.08, .16}, {.1, .35}, {.7, .92})
                   : drawColor(random, {0, 1}, {.04, .16}, {.6, .9});
}

Material floorPaint(FloorKind kind, Random& random) {
  const std::uint64_t color_kind = random.below(4);
  const Vector3f color = color_kind < 2    ? wood(random)
                         : color_kind == 2 ? gray(random)
                                           : drawColor(random, {0, 1}, {.05, .25}, {.3, .65});
  const auto seed = static_cast<std::uint32_t>(random.below(1000));
  if (kind == FloorKind::Tiles) return {color, color * .85F, Pattern::Checker, 3, seed};
  return {color, color * .85F, chance(random, .6) ? Pattern::StripesAcross : Pattern::Soft, 4, seed};
}

void addCurtain(ModelBuilder& builder, const Vector3f& at, float width, float height, Random& random) {
  const float folds = between(random, 6, 9);
  const auto bend = [=](float x) {
    const float phase = folds * x - std::floor(folds * x);
    return .16F * phase * (1 - phase);  // parabolas in a row: folds without libm
  };
  // The upper part is plain cloth; only the folds below are distinctive.
  const float coded = height * between(random, .45, .65);
  const float from = at.z() + .06F;
  Material folded = distinctivePaint("curtain", random);
  folded.frequency = folds;
  builder.paint(folded).bentPanel({at.x(), at.y(), from + coded / 2}, {width, .02F, coded}, 32, bend);
  builder.paint(bodyPaint(random));
  builder.bentPanel({at.x(), at.y(), from + (coded + height) / 2}, {width, .02F, height - coded}, 32, bend);
}

/// A window's frame and panes around `middle` above the floor.
void addWindow(ModelBuilder& builder, float width, float height, float middle, Random& random) {
  builder.paint(distinctivePaint("window", random)).box({0, .03F, middle}, {width, .02F, height});
  builder.paint(bodyPaint(random));
  for (const float side : {-.5F, 0.F, .5F}) builder.box({side * width, .01F, middle}, {.07F, .06F, height + .07F});
  for (const float side : {-.5F, .5F}) builder.box({0, .01F, middle + side * height}, {width + .07F, .06F, .07F});
  // The parapet belongs to the window, as an ambiguous body.
  builder.box({0, -.01F, middle - height / 2 - .09F}, {width + .16F, .14F, .12F});
}

}  // namespace

Model buildShell(const Vector3f& room_size_m, FloorKind floor, Random& random) {
  constexpr float kThickness = .1F;
  const float x = room_size_m.x();
  const float y = room_size_m.y();
  const float z = room_size_m.z();
  const Vector3f wall = wallColor(random);
  const auto seed = static_cast<std::uint32_t>(random.below(1000));
  const Pattern pattern = chance(random, .75) ? Pattern::Soft : Pattern::StripesAcross;
  ModelBuilder builder(classOf("wall"));
  builder.paint({wall, wall * .93F, pattern, pattern == Pattern::Soft ? 1.5F : 4.F, seed});
  for (const float side : {-.5F, .5F}) {
    builder.box({side * (x + kThickness), 0, z / 2}, {kThickness, y + 2 * kThickness, z});
    builder.box({0, side * (y + kThickness), z / 2}, {x + 2 * kThickness, kThickness, z});
  }
  builder.beginObject(classOf("floor")).paint(floorPaint(floor, random));
  builder.box({0, 0, -kThickness / 2}, {x + 2 * kThickness, y + 2 * kThickness, kThickness});
  return builder.model();
}

Piece buildDoor(Random& random) {
  const float width = between(random, .8, .95);
  const float height = between(random, 1.98, 2.08);
  const Material body = bodyPaint(random);
  ModelBuilder builder(classOf("door"));
  builder.paint(body).box({0, .03F, height / 2}, {width, .05F, height});
  builder.paint(plain(body.color * .7F)).box({0, .01F, height + .03F}, {width + .14F, .08F, .06F});
  for (const float side : {-.5F, .5F}) builder.box({side * (width + .07F), .01F, height / 2}, {.07F, .08F, height});
  builder.paint(plain(body.color * .85F)).box({0, 0, .3F * height}, {width - .26F, .03F, .42F * height});
  const float tall = height * between(random, .26, .36);
  builder.paint(distinctivePaint("door", random)).box({0, 0, .74F * height}, {width - .26F, .03F, tall});
  builder.paint(plain(gray(random)));
  builder.tube({{width / 2 - .07F, .01F, 1}, {width / 2 - .07F, -.05F, 1}, {width / 2 - .17F, -.05F, 1}}, .014F);
  // Its bounding box is deeper, to keep the entrance free.
  return finish(builder.model(), {width + .16F, .14F, height + .06F});
}

Piece buildWindow(Random& random) {
  const float width = between(random, .8, 1.4);
  const float height = between(random, .85, 1.1);
  const float sill = between(random, .85, 1);
  ModelBuilder builder(classOf("window"));
  addWindow(builder, width, height, sill + height / 2, random);
  return finish(builder.model(), {width + .18F, .16F, height + .25F}, sill - .17F);
}

Piece buildWindowWithCurtains(Random& random) {
  const float width = between(random, .9, 1.2);
  const float height = between(random, .85, 1.1);
  const float sill = between(random, .85, 1);
  const float cloth = between(random, .4, .55);
  const float tall = between(random, 1.9, 2.05);
  ModelBuilder window(classOf("window"));
  addWindow(window, width, height, sill + height / 2, random);
  Eigen::Isometry3f back = Eigen::Isometry3f::Identity();
  back.translation() = Vector3f(0, .04F, 0);
  Model group;
  append(group, window.model(), back);
  ModelBuilder curtains(classOf("curtain"), "curtains");
  const float reach = width / 2 + .05F + cloth / 2;
  const bool both = chance(random, .6);
  addCurtain(curtains, {-reach, -.02F, 0}, cloth, tall, random);
  if (both) addCurtain(curtains, {reach, -.02F, 0}, cloth, tall, random);
  curtains.paint(plain(dark(random)));
  curtains.tube({{-reach - cloth / 2 - .05F, 0, tall + .09F}, {reach + cloth / 2 + .05F, 0, tall + .09F}}, .02F);
  append(group, curtains.model(), Eigen::Isometry3f::Identity());
  const float top = std::max(tall + .12F, sill + height + .08F);
  Piece piece = finish(group, {2 * reach + cloth + .1F, .22F, top});
  piece.focus_m.z() = 1.3F;
  return piece;
}

Piece buildPicture(Random& random) {
  const float width = between(random, .55, .95);
  const float height = between(random, .42, .65);
  const float middle = between(random, 1.4, 1.55);
  const Vector3f first = drawColor(random, {0, 1}, {.6, .9}, {.6, .9});
  ModelBuilder builder(classOf("picture"));
  builder.paint(bodyPaint(random)).box({0, .015F, middle}, {width, .03F, height});
  builder.paint(whitePaint(random)).box({0, -.003F, middle}, {width - .08F, .01F, height - .08F});
  builder.paint({first, Vector3f::Ones() - first, Pattern::Checker, between(random, 6, 9), 0});
  builder.box({0, -.01F, middle}, {width - .2F, .01F, height - .18F});
  return finish(builder.model(), {width, .06F, height}, middle - height / 2);
}

Piece buildCurtain(Random& random) {
  const float width = between(random, .6, 1);
  const float height = between(random, 1.95, 2.1);
  ModelBuilder builder(classOf("curtain"));
  addCurtain(builder, {0, -.02F, 0}, width, height, random);
  builder.paint(plain(dark(random)));
  builder.tube({{-width / 2 - .1F, .01F, height + .09F}, {width / 2 + .1F, .01F, height + .09F}}, .02F);
  return finish(builder.model(), {width + .2F, .14F, height + .12F});
}

Piece buildFloorLamp(Random& random) {
  const float height = between(random, 1.3, 1.6);
  ModelBuilder builder(classOf("otherfurniture"), "floor lamp");
  builder.paint(bodyPaint(random)).cylinder({0, 0, 0}, .17F, .14F, .04F);
  if (chance(random, .5)) {
    builder.cylinder({0, 0, .04F}, .025F, .02F, height - .3F);
  } else {  // three legs
    for (const Vector3f& foot : {Vector3f(.2F, 0, 0), Vector3f(-.12F, .16F, 0), Vector3f(-.12F, -.16F, 0)})
      builder.tube({foot, Vector3f(0, 0, height - .3F)}, .02F);
  }
  builder.paint(distinctivePaint("otherfurniture", random)).cylinder({0, 0, height - .34F}, .22F, .13F, .34F);
  Piece lamp = finish(builder.model(), {.44F, .44F, height});
  lamp.focus_m.z() = height - .3F;
  return lamp;
}

Piece buildBin(Random& random) {
  const float height = between(random, .45, .7);
  const float radius = between(random, .18, .24);
  ModelBuilder builder(classOf("otherfurniture"), "laundry basket");
  builder.paint(bodyPaint(random)).cylinder({0, 0, 0}, .8F * radius, radius, height - .12F);
  builder.paint(distinctivePaint("otherfurniture", random));
  builder.cylinder({0, 0, height - .12F}, 1.05F * radius, .9F * radius, .12F);
  return finish(builder.model(), {2.1F * radius, 2.1F * radius, height});
}

}  // namespace tagscape::synth
