#pragma once

#include "core/base/result.h"
#include "core/scene/image.h"

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tagscape {

/// Stands in ids for "no label", whatever the file has there.
inline constexpr std::int32_t kForeignNone = -1;

/// What the ids of a file are, where it has no names for them.
enum class IdMeaning : std::uint8_t {
  Unknown,
  Nyu40,  ///< NYU40's ids, 0 for none.
  Train,  ///< 0 … 19 in the order of the class catalogue.
  Raw,    ///< ScanNet's own categories.
  Named   ///< Every id has a name in ForeignLabels::names.
};

/// Labels of points as they stand in a file.
struct ForeignPoints {
  std::vector<std::int32_t> ids{};           ///< kForeignNone where the file says "no label".
  std::vector<float> confidence{};           ///< Empty where the file has none.
  std::vector<std::uint32_t> instances{};    ///< 0 for none; empty where the file has none.
  std::vector<Eigen::Vector3d> positions{};  ///< m, in the frame of the file; empty where it has none.
  /// Of classes by id, row after row; empty where the file has none.
  std::vector<float> probabilities{};
  int num_classes = 0;  ///< Columns of `probabilities`.
};

/// The labels of one frame as they stand in a file.
struct ForeignFrame {
  Image<std::int32_t> ids{};
  Image<std::uint32_t> instances{};    ///< Empty where the file has none.
  std::vector<float> probabilities{};  ///< [C, height, width]; empty where the file has none. Then ids are empty.
  int num_classes = 0, width = 0, height = 0;  ///< Of `probabilities`.
};

/// What a file of another program says of one scene.
struct ForeignLabels {
  IdMeaning meaning = IdMeaning::Unknown;
  std::map<std::int32_t, std::string> names{};
  ForeignPoints points{};            ///< Empty where the file has no labels of points.
  std::vector<int> frame_numbers{};  ///< Of the frames that it labels, ascending.
  std::function<Result<ForeignFrame>(int number)> frame{};
  std::vector<std::string> notes{};  ///< What was left out or guessed.
};

}  // namespace tagscape
