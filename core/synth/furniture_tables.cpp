#include "core/synth/furniture.h"
#include "core/synth/paint.h"

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// A quarter turn around z: `side` 1 turns +x to -y, so that a chair's back (+y) faces +x.
Eigen::Isometry3f quarterTurn(float side, const Vector3f& to) {
  Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
  pose.linear() << 0, side, 0, -side, 0, 0, 0, 0, 1;
  pose.translation() = to;
  return pose;
}

Eigen::Isometry3f halfTurn(const Vector3f& to) {
  Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
  pose.linear() << -1, 0, 0, 0, -1, 0, 0, 0, 1;
  pose.translation() = to;
  return pose;
}

void addRectangularTable(ModelBuilder& builder, float width, float depth, float height, Random& random) {
  builder.paint(bodyPaint(random)).box({0, 0, height - .02F}, {width, depth, .04F});
  if (chance(random, .7)) {
    builder.legs(width, depth, height - .04F, .07F);
  } else {  // two boards instead of legs
    for (const float side : {-.5F, .5F})
      builder.box({side * (width - .2F), 0, height / 2 - .02F}, {.05F, depth - .1F, height - .04F});
  }
  const float runner = between(random, .3, .42);
  builder.paint(distinctivePaint("table", random)).box({0, 0, height + .004F}, {.8F * width, runner, .008F});
}

void addRoundTable(ModelBuilder& builder, float radius, float height, Random& random) {
  builder.paint(bodyPaint(random));
  builder.cylinder({0, 0, 0}, .3F, .24F, .04F).cylinder({0, 0, .04F}, .06F, .05F, height - .08F);
  builder.cylinder({0, 0, height - .04F}, radius, radius, .04F);
  builder.paint(distinctivePaint("table", random)).cylinder({0, 0, height}, .6F * radius, .6F * radius, .01F);
}

void addMonitor(ModelBuilder& builder, float x, float y, float table_m, Random& random) {
  const float width = between(random, .46, .62);
  const float height = width * between(random, .55, .65);
  const float middle = table_m + .1F + height / 2;
  builder.paint(plain(dark(random))).box({x, y, table_m + .01F}, {.22F, .16F, .02F});
  builder.tube({{x, y, table_m}, {x, y + .03F, table_m + .14F}}, .02F);
  builder.box({x, y, middle}, {width, .035F, height});
  builder.paint(distinctivePaint("desk", random)).box({x, y - .018F, middle}, {width - .04F, .01F, height - .04F});
}

}  // namespace

Piece buildTable(Random& random) {
  const std::uint64_t kind = random.below(3);
  const bool is_low = kind == 0;
  const float height = is_low ? between(random, .38, .46) : between(random, .7, .77);
  ModelBuilder builder(classOf("table"), is_low ? "coffee table" : "table");
  if (kind == 1) {
    const float radius = between(random, .4, .55);
    addRoundTable(builder, radius, height, random);
    return finish(builder.model(), {2 * radius, 2 * radius, height});
  }
  const float width = between(random, .9, 1.3);
  const float depth = between(random, .6, .8);
  addRectangularTable(builder, width, depth, height, random);
  return finish(builder.model(), {width, depth, height + .01F});
}

Piece buildDiningGroup(Random& random) {
  const float width = between(random, 1.1, 1.3);
  const float depth = between(random, .7, .8);
  const float height = between(random, .7, .76);
  ModelBuilder table(classOf("table"), "dining table");
  addRectangularTable(table, width, depth, height, random);
  Model group = table.model();
  for (const float side : {-1.F, 1.F}) {
    const Piece chair = buildChair(random);
    const Vector3f at(side * (width / 2 + between(random, .12, .28)), between(random, -.08, .08), 0);
    append(group, chair.model, quarterTurn(side, at));
  }
  Piece piece = finish(group, {width + 1.2F, depth, 1.1F});
  piece.focus_m.z() = .6F;
  return piece;
}

Piece buildDesk(Random& random) {
  const float width = between(random, 1, 1.5);
  const float depth = between(random, .6, .75);
  const float height = between(random, .7, .76);
  ModelBuilder builder(classOf("desk"));
  const Material body = bodyPaint(random);
  builder.paint(body).box({0, 0, height - .02F}, {width, depth, .04F}).legs(width, depth, height - .04F, .06F);
  if (chance(random, .6)) {
    const float side = chance(random, .5) ? 1.F : -1.F;
    builder.box({side * (width / 2 - .24F), .02F, height / 2}, {.4F, depth - .08F, height - .1F});
    builder.paint(plain(body.color * .8F));
    for (const float z : {.25F, .5F, .75F})
      builder.box({side * (width / 2 - .24F), -depth / 2 + .055F, z * height}, {.36F, .02F, .2F * height});
  }
  addMonitor(builder, between(random, -.2, .2) * width, depth / 2 - .16F, height, random);
  Piece desk = finish(builder.model(), {width, depth, height + .5F});
  desk.focus_m.z() = height + .15F;
  return desk;
}

Piece buildDeskWithChair(Random& random) {
  Piece desk = buildDesk(random);
  const Piece chair = buildChair(random);
  const float out = between(random, .02, .2);
  const Vector3f desk_back(0, (chair.size_m.y() + out) / 2, 0);
  Model group;
  Eigen::Isometry3f back = Eigen::Isometry3f::Identity();
  back.translation() = desk_back;
  append(group, desk.model, back);
  const float front = desk_back.y() - desk.size_m.y() / 2;
  append(group, chair.model, halfTurn({between(random, -.15, .15), front - chair.size_m.y() / 2 + .1F - out, 0}));
  const Vector3f size(desk.size_m.x(), desk.size_m.y() + chair.size_m.y() + out, desk.size_m.z());
  Piece piece = finish(group, size);
  piece.focus_m = desk.focus_m + desk_back;
  return piece;
}

}  // namespace tagscape::synth
