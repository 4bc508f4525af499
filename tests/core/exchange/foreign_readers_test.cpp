// Exports are read by programs that are not ours (read_exports.py), each skipped with a reason where it is not
// installed: Debian's Open3D, OpenCV, numpy, jq and CloudCompare; from PyPI, in the virtual environment that
// scripts/foreign-readers makes, pycocotools, laspy, label-studio-converter and datumaro.

#include "core/base/files.h"
#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/io/npy_array.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

struct Reader {
  const char* name;
  bool is_from_pypi;
};
constexpr Reader kReaders[] = {{"open3d_ply", false},
                               {"open3d_pcd", false},
                               {"numpy_arrays", false},
                               {"pointcept", false},
                               {"semantic_kitti", false},
                               {"label_cloud", false},
                               {"supervisely", false},
                               {"cloudcompare", false},
                               {"scannet_rules", false},
                               {"opencv_images", false},
                               {"jq", false},
                               {"laspy_las", true},
                               {"pycocotools", true},
                               {"label_studio", true},
                               {"datumaro_own", true},
                               {"datumaro_cvat", true}};

template <class T>
void keep(const fs::path& file, const std::vector<std::int64_t>& shape, const std::vector<T>& values) {
  ASSERT_TRUE(writeFileAtomically(file, encodeNpy(shape, values)));
}

std::vector<std::uint16_t> idsOf(const std::vector<std::uint16_t>& rows) {
  std::vector<std::uint16_t> ids(rows.size());
  std::transform(rows.begin(), rows.end(), ids.begin(), [](std::uint16_t row) {
    return row == kUnlabelled ? std::uint16_t{0} : scanNetClasses()[row].id;
  });
  return ids;
}

class ForeignReaders : public ::testing::TestWithParam<Reader> {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const SharedScene scene = testing::boxScene();
    const ExchangeLayer layer = testing::boxLayer(*scene);
    ExportOptions options;
    options.image_ids = {ImageIds::Nyu40, ImageIds::Train, ImageIds::Raw};
    for (const ExchangeFormat& format : exchangeFormats()) options.formats.push_back(&format);
    Exporter exporter = Exporter::create(folder_->path(), options, layer.classes).value();
    const auto record = exporter.add(scene, layer, {});
    ASSERT_TRUE(record) << record.error().message;
    keepExpected(scene, layer, folder_->path() / "expected");
  }
  static void TearDownTestSuite() { delete folder_; }

  static void keepExpected(const SharedScene& scene, const ExchangeLayer& layer, const fs::path& folder) {
    const auto count = static_cast<std::int64_t>(layer.points.size());
    std::vector<float> positions;
    for (const auto& position : scene->points().positions_m)
      positions.insert(positions.end(), position.data(), position.data() + 3);
    std::vector<std::uint16_t> truth;
    for (const std::uint8_t label : scene->point_labels) truth.push_back(scanNetClasses()[label].id);
    keep(folder / "positions.npy", {count, 3}, positions);
    keep(folder / "ids.npy", {count}, idsOf(layer.points.classes));
    keep(folder / "truth.npy", {count}, truth);
    keep(folder / "instances.npy", {count}, layer.points.instances);
    keep(folder / "confidence.npy", {count}, layer.points.confidence);
    const auto frames = projectedFrames(scene, std::make_shared<LayerPoints>(layer.points));
    for (const std::size_t index : frames->indices()) {
      const LayerFrame frame = frames->read(index).value();
      const std::string stem = fmt::format("frame_{}_", scene->frames[index].number);
      const std::vector<std::int64_t> shape{frame.classes.height, frame.classes.width};
      keep(folder / (stem + "ids.npy"), shape, idsOf(frame.classes.pixels));
      keep(folder / (stem + "instances.npy"), shape, frame.instances.pixels);
    }
  }

  static testing::TemporaryFolder* folder_;
};
testing::TemporaryFolder* ForeignReaders::folder_ = nullptr;

TEST_P(ForeignReaders, FindTheLabelsThatWereMeant) {
  constexpr int kNotInstalled = 77;
  const fs::path own = TAGSCAPE_FOREIGN_PYTHON;
  if (GetParam().is_from_pypi && !fs::exists(own))
    GTEST_SKIP() << own.string() << " is not there: scripts/foreign-readers installs it";
  const std::string python = GetParam().is_from_pypi ? own.string() : "/usr/bin/python3";
  if (!fs::exists(python)) GTEST_SKIP() << python << " is not installed";
  const auto outcome = testing::runProgram(python, {TAGSCAPE_READ_EXPORTS, GetParam().name, folder_->path().string()});
  if (outcome.exit_code == kNotInstalled) GTEST_SKIP() << outcome.out;
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
}

std::string testName(const ::testing::TestParamInfo<Reader>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Programs, ForeignReaders, ::testing::ValuesIn(kReaders), testName);

}  // namespace
}  // namespace tagscape
