#include "core/recipe/train_options.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// Every field as text, in order.
std::string listing(const TrainOptions& options) { return formatTrainConfig(options); }

TEST(TrainOptions, OfEveryPresetAreInRange) {
  EXPECT_GE(trainPresetNames().size(), 5U);
  for (const std::string& name : trainPresetNames()) {
    const auto preset = trainPreset(name);
    ASSERT_TRUE(preset) << name;
    EXPECT_EQ(preset->preset, name);
    EXPECT_TRUE(checkTrainOptions(*preset)) << name;
  }
}

TEST(TrainOptions, OfAnUnknownPresetNameThoseThereAre) {
  const auto unknown = trainPreset("enormous");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(unknown.error().message, HasSubstr("small"));
}

TEST(TrainOptions, ComeBackFromConfigTomlUnchanged) {
  const testing::TemporaryFolder folder;
  TrainOptions options = trainPreset("quick").value();
  options.seed = 123456789012345;
  options.image_lr = 1.25e-3;
  options.tolerance_m = 0.07F;
  options.device = "cuda:1";
  options.frame_bags = false;
  const auto back = readTrainConfig(folder.write("config.toml", formatTrainConfig(options)));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(listing(*back), listing(options));
}

TEST(TrainOptions, ThatARunIsTooOldForAreOff) {
  const testing::TemporaryFolder folder;
  const TrainOptions rooms = trainPreset("rooms").value();
  ASSERT_TRUE(rooms.lift_network);
  std::string text = formatTrainConfig(rooms);
  const auto line = text.find("lift_network");
  text.erase(line, text.find('\n', line) + 1 - line);
  const auto old = readTrainConfig(folder.write("config.toml", text));
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_FALSE(old->lift_network);
  EXPECT_TRUE(old->lift_appearance);
}

TEST(TrainOptions, ThatThisVersionLacksAreIgnoredAndNamedInTheLog) {
  const testing::TemporaryFolder folder;
  const auto log_file = folder.path() / "log.txt";
  ASSERT_TRUE(log::addFile(log_file));
  std::string text = formatTrainConfig(trainPreset("rooms").value());
  text += "teacher_decay = 0.99\nvote = 'segments'\n";
  const auto line = text.find("refinement = 'labels'");
  ASSERT_NE(line, std::string::npos);
  text.replace(line, std::string_view("refinement = 'labels'").size(), "refinement = 'lifted'");
  const auto old = readTrainConfig(folder.write("config.toml", text));
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(listing(*old), listing(trainPreset("rooms").value()));
  const std::string log = readTextFile(log_file, 1 << 20).value();
  for (const char* removed : {"config.toml", "teacher_decay", "vote", "refinement=lifted (now labels)"})
    EXPECT_THAT(log, HasSubstr(removed));
}

TEST(TrainOptions, AreSetByName) {
  TrainOptions options;
  ASSERT_TRUE(setTrainOption(options, "joint_steps", "77"));
  ASSERT_TRUE(setTrainOption(options, "image_lr", "0.5"));
  ASSERT_TRUE(setTrainOption(options, "flip_images", "false"));
  EXPECT_EQ(options.joint_steps, 77);
  EXPECT_EQ(options.image_lr, .5);
  EXPECT_FALSE(options.flip_images);
}

TEST(TrainOptions, RefuseTextThatIsNoValue) {
  TrainOptions options;
  for (const auto& [name, value] : {std::pair{"joint_steps", "many"},
                                    {"joint_steps", "3.5"},
                                    {"joint_steps", "99999999999999"},
                                    {"image_lr", "1e-3x"},
                                    {"flip_images", "perhaps"},
                                    {"no_such_option", "1"}}) {
    const Status status = setTrainOption(options, name, value);
    ASSERT_FALSE(status) << name << " = " << value;
    EXPECT_THAT(status.error().message, HasSubstr(name));
  }
  EXPECT_EQ(listing(options), listing({}));
}

TEST(TrainOptions, OutOfRangeAreNamedWithTheirValue) {
  const auto refused = [](auto change) {
    TrainOptions options;
    change(options);
    const Status status = checkTrainOptions(options);
    return status ? std::string("accepted") : status.error().message;
  };
  EXPECT_THAT(refused([](auto& o) { o.image_batch = 0; }), HasSubstr("image_batch"));
  EXPECT_THAT(refused([](auto& o) { o.crop_px = 100; }), HasSubstr("multiple of 8"));
  EXPECT_THAT(refused([](auto& o) { o.image_lr = std::numeric_limits<double>::quiet_NaN(); }), HasSubstr("image_lr"));
  EXPECT_THAT(refused([](auto& o) { o.joint_steps = -1; }), HasSubstr("-1"));
  EXPECT_THAT(refused([](auto& o) { o.score = "luck"; }), HasSubstr("'score' is 'luck'"));
  EXPECT_THAT(refused([](auto& o) { o.lift_appearance = true; }), HasSubstr("off: lift_appearance=false."));
  EXPECT_THAT(refused([](auto& o) {
                o.lift_network = true;
                o.lift_least_share = .04;
              }),
              HasSubstr("lift=scene. Set it, or switch their labelling off: lift_least_share=0 lift_network=false."));
  EXPECT_THAT(refused([](auto& o) { o.supervision = "labels"; }), HasSubstr("joint_steps"));
  EXPECT_THAT(refused([](auto& o) { o.image_steps = o.points_steps = o.joint_steps = 0; }), HasSubstr("no phase"));
}

TEST(TrainOptions, OfABrokenFileAreRefusedWithTheLine) {
  const testing::TemporaryFolder folder;
  for (const auto& [text, part] : {std::pair{"[train]\nseed = \n", "line 2"},
                                   {"[other]\nseed = 1\n", "[train]"},
                                   {"[train]\nseed = 1\nspeed = 9\n", "line 3"},
                                   {"[train]\nseed = [1]\n", "seed"},
                                   {"[train]\npreset = \"huge\"\n", "huge"}}) {
    const auto options = readTrainConfig(folder.write("config.toml", text));
    ASSERT_FALSE(options) << text;
    EXPECT_EQ(options.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(options.error().message, HasSubstr(part));
  }
}

}  // namespace
}  // namespace tagscape
