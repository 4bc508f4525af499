#pragma once

#include "core/base/parallel.h"
#include "core/layouts/scan_layout.h"
#include "core/synth/room_set.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace tagscape::testing {

/// Three small scenes, one of them for validation.
inline RoomSetOptions tinyRoomSet() {
  RoomSetOptions options;
  options.num_scenes = 3;
  options.num_val = 1;
  options.seed = 5;
  options.scene.num_frames = 3;
  options.scene.width = 64;
  options.scene.height = 48;
  options.scene.surface.edge_m = .25;
  return options;
}

/// A folder to write data sets to, with a place for each by name.
class RoomSetTest : public ::testing::Test {
 protected:
  ~RoomSetTest() override { setNumThreads(0); }
  [[nodiscard]] std::filesystem::path place(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] Scene read(const std::string& set, const std::string& id) const {
    return readScan(place(set) / "scans" / id, {.use_cache = false}).value();
  }
  void make(const std::string& name, const RoomSetOptions& options) const {
    const auto made = writeRoomSet(place(name), options, {});
    ASSERT_TRUE(made) << made.error().message;
  }

  TemporaryFolder folder_;
};

}  // namespace tagscape::testing
