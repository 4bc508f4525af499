#include "ui/tools/outline_test.h"

#include "core/base/random.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

TEST(OutlineTest, AgreesWithQPolygonForRandomOutlinesThatCrossThemselves) {
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    QPolygonF outline;
    const std::uint64_t num_corners = 3 + random.below(30);
    for (std::uint64_t k = 0; k < num_corners; ++k)
      outline += QPointF(random.uniform(-50, 150), random.uniform(-50, 150));
    const OutlineTest test(outline);
    for (int k = 0; k < 500; ++k) {
      const QPointF place(random.uniform(-60, 160), random.uniform(-60, 160));
      ASSERT_EQ(test.contains(place.x(), place.y()), outline.containsPoint(place, Qt::OddEvenFill));
    }
  }
}

TEST(OutlineTest, HasNothingInAnEmptyOutline) {
  EXPECT_FALSE(OutlineTest(QPolygonF()).contains(0, 0));
  EXPECT_FALSE(OutlineTest(QPolygonF({{1, 1}, {5, 1}})).contains(2, 1));
}

}  // namespace
}  // namespace tagscape
