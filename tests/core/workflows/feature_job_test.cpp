#include "core/workflows/feature_job.h"

#include "core/io/safetensors.h"
#include "core/nn/small_networks.h"
#include "core/workflows/weight_listing.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Weights of a small point network, all zero.
void writeWeights(const fs::path& path) {
  TensorFile file;
  for (const auto& spec : smallPointTensors(4, 3)) {
    std::int64_t count = 1;
    for (const std::int64_t side : spec.shape) count *= side;
    file.tensors["points." + spec.name] = {
        "F32", spec.shape, std::vector<std::byte>(static_cast<std::size_t>(count) * sizeof(float))};
  }
  ASSERT_TRUE(writeSafetensors(path, file));
}

/// Twenty points with colours along a line, one of them where it is told.
void writeCloud(const fs::path& path, const std::string& x) {
  std::ofstream file(path);
  file << "ply\nformat ascii 1.0\nelement vertex 21\nproperty float x\nproperty float y\nproperty float z\n"
          "property uchar red\nproperty uchar green\nproperty uchar blue\nend_header\n";
  for (int i = 0; i < 20; ++i) file << i << " 0 0 1 2 3\n";
  file << x << " 0 0 1 2 3\n";
}

TEST(ComputeFeatures, RefusesPointsThatNoSceneHas) {
  const testing::TemporaryFolder folder;
  FeatureOptions options;
  options.network = "small-pointnet2";
  options.weights = folder.path() / "w.safetensors";
  options.cloud = folder.path() / "cloud.ply";
  options.tap = "features";
  options.device = "cpu";
  writeWeights(options.weights);
  writeCloud(options.cloud, "1e6");
  const auto found = computeFeatures(options);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->shape, (std::vector<std::int64_t>{21, 8}));
  for (const char* far : {"3e38", "-3e38", "1.1e6"}) {
    writeCloud(options.cloud, far);
    const auto refused = computeFeatures(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr("cloud.ply: point 20 lies more than 1e+06 m from the origin"));
    EXPECT_THAT(refused.error().message, HasSubstr("scale the cloud"));
  }
}

TEST(ListWeights, NamesTheNetworkOfAFileAndTheErrorOfAMissingOne) {
  const testing::TemporaryFolder folder;
  writeWeights(folder.path() / "w.safetensors");
  const auto listing = listWeights(folder.path() / "w.safetensors");
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_FALSE(listing->fits.empty());
  EXPECT_EQ(listing->fits[0].network, "small-pointnet2 (width 4, 3 classes)");
  const auto missing = listWeights(folder.path() / "none.pth");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tagscape
