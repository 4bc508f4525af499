#include "core/synth/furniture.h"
#include "core/synth/paint.h"

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// An open box: four walls and a bottom, the inside lined with `lining`.
void addTub(ModelBuilder& builder,
            const Vector3f& foot,
            const Vector3f& size,
            float wall,
            float floor_m,
            const Material& outside,
            const Material& lining) {
  const Vector3f middle = foot + Vector3f(0, 0, size.z() / 2);
  builder.paint(outside);
  for (const float side : {-.5F, .5F}) {
    builder.box(middle + Vector3f(0, side * (size.y() - wall), 0), {size.x(), wall, size.z()});
    builder.box(middle + Vector3f(side * (size.x() - wall), 0, 0), {wall, size.y() - 2 * wall, size.z()});
  }
  builder.paint(lining);
  const Vector3f inner(size.x() - 2 * wall, size.y() - 2 * wall, size.z());
  constexpr float kLining_m = .006F;
  const float deep = size.z() - floor_m - .03F;
  const Vector3f lined = foot + Vector3f(0, 0, floor_m + deep / 2);
  for (const float side : {-.5F, .5F}) {
    builder.box(lined + Vector3f(0, side * (inner.y() - kLining_m), 0), {inner.x(), kLining_m, deep});
    builder.box(lined + Vector3f(side * (inner.x() - kLining_m), 0, 0), {kLining_m, inner.y(), deep});
  }
  builder.box(foot + Vector3f(0, 0, floor_m / 2), {inner.x(), inner.y(), floor_m});
}

/// A curved tap: `foot` at the back, its end towards -y.
void addTap(ModelBuilder& builder, const Vector3f& foot, float height, float reach, Random& random) {
  builder.paint(plain(gray(random) * 1.15F));
  builder.tube({foot,
                foot + Vector3f(0, 0, .8F * height),
                foot + Vector3f(0, -.4F * reach, height),
                foot + Vector3f(0, -reach, .8F * height)},
               .016F);
}

/// Cloth in folds with a band of pink stripes. @param center  of the whole cloth.
void addShowerCloth(ModelBuilder& builder,
                    const Vector3f& center,
                    float width,
                    float height,
                    const std::function<float(float)>& bend,
                    Random& random) {
  const Material cloth = chance(random, .75) ? whitePaint(random) : bodyPaint(random);
  const float band = height * between(random, .2, .28);
  const float band_middle = center.z() + height * between(random, .1, .25);
  const float top = center.z() + height / 2;
  const float bottom = center.z() - height / 2;
  const auto strip = [&](const Material& material, float from, float to) {
    builder.paint(material).bentPanel({center.x(), center.y(), (from + to) / 2}, {width, .015F, to - from}, 36, bend);
  };
  strip(cloth, bottom, band_middle - band / 2);
  strip(distinctivePaint("shower curtain", random), band_middle - band / 2, band_middle + band / 2);
  strip(cloth, band_middle + band / 2, top);
}

/// Parabolas in a row: folds without libm.
float fold(float x, float folds_per_m, float deep) {
  const float phase = folds_per_m * x - std::floor(folds_per_m * x);
  return 4 * deep * phase * (1 - phase);
}

}  // namespace

Piece buildToilet(Random& random) {
  const Material white_ware = whitePaint(random);
  const float seat = between(random, .4, .45);
  ModelBuilder builder(classOf("toilet"));
  builder.paint(white_ware).cylinder({0, -.1F, 0}, .13F, .2F, seat - .03F, 1.25F);
  builder.cylinder({0, -.1F, seat - .03F}, .2F, .2F, .03F, 1.25F);
  builder.box({0, .24F, seat / 2}, {.24F, .2F, seat});
  const float tank = between(random, .34, .42);
  builder.box({0, .25F, seat + tank / 2}, {.38F, .18F, tank}, 1.05F);
  builder.paint(distinctivePaint("toilet", random));
  if (chance(random, .5)) {  // open: it leans against the tank
    builder.bentPanel({0, .11F, seat + .2F}, {.37F, .03F, .4F}, 8, [](float x) { return 1.2F * x * x; });
    builder.paint(plain(white_ware.color * .75F)).cylinder({0, -.1F, seat}, .15F, .15F, .004F, 1.25F);
  } else {
    builder.cylinder({0, -.09F, seat}, .2F, .19F, .04F, 1.25F);
  }
  return finish(builder.model(), {.44F, .72F, seat + std::max(tank, .4F)});
}

Piece buildSink(Random& random) {
  const float width = between(random, .5, .75);
  const float depth = between(random, .42, .52);
  const float rim = between(random, .82, .9);
  ModelBuilder builder(classOf("sink"));
  const Material ware = whitePaint(random);
  if (chance(random, .4)) {
    builder.paint(ware).cylinder({0, .08F, 0}, .12F, .09F, rim - .15F);
  } else {
    const Material body = bodyPaint(random);
    builder.paint(body).box({0, .02F, (rim - .1F) / 2}, {width - .04F, depth - .06F, rim - .18F});
    builder.paint(plain(body.color * .85F));
    for (const float side : {-.25F, .25F})
      builder.box({side * (width - .04F), -depth / 2 + .05F, rim / 2 - .05F}, {width / 2 - .05F, .02F, rim - .32F});
  }
  addTub(builder, {0, 0, rim - .16F}, {width, depth, .16F}, .04F, .03F, ware, plain(ware.color * .85F));
  addTap(builder, {0, depth / 2 - .06F, rim}, .16F, .16F, random);
  const float panel = between(random, .26, .36);
  builder.paint(distinctivePaint("sink", random));
  builder.box({0, depth / 2 - .012F, rim + .02F + panel / 2}, {width, .024F, panel});
  Piece piece = finish(builder.model(), {width, depth, rim + .02F + panel});
  piece.focus_m.z() = rim;
  return piece;
}

Piece buildBathtub(Random& random) {
  const Vector3f size(between(random, 1.4, 1.65), between(random, .68, .78), between(random, .48, .58));
  ModelBuilder builder(classOf("bathtub"));
  addTub(builder, {0, 0, 0}, size, .06F, .12F, whitePaint(random), distinctivePaint("bathtub", random));
  addTap(builder, {-size.x() / 2 + .25F, size.y() / 2 - .03F, size.z()}, .2F, .18F, random);
  Piece tub = finish(builder.model(), {size.x(), size.y(), size.z() + .22F});
  tub.focus_m.z() = .4F;
  return tub;
}

Piece buildBathtubWithCurtain(Random& random) {
  Piece tub = buildBathtub(random);
  const float width = tub.size_m.x() * between(random, .4, .6);
  const float side = chance(random, .5) ? 1.F : -1.F;
  const float height = between(random, 1.45, 1.6);
  constexpr float kTop_m = 2;
  const float front = -tub.size_m.y() / 2 - .04F;
  ModelBuilder cloth(classOf("shower curtain"));
  cloth.paint(plain(gray(random)));
  cloth.tube({{-tub.size_m.x() / 2, front, kTop_m + .03F}, {tub.size_m.x() / 2, front, kTop_m + .03F}}, .018F);
  const float folds = between(random, 5, 8);
  const Vector3f center(side * (tub.size_m.x() - width) / 2, front, kTop_m - height / 2);
  addShowerCloth(
      cloth, center, width, height, [=](float x) { return fold(x, folds, .045F) - .02F; }, random);
  append(tub.model, cloth.model(), Eigen::Isometry3f::Identity());
  tub.size_m += Vector3f(0, .12F, 0);
  tub.size_m.z() = kTop_m + .05F;
  tub.focus_m.z() = .8F;
  return tub;
}

Piece buildShowerCurtain(Random& random) {
  const float width = between(random, .85, 1.1);
  const float depth = between(random, .6, .8);
  const float height = between(random, 1.75, 1.9);
  constexpr float kTop_m = 2;
  // From the wall forward, then around a corner along the tub.
  const auto along = [=](float x) {
    const float fraction = x / width + .5F;
    return depth / 2 - depth * (1 - (1 - fraction) * (1 - fraction)) * .95F;
  };
  ModelBuilder builder(classOf("shower curtain"));
  builder.paint(plain(gray(random)));
  std::vector<Vector3f> rod;
  for (int i = 0; i <= 8; ++i) {
    const float x = width * (static_cast<float>(i) / 8 - .5F);
    rod.emplace_back(x, along(x), kTop_m + .03F);
  }
  builder.tube(rod, .018F);
  const float folds = between(random, 5, 8);
  const auto bend = [=](float x) { return along(x) + fold(x, folds, .04F); };
  addShowerCloth(builder, {0, 0, kTop_m - height / 2}, width, height, bend, random);
  Piece piece = finish(builder.model(), {width, depth + .06F, kTop_m + .05F});
  piece.focus_m.z() = 1.2F;
  return piece;
}

}  // namespace tagscape::synth
