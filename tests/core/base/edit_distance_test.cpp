#include "core/base/edit_distance.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

TEST(EditDistance, CountsInsertionsRemovalsAndReplacements) {
  EXPECT_EQ(editDistance("chair", "chair"), 0U);
  EXPECT_EQ(editDistance("chair", "chairs"), 1U);
  EXPECT_EQ(editDistance("chair", "hair"), 1U);
  EXPECT_EQ(editDistance("chair", "choir"), 1U);
  EXPECT_EQ(editDistance("kitten", "sitting"), 3U);
  EXPECT_EQ(editDistance("", "sofa"), 4U);
}

}  // namespace
}  // namespace tagscape
