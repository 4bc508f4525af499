#pragma once

#include "core/base/result.h"
#include "core/scene/point_cloud.h"
#include "core/scene/tags.h"

#include <bitset>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// As many classes as a label of one byte can tell apart; kNoClass is none of them.
inline constexpr std::size_t kMaxClasses = 255;

/// Which classes of a class set something is tagged with; bit i is class i.
using ClassTags = std::bitset<kMaxClasses>;

/// A class that annotators choose from.
struct LabelClass {
  std::string name;
  Rgb8 rgb{};
  std::string key{};                 ///< A digit or letter that chooses it in the studio; empty for none.
  std::map<std::string, int> ids{};  ///< Its ids in other sets, by their names: {"nyu40", 5}.

  friend bool operator==(const LabelClass&, const LabelClass&) = default;
};

/// The classes of a project, in the order of their numbers in labels.
struct ClassSet {
  std::string name;  ///< "scannet20", or what its author calls it.
  std::vector<LabelClass> classes;

  [[nodiscard]] std::size_t size() const { return classes.size(); }
  /// The class of this name, whatever the case of its letters.
  [[nodiscard]] std::optional<std::uint8_t> find(std::string_view class_name) const;
  /// The class with this id in another set.
  [[nodiscard]] std::optional<std::uint8_t> findId(const std::string& scheme, int id) const;

  friend bool operator==(const ClassSet&, const ClassSet&) = default;
};

/// Names of the sets that come with the program: scannet20, nyu40, scannet200, s3dis13, matterport21.
[[nodiscard]] std::vector<std::string> builtInClassSets();

/// One of them. Errors: NotFound naming those that there are.
[[nodiscard]] Result<ClassSet> builtInClassSet(std::string_view name);

/// A class set by name, or from a file whose ending says how it is written: .toml (writeClassSet), .json (labelCloud's
/// or Supervisely's list of classes, or CVAT's list of labels), .txt (a name a line).
/// Errors: NotFound; InvalidInput naming the place: no name, a name or key twice, more than kMaxClasses, a colour that
/// is no "#rrggbb".
[[nodiscard]] Result<ClassSet> readClassSet(const std::filesystem::path& path_or_name);

/// As TOML: `name`, then [[class]] with name, color, key and ids. Replaced atomically. Errors: NotWritable.
[[nodiscard]] Status writeClassSet(const std::filesystem::path& path, const ClassSet& set);
[[nodiscard]] std::string classSetAsToml(const ClassSet& set);
[[nodiscard]] Result<ClassSet> parseClassSet(std::string_view toml, const std::filesystem::path& name);

/// [size] the class of the catalogue of ScanNet's 20 classes that stands for each: by NYU40 id, else by name; kNoClass
/// for none.
[[nodiscard]] std::vector<std::uint8_t> catalogClassesOf(const ClassSet& set);
/// [kNumClasses] the class of the set for each of the catalogue; kNoClass for none.
[[nodiscard]] std::vector<std::uint8_t> classesOfCatalog(const ClassSet& set);

/// Tags in the numbers of the catalogue; those without a counterpart are left out.
[[nodiscard]] TagSet catalogTagsOf(const ClassTags& tags, const ClassSet& set);
[[nodiscard]] ClassTags tagsFromCatalog(const TagSet& tags, const ClassSet& set);

}  // namespace tagscape
