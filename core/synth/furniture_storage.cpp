#include "core/synth/furniture.h"
#include "core/synth/paint.h"

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// A front of two doors or of drawers with handles that stand out. @param size  of the whole front.
void addFront(
    ModelBuilder& builder, const Vector3f& center, const Vector3f& size, const Material& body, Random& random) {
  const bool is_dark = body.color.maxCoeff() < .35F;
  const Material handle = plain(is_dark ? white(random) : Vector3f(dark(random) * .6F));
  const Material door = plain((body.color * 1.1F).cwiseMin(1.F));
  if (chance(random, .6)) {
    for (const float side : {-1.F, 1.F}) {
      const Vector3f middle = center + Vector3f(side * size.x() / 4, 0, 0);
      builder.paint(door).box(middle, {size.x() / 2 - .03F, .02F, size.z() - .06F});
      const float tall = std::min(.36F, .6F * size.z());
      builder.paint(handle).box(center + Vector3f(side * .07F, -.03F, .05F * size.z()), {.06F, .04F, tall});
    }
    return;
  }
  const auto num_drawers = static_cast<int>(2 + random.below(2));
  const float tall = size.z() / static_cast<float>(num_drawers);
  for (int i = 0; i < num_drawers; ++i) {
    const Vector3f middle = center + Vector3f(0, 0, (static_cast<float>(i) + .5F) * tall - size.z() / 2);
    builder.paint(door).box(middle, {size.x() - .04F, .02F, tall - .04F});
    builder.paint(handle).box(middle + Vector3f(0, -.03F, 0), {std::min(.4F, .5F * size.x()), .04F, .06F});
  }
}

Piece makeCabinet(const std::string& category, const Vector3f& size, float bottom, Random& random) {
  const Material body = bodyPaint(random);
  ModelBuilder builder(classOf("cabinet"), category);
  const float foot = bottom > 0 ? 0 : .06F;
  const Vector3f center(0, .02F, bottom + (size.z() + foot) / 2);
  builder.paint(body).box(center, {size.x(), size.y() - .04F, size.z() - foot});
  if (foot > 0)
    builder.paint(plain(body.color * .5F)).box({0, .03F, foot / 2}, {size.x() - .08F, size.y() - .1F, foot});
  const Vector3f front(0, -size.y() / 2 + .03F, center.z());
  addFront(builder, front, {size.x(), 0, size.z() - foot - .04F}, body, random);
  return finish(builder.model(), size, bottom);
}

void addBooks(ModelBuilder& builder, float width, float depth, float shelf_m, float step, Random& random) {
  const float books = (width - .08F) * between(random, .45, .95);
  const float tall = step * between(random, .55, .75);
  const float shift = (width - .08F - books) / 2 * between(random, -1, 1);
  const auto seed = static_cast<std::uint32_t>(random.below(1000));
  builder.paint({gray(random), gray(random), Pattern::Cells, between(random, 16, 24), seed});
  builder.box({shift, .02F, shelf_m + tall / 2}, {books, depth * .7F, tall});
}

}  // namespace

Piece buildCabinet(Random& random) {
  const Vector3f size(between(random, .7, 1.2), between(random, .42, .5), between(random, .8, 1.3));
  return makeCabinet("cabinet", size, 0, random);
}

Piece buildWardrobe(Random& random) {
  const Vector3f size(between(random, .8, 1.3), between(random, .5, .6), between(random, 1.7, 2.05));
  return makeCabinet("wardrobe", size, 0, random);
}

Piece buildKitchenCabinet(Random& random) {
  const Vector3f size(between(random, .8, 1.5), between(random, .34, .4), between(random, .6, .75));
  return makeCabinet("kitchen cabinet", size, between(random, 1.4, 1.5), random);
}

Piece buildBookshelf(Random& random) {
  const float width = between(random, .8, 1.25);
  const float depth = between(random, .28, .34);
  const float height = between(random, 1.3, 2);
  const auto num_shelves = static_cast<int>(3 + random.below(3));
  const float step = (height - .03F) / static_cast<float>(num_shelves);
  ModelBuilder builder(classOf("bookshelf"));
  builder.paint(bodyPaint(random)).box({0, depth / 2 - .01F, height / 2}, {width, .02F, height});
  for (const float side : {-.5F, .5F}) builder.box({side * (width - .03F), 0, height / 2}, {.03F, depth, height});
  for (int i = 0; i <= num_shelves; ++i)
    builder.box({0, 0, .015F + static_cast<float>(i) * step}, {width, depth, .03F});
  for (int i = 0; i < num_shelves; ++i) {
    if (i == 0 || chance(random, .85))
      addBooks(builder, width, depth, .03F + static_cast<float>(i) * step, step, random);
  }
  return finish(builder.model(), {width, depth, height});
}

Piece buildRefrigerator(Random& random) {
  const float width = between(random, .58, .75);
  const float depth = between(random, .58, .66);
  const float height = between(random, 1.5, 1.85);
  const float split = height * between(random, .3, .42);
  ModelBuilder builder(classOf("refrigerator"));
  const Material body = bodyPaint(random);
  builder.paint(body).box({0, .02F, height / 2}, {width, depth - .04F, height});
  builder.paint(plain((body.color * 1.06F).cwiseMin(1.F)));
  builder.box({0, -depth / 2 + .02F, split / 2}, {width, .04F, split - .03F});
  builder.box({0, -depth / 2 + .02F, (split + height) / 2 + .01F}, {width, .04F, height - split - .02F});
  builder.paint(plain(gray(random)));
  for (const float z : {split - .18F, split + .25F})
    builder.tube({{width / 2 - .07F, -depth / 2 - .03F, z - .12F}, {width / 2 - .07F, -depth / 2 - .03F, z + .12F}},
                 .015F);
  const float poster_width = between(random, .3, .4);
  const float poster_height = between(random, .34, .46);
  const float up = (split + height) / 2 + between(random, 0, .12);
  builder.paint(distinctivePaint("refrigerator", random));
  builder.box({-.06F, -depth / 2 - .004F, up}, {poster_width, .01F, poster_height});
  Piece piece = finish(builder.model(), {width, depth + .08F, height});
  piece.focus_m.z() = .65F * height;
  return piece;
}

Piece buildCounter(Random& random) {
  const float width = between(random, 1.2, 2.2);
  const float depth = between(random, .56, .64);
  const float height = between(random, .86, .94);
  ModelBuilder builder(classOf("counter"), "kitchen counter");
  const Material body = bodyPaint(random);
  builder.paint(plain(body.color * .5F)).box({0, .06F, .05F}, {width, depth - .14F, .1F});
  builder.paint(body).box({0, .03F, (height + .06F) / 2}, {width, depth - .06F, height - .14F});
  builder.paint(plain(body.color * .86F));
  const auto num_doors = std::max(2, static_cast<int>(width / .5F));
  const float wide = width / static_cast<float>(num_doors);
  for (int i = 0; i < num_doors; ++i) {
    const float x = (static_cast<float>(i) - static_cast<float>(num_doors - 1) / 2) * wide;
    builder.box({x, -depth / 2 + .055F, height / 2 + .02F}, {wide - .04F, .02F, height - .26F});
  }
  builder.paint(bodyPaint(random)).box({0, 0, height - .02F}, {width, depth, .04F});
  const float splash = between(random, .24, .34);
  builder.paint(distinctivePaint("counter", random));
  builder.box({0, depth / 2 - .015F, height + splash / 2}, {width * between(random, .7, 1), .03F, splash});
  Piece piece = finish(builder.model(), {width, depth, height + splash});
  piece.focus_m.z() = height;
  return piece;
}

}  // namespace tagscape::synth
