#include "app/cli/command.h"
#include "core/synth/sample_room.h"

#include <fmt/format.h>

namespace tagscape::cli {

Action addSynth(CLI::App& options) {
  auto out = std::make_shared<std::string>();
  auto room = std::make_shared<SampleRoomOptions>();
  options.add_option("out", *out, "The folder to make; it must not exist or be empty")->required();
  options.add_option("--seed", room->seed, "Another seed makes another room")->capture_default_str();
  options.add_option("--frames", room->num_frames, "Number of frames")->capture_default_str();
  options.add_option("--width", room->width, "Image width in pixels")->capture_default_str();
  options.add_option("--height", room->height, "Image height in pixels")->capture_default_str();
  return [=](const Context& context) -> Status {
    TAGSCAPE_TRY(writeSampleRoom(*out, *room, context.job));
    fmt::print("{}\n", *out);
    return {};
  };
}

}  // namespace tagscape::cli
