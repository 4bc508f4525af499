#include "core/weights/weight_file.h"

#include "core/base/files.h"
#include "core/io/npy.h"
#include "core/weights/mxnet_params.h"
#include "core/weights/torch_file.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/weight_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::pickled;
using testing::pickledTensor;
using testing::Writer;
using Shape = std::vector<std::int64_t>;

std::vector<float> valuesOf(const TensorFile& file, const std::string& name) {
  return *floatsOf(file.tensors.at(name));
}

/// A pickle of a single tensor with these numbers as sizes and strides.
std::string tensorPickle(int count, int offset, const std::string& sizes, const std::string& strides) {
  return "\x80\x02" + pickledTensor("FloatStorage", count, offset, sizes, strides, false) + ".";
}
std::string pair(int a, int b) { return pickled(a) + pickled(b) + "\x86"; }

// ---------------------------------------------------------------------------------------------------- MXNet

TEST(MxnetParams, AreReadInEveryLayout) {
  const auto file = parseMxnetParams(testing::smallMxnetParams(), "x.params");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->tensors.at("arg:a_weight").shape, (Shape{1, 2}));
  EXPECT_EQ(file->tensors.at("arg:b_gamma").shape, (Shape{2}));
  EXPECT_EQ(file->tensors.at("aux:b_moving_mean").shape, (Shape{2, 1}));
  EXPECT_EQ(file->tensors.at("c").shape, Shape{});
  EXPECT_EQ(file->tensors.at("aux:b_moving_mean").bytes, testing::bytesOf("12345678"));
}

TEST(MxnetParams, KeepTheirTypes) {
  Writer bytes = testing::mxnetHead(3);
  addMxnetArray(bytes, 0, {1}, std::string_view("\x00\x3c", 2), 2);
  addMxnetArray(bytes, testing::kMxnetV2, {1}, std::string_view("\x00\x00\x00\x00\x00\x00\xf8\x3f", 8), 1);
  addMxnetArray(bytes, testing::kMxnetV1, {2}, std::string_view("\x01\x02", 2), 3);
  testing::addMxnetNames(bytes, {"half", "double", "bytes"});
  const auto file = parseMxnetParams(bytes.bytes(), "x.params");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(valuesOf(*file, "half"), ElementsAre(1.F));
  EXPECT_THAT(valuesOf(*file, "double"), ElementsAre(1.5F));
  EXPECT_EQ(file->tensors.at("bytes").dtype, "U8");
  EXPECT_EQ(floatsOf(file->tensors.at("bytes")), std::nullopt);
}

TEST(MxnetParams, LeaveOutArraysWithoutAShape) {
  Writer bytes = testing::mxnetHead(2);
  bytes.number<std::uint32_t>(0).number(testing::kMxnetV2).number<std::int32_t>(0).number<std::int32_t>(0);
  testing::addMxnetNames(bytes, {"a", "b"});
  const auto file = parseMxnetParams(bytes.bytes(), "x.params");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->tensors.empty());
}

TEST(MxnetParams, RefuseHugeClaimsWithThePlace) {
  for (const std::uint64_t claim : {std::uint64_t{1} << 60, std::uint64_t{100}}) {
    const auto refused = parseMxnetParams(testing::mxnetHead(claim).bytes(), "x.params");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("x.params: at byte 24: it claims"));
  }
  Writer huge = testing::mxnetHead(1);
  addMxnetArray(huge, testing::kMxnetV2, {1 << 30, 1 << 30}, "");
  EXPECT_THAT(parseMxnetParams(huge.bytes(), "x").error().message, HasSubstr("bytes, but"));
  Writer overflowing = testing::mxnetHead(1);
  addMxnetArray(overflowing, testing::kMxnetV2, {1LL << 40, 1LL << 40}, "");
  EXPECT_THAT(parseMxnetParams(overflowing.bytes(), "x").error().message, HasSubstr("impossible shape"));
}

TEST(MxnetParams, RefuseSparseArrays) {
  Writer bytes = testing::mxnetHead(1);
  bytes.number(testing::kMxnetV2).number<std::int32_t>(1);
  EXPECT_THAT(parseMxnetParams(bytes.bytes(), "x").error().message, HasSubstr("sparse"));
}

// ---------------------------------------------------------------------------------------------------- PyTorch

class TorchFileLayouts : public ::testing::TestWithParam<bool> {
 protected:
  static Result<TensorFile> parse(const std::string& pickle, const std::vector<float>& values) {
    return parseTorchFile(GetParam() ? testing::torchLegacy(pickle, values) : testing::torchZip(pickle, values),
                          "x.pth");
  }
};

TEST_P(TorchFileLayouts, GiveTensorsAndNumbersByName) {
  const auto file = parse(testing::dictPickle(GetParam()), {1, 2, 3, 4});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->tensors.at("layer.weight").shape, (Shape{2, 2}));
  EXPECT_THAT(valuesOf(*file, "layer.weight"), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(file->metadata.at("step"), "7");
}

TEST_P(TorchFileLayouts, GiveATransposedViewInItsOwnOrder) {
  const auto file = parse(tensorPickle(7, 1, pair(3, 2), pair(1, 3)), {0, 1, 2, 3, 4, 5, 6});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(valuesOf(*file, "tensor"), ElementsAre(1, 4, 2, 5, 3, 6));
}

/// What Python writes for {"best": numpy.float64(0.5), "epoch": numpy.int64(3)} with protocol 2: the bytes of numbers
/// as text in Latin-1.
TEST_P(TorchFileLayouts, GiveNumbersOfNumpy) {
  const auto scalar = [](const std::string& type, const std::string& utf8) {
    return "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(" + pickled(type) + "\x89\x88tR(J\x03" +
           std::string(3, '\0') + pickled("<") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffJ" + std::string(4, '\0') +
           "tb" + "c_codecs\nencode\n(" + pickled(utf8) + pickled("latin1") + "tRtR";
  };
  const std::string half = std::string(6, '\0') + "\xc3\xa0?";  // 0.5 is 00 00 00 00 00 00 e0 3f
  const std::string three = "\x03" + std::string(7, '\0');
  const std::string pickle =
      "\x80\x02}(" + pickled("best") + scalar("f8", half) + pickled("epoch") + scalar("i8", three) + pickled("weight") +
      pickledTensor("FloatStorage", 1, 0, pickled(1) + "\x85", pickled(1) + "\x85", GetParam()) + "u.";
  const auto file = parse(pickle, {2.5F});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->tensors.size(), 1U);
  EXPECT_EQ(file->metadata.at("best"), "0.5");
  EXPECT_EQ(file->metadata.at("epoch"), "3");
}

TEST_P(TorchFileLayouts, RefuseFunctionsByName) {
  const auto file = parse("\x80\x02" + std::string("cposix\nsystem\n") + pickled("true") + "\x85R.", {1});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(file.error().message, HasSubstr("'posix.system'"));
  EXPECT_THAT(file.error().message, HasSubstr("at byte "));
}

TEST_P(TorchFileLayouts, RefuseFunctionsNamedOnTheStack) {
  const auto file = parse("\x80\x04" + pickled("builtins") + pickled("eval") + "\x93.", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("'builtins.eval'"));
}

TEST_P(TorchFileLayouts, RefuseViewsBeyondTheirStorage) {
  for (const auto& pickle : {tensorPickle(4, 1, pair(2, 2), pair(2, 1)),
                             tensorPickle(4, 0, pair(1 << 30, 1 << 30), pair(0, 0)),
                             tensorPickle(4, 0, pair(2, 2), pair(1 << 30, 1 << 30)),
                             tensorPickle(4, -1, pair(2, 1), pair(1, 1))}) {
    const auto file = parse(pickle, {1, 2, 3, 4});
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, HasSubstr("reaches past"));
  }
}

TEST_P(TorchFileLayouts, RefuseStoragesThatAreShorterThanTheyClaim) {
  EXPECT_FALSE(parse(tensorPickle(1 << 28, 0, pair(2, 1 << 27), pair(1 << 27, 1)), {1, 2, 3, 4}));
}

TEST_P(TorchFileLayouts, RefuseStoragesWhoseBytesCannotBeCounted) {
  const auto one = pickled(1) + "\x85";
  for (const auto& [type, exponent] : {std::pair{"FloatStorage", 62}, {"DoubleStorage", 61}, {"FloatStorage", 61}}) {
    const std::int64_t count = std::int64_t{1} << exponent;
    const auto pickle = "\x80\x02" + testing::pickledTensor(type, count, 1 << 20, one, one, GetParam()) + ".";
    auto bytes = GetParam() ? testing::torchLegacy(pickle, {1, 2, 3, 4}) : testing::torchZip(pickle, {1, 2, 3, 4});
    if (GetParam()) bytes.resize(bytes.size() + 16);  // The older layout counts values: four of eight bytes.
    const auto file = parseTorchFile(bytes, "x.pth");
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, HasSubstr("too few for " + std::to_string(count)));
  }
}

TEST_P(TorchFileLayouts, IgnoreTheStrideOfASideOfOne) {
  const auto three = [](auto a, auto b, auto c) { return pickled(a) + pickled(b) + pickled(c) + "\x87"; };
  const auto largest = std::numeric_limits<std::int64_t>::max();
  const auto file = parse(tensorPickle(4, 0, three(2, 1, 2), three(1, largest, 2)), {1, 2, 3, 4});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(valuesOf(*file, "tensor"), ElementsAre(1, 3, 2, 4));
}

TEST_P(TorchFileLayouts, RefuseStorageNamesThatNoOneNeeds) {
  const auto file =
      parse("\x80\x02" + testing::pickledId("FloatStorage", std::string(1001, '0'), 1, GetParam()) + "Q.", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("a storage with more than 1000 letters"));
}

TEST_P(TorchFileLayouts, RefuseAFewBytesThatCopyANameOverAndOver) {
  std::string pickle = "\x80\x02" + testing::pickledId("FloatStorage", std::string(1000, '0'), 1, GetParam()) + "q\x01";
  for (int copy = 0; copy < 2000; ++copy) pickle += "h\x01Q0";
  const auto file = parse(pickle + ".", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("over and over"));
}

TEST_P(TorchFileLayouts, RefuseAFewBytesThatCopyADictionaryOverAndOver) {
  std::string pickle = "\x80\x02" + pickled(1) + pickled(2) + "\x86q\x01" + "](";
  for (int pair = 0; pair < 2000; ++pair) pickle += "h\x01";
  pickle += std::string("e\x85q\x02") + "ccollections\nOrderedDict\nq\x03";
  for (int copy = 0; copy < 200; ++copy) pickle += "h\x03h\x02R0";
  const auto file = parse(pickle + ".", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("over and over"));
}

TEST_P(TorchFileLayouts, RefuseFunctionsWithMoreArgumentsThanAnyTakes) {
  std::string pickle = std::string("\x80\x02") + "ctorch._utils\n_rebuild_tensor_v2\n(";
  for (int argument = 0; argument < 17; ++argument) pickle += "N";
  const auto file = parse(pickle + "tR.", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("with more than 16 arguments"));
}

TEST_P(TorchFileLayouts, RefuseAFewBytesThatNameTheSameTensorsOverAndOver) {
  // A list of ten times a list of ten times … a tensor: ten to the power of nine names.
  std::string pickle =
      "\x80\x02" + pickledTensor("FloatStorage", 1, 0, pickled(1) + "\x85", pickled(1) + "\x85", false);
  for (int level = 0; level < 9; ++level)
    pickle +=
        "q\x01"
        "0](" +
        std::string("h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01") + "e";
  const auto file = parse(pickle + ".", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("several times as many"));
}

TEST_P(TorchFileLayouts, RefuseAListThatHoldsItself) {
  const auto tensor = pickledTensor("FloatStorage", 1, 0, pickled(1) + "\x85", pickled(1) + "\x85", GetParam());
  const auto file = parse("\x80\x02]q\x01(h\x01" + tensor + "e.", {1});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("nested too deeply"));
}

INSTANTIATE_TEST_SUITE_P(TorchFile, TorchFileLayouts, ::testing::Values(false, true), [](const auto& layout) {
  return layout.param ? "Legacy" : "Zip";
});

TEST(TorchFile, RefusesAZipFileThatIsSomethingElse) {
  const auto refused = parseTorchFile(testing::storedZip({{"readme.txt", "hello"}}), "x.pth");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("data.pkl"));
}

// ---------------------------------------------------------------------------------------------------- any weights

TEST(WeightFile, TellsTheKindByTheFirstBytes) {
  EXPECT_EQ(parseWeightFile(testing::smallMxnetParams(), "x")->format, "MXNet params");
  EXPECT_EQ(parseWeightFile(testing::smallTorchZip(), "x")->format, "PyTorch (zip)");
  EXPECT_EQ(parseWeightFile(testing::smallTorchLegacy(), "x")->format, "PyTorch (legacy pickle)");
  const testing::TemporaryFolder folder;
  TensorFile content;
  content.tensors["a"] = {"F32", {2}, testing::bytesOf("12345678")};
  ASSERT_TRUE(writeSafetensors(folder.path() / "a", content));
  EXPECT_EQ(readWeightFile(folder.path() / "a")->format, "safetensors");
}

TEST(WeightFile, NamesTheKindsThereAreForAnythingElse) {
  const auto refused = parseWeightFile(testing::bytesOf("ply\nformat ascii 1.0\n"), "x.ply");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("x.ply"));
  EXPECT_THAT(refused.error().message, HasSubstr("safetensors"));
}

TEST(FloatsOf, KnowsTheSmallestAndLargestHalves) {
  const TensorBlob halves{"F16", {5}, testing::bytesOf(std::string("\x01\x00\xff\x7b\x00\x80\x00\x7c\x00\xc0", 10))};
  const auto values = *floatsOf(halves);
  EXPECT_EQ(values[0], 0x1p-24F);
  EXPECT_EQ(values[1], 65504.F);
  EXPECT_TRUE(std::signbit(values[2]) && values[2] == 0);
  EXPECT_TRUE(std::isinf(values[3]));
  EXPECT_EQ(values[4], -2.F);
}

// ---------------------------------------------------------------------------------------------------- npy

TEST(Npy, HasAHeaderOfWholeBlocksAndTheValues) {
  const testing::TemporaryFolder folder;
  for (const auto& [shape, text] : {std::pair{Shape{2, 1}, "'shape': (2, 1), }"}, {Shape{2}, "'shape': (2,), }"}}) {
    ASSERT_TRUE(writeNpy(folder.path() / "a.npy", shape, std::vector{1.F, 2.F}));
    const auto bytes = readFile(folder.path() / "a.npy").value();
    const std::string all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    EXPECT_TRUE(all.starts_with(std::string("\x93NUMPY\x01\x00", 8)));
    EXPECT_THAT(all, HasSubstr(text));
    std::uint16_t length = 0;
    std::memcpy(&length, &all[8], sizeof(length));
    EXPECT_EQ((10 + length) % 64, 0);
    EXPECT_EQ(all[10 + length - 1U], '\n');
    ASSERT_EQ(all.size(), 10U + length + 8U);
    float second = 0;
    std::memcpy(&second, &all[all.size() - 4], sizeof(second));
    EXPECT_EQ(second, 2.F);
  }
}

}  // namespace
}  // namespace tagscape
