// Every format of the table: what is written is read back by the importer as it was.

#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/exchange/importer.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tagscape {
namespace {

class RoundTrip : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] const ExchangeFormat& format() const { return *exchangeFormatNamed(GetParam()).value(); }
  [[nodiscard]] Result<ExportedScene> exported(ExchangeLayer layer) const {
    ExportOptions options;
    options.formats = {&format()};
    TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(folder_.path(), options, layer.classes));
    return exporter.add(scene_, std::move(layer), {});
  }
  [[nodiscard]] ImportedLayer imported() const {
    const ForeignSource source = readForeign(folder_.path(), scene_->name, &format()).value();
    return importLayer(scene_, source, scanNetClasses(), {}, {}).value();
  }

  testing::TemporaryFolder folder_;
  SharedScene scene_ = testing::boxScene();
};

/// Which numbers of one side stand beside which of the other, where both have a label.
template <class A, class B>
void expectSamePartition(const A& meant, const B& found) {
  std::map<std::uint32_t, std::uint32_t> found_of, meant_of;
  for (std::size_t i = 0; i < meant.size(); ++i) {
    if (meant[i] == 0) continue;
    ASSERT_EQ(found_of.try_emplace(meant[i], found[i]).first->second, found[i]) << "at " << i;
    ASSERT_EQ(meant_of.try_emplace(found[i], meant[i]).first->second, meant[i]) << "at " << i;
  }
}

class RoundTripOfPoints : public RoundTrip {};

TEST_P(RoundTripOfPoints, GivesTheLabelsBack) {
  const ExchangeLayer layer = testing::boxLayer(*scene_);
  const auto record = exported(layer);
  ASSERT_TRUE(record) << record.error().message;
  const LayerPoints found = imported().layer.points;
  ASSERT_EQ(found.size(), layer.points.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool is_left_out = format().only_instances && layer.points.instances[i] == 0;
    ASSERT_EQ(found.classes[i], is_left_out ? kUnlabelled : layer.points.classes[i]) << "at " << i;
    if (format().confidence) {
      ASSERT_EQ(found.confidence[i], layer.points.confidence[i]) << "at " << i;
    }
  }
  if (format().instances) expectSamePartition(layer.points.instances, found.instances);
}

class RoundTripOfFrames : public RoundTrip {};

TEST_P(RoundTripOfFrames, GivesTheLabelsBack) {
  const ExchangeLayer layer = testing::boxLayer(*scene_);
  const auto record = exported(layer);
  ASSERT_TRUE(record) << record.error().message;
  const ExchangeLayer found = imported().layer;
  ASSERT_NE(found.frames, nullptr);
  const auto meant = projectedFrames(scene_, std::make_shared<LayerPoints>(layer.points));
  ASSERT_EQ(found.frames->indices(), meant->indices());
  for (const std::size_t index : meant->indices()) {
    const LayerFrame a = meant->read(index).value(), b = found.frames->read(index).value();
    EXPECT_EQ(b.classes.pixels, a.classes.pixels) << "frame " << index;
    if (format().instances) expectSamePartition(a.instances.pixels, b.instances.pixels);
  }
}

TEST_P(RoundTrip, GivesTheSameBytesAgain) {
  ASSERT_TRUE(exported(testing::boxLayer(*scene_)));
  const auto first = testing::filesBelow(folder_.path());
  std::filesystem::remove_all(folder_.path() / "manifest");
  ASSERT_TRUE(exported(testing::boxLayer(*scene_)));
  EXPECT_EQ(testing::filesBelow(folder_.path()), first);
}

TEST_P(RoundTrip, HoldsASceneWithoutAnyLabel) {
  ExchangeLayer layer = testing::boxLayer(*scene_);
  std::fill(layer.points.classes.begin(), layer.points.classes.end(), kUnlabelled);
  std::fill(layer.points.confidence.begin(), layer.points.confidence.end(), 0.F);
  layer.points.instances.clear();
  const auto record = exported(layer);
  EXPECT_TRUE(record) << record.error().message;
}

template <class Fits>
std::vector<std::string> formatsThat(Fits fits) {
  std::vector<std::string> names;
  for (const ExchangeFormat& format : exchangeFormats()) {
    if (fits(format)) names.emplace_back(format.name);
  }
  return names;
}

std::string testName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

const auto kAll = formatsThat([](const ExchangeFormat&) { return true; });
const auto kOfPoints = formatsThat([](const ExchangeFormat& format) { return format.points; });
const auto kOfFrames =
    formatsThat([](const ExchangeFormat& format) { return format.frames && format.read != nullptr; });
INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip, ::testing::ValuesIn(kAll), testName);
INSTANTIATE_TEST_SUITE_P(Formats, RoundTripOfPoints, ::testing::ValuesIn(kOfPoints), testName);
INSTANTIATE_TEST_SUITE_P(Formats, RoundTripOfFrames, ::testing::ValuesIn(kOfFrames), testName);

}  // namespace
}  // namespace tagscape
