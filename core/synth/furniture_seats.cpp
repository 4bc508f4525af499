#include "core/synth/furniture.h"
#include "core/synth/paint.h"

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// The curvature of a chair's back: -depth at the ends, 0 in the middle.
std::function<float(float)> roundBack(float width_m, float depth_m) {
  return [=](float x) { return -depth_m * (2 * x / width_m) * (2 * x / width_m); };
}

void addSwivelFoot(ModelBuilder& builder, float seat_m) {
  builder.cylinder({0, 0, .05F}, .035F, .03F, seat_m - .05F);
  constexpr float kReach_m = .27F;
  // Four arms, since five would need cos and sin.
  for (const Vector3f& arm : {Vector3f(1, 0, 0), Vector3f(0, 1, 0), Vector3f(-1, 0, 0), Vector3f(0, -1, 0)})
    builder.tube({Vector3f(0, 0, .09F), kReach_m * arm + Vector3f(0, 0, .04F)}, .025F);
}

}  // namespace

Piece finish(const Model& model, const Vector3f& size_m, float bottom_m) {
  return {model, size_m, bottom_m, Vector3f(0, 0, bottom_m + .55F * size_m.z())};
}

Piece buildSofa(Random& random) {
  const float width = between(random, 1.5, 2.1);
  const float depth = between(random, .8, .92);
  const bool on_legs = chance(random, .4);
  const float foot = on_legs ? .1F : .03F;
  ModelBuilder builder(classOf("sofa"), "couch");
  builder.paint(bodyPaint(random)).box({0, 0, (.4F + foot) / 2}, {width, depth, .4F - foot}, .97F);
  if (on_legs) builder.legs(width - .1F, depth - .1F, foot, .06F);
  builder.bentPanel({0, depth / 2 - .14F, .6F}, {width, .18F, between(random, .44, .58)}, 12, roundBack(width, .1F));
  if (chance(random, .8)) {
    for (const float side : {-.5F, .5F})
      builder.box({side * (width - .16F), -.03F, .46F}, {.16F, depth - .1F, .32F}, .85F);
  }
  builder.paint(distinctivePaint("sofa", random));
  const auto num_cushions = static_cast<int>(2 + random.below(2));
  for (int i = 0; i < num_cushions; ++i) {
    const float wide = (width - .4F) / static_cast<float>(num_cushions);
    const float x = (static_cast<float>(i) - static_cast<float>(num_cushions - 1) / 2) * wide;
    builder.cushion({x, -.07F, .44F}, {wide - .03F, depth - .38F, .09F}, .05F);
  }
  return finish(builder.model(), {width, depth + .1F, .9F});
}

Piece buildChair(Random& random) {
  const float width = between(random, .42, .52);
  const float seat = between(random, .42, .49);
  const float back = between(random, .32, .46);
  const bool swivels = chance(random, .4);
  ModelBuilder builder(classOf("chair"), swivels ? "office chair" : "chair");
  builder.paint(bodyPaint(random));
  if (swivels) {
    addSwivelFoot(builder, seat);
    builder.cushion({0, 0, seat + .02F}, {width, width, .06F}, .03F);
    builder.tube({{0, width / 2 - .1F, seat}, {0, width / 2 + .02F, seat + .1F}, {0, width / 2, seat + .3F}}, .02F);
  } else {
    builder.legs(width, width, seat, .045F).box({0, 0, seat + .02F}, {width, width, .05F}, .95F);
    for (const float side : {-.5F, .5F})
      builder.box({side * (width - .04F), width / 2 - .03F, seat + .12F}, {.035F, .035F, .2F});
  }
  builder.paint(distinctivePaint("chair", random));
  builder.bentPanel({0, width / 2 - .02F, seat + .16F + back / 2}, {width, .03F, back}, 8, roundBack(width, .05F));
  return finish(builder.model(), {std::max(width, .54F), std::max(width, .5F) + .08F, seat + .18F + back});
}

Piece buildBed(Random& random) {
  const float width = between(random, 1.1, 1.7);
  const float depth = between(random, 1.92, 2.08);
  ModelBuilder builder(classOf("bed"));
  const Material frame = bodyPaint(random);
  builder.paint(frame).legs(width - .06F, depth - .06F, .16F, .07F).box({0, 0, .22F}, {width, depth, .14F});
  const float head = between(random, .75, 1.15);
  if (chance(random, .5)) {
    builder.box({0, depth / 2 - .02F, head / 2}, {width, .05F, head}, .96F);
  } else {
    builder.bentPanel({0, depth / 2 - .02F, head / 2 + .05F}, {width, .05F, head - .1F}, 12, roundBack(width, .06F));
  }
  builder.paint(whitePaint(random)).cushion({0, -.02F, .38F}, {width - .06F, depth - .1F, .2F}, .03F);
  const int num_pillows = width < 1.35F ? 1 : 2;
  for (int i = 0; i < num_pillows; ++i) {
    const float wide = (width - .2F) / static_cast<float>(num_pillows);
    const float x = (static_cast<float>(i) - static_cast<float>(num_pillows - 1) / 2) * wide;
    builder.cushion({x, depth / 2 - .32F, .52F}, {wide - .06F, .4F, .08F}, .06F);
  }
  const float blanket = depth * between(random, .3, .5);
  builder.paint(distinctivePaint("bed", random));
  builder.cushion({0, -depth / 2 + blanket / 2 - .01F, .405F}, {width + .02F, blanket, .19F}, .035F);
  Piece bed = finish(builder.model(), {width + .02F, depth + .04F, head});
  bed.focus_m = Vector3f(0, -.2F, .5F);
  return bed;
}

}  // namespace tagscape::synth
