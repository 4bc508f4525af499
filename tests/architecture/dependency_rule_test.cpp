// Which folder may include which, and which may see which library. CMake's targets say the same; this test also sees
// headers that happen to be found without a link, as all headers lie below one root.

#include "tests/architecture/allowed_folders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tagscape::architecture::Folders;
using tagscape::architecture::kAllowedFolders;

namespace fs = std::filesystem;

// ---------------------------------------------------------------------------------------------------- the rule

/// Composition: may include every folder.
const Folders kSeesEverything{"app/cli", "app/studio", "app"};

/// A library, how its includes begin, and who may see them. `in_headers` false: only sources and *_torch.h.
struct LibraryRule {
  std::string_view name;
  std::vector<std::string_view> prefixes;
  std::function<bool(std::string_view folder)> may_see;
  bool in_headers = true;
};

bool isBelow(std::string_view folder, std::string_view top) {
  return folder == top || (folder.starts_with(top) && folder.substr(top.size()).starts_with('/'));
}

bool isOneOf(std::string_view folder, const Folders& folders) { return folders.contains(folder); }

const std::vector<LibraryRule>& libraryRules() {
  static const auto* const kRules = new std::vector<LibraryRule>{
      {"LibTorch",
       {"torch/", "ATen/", "c10/"},
       [](auto folder) {
         return isBelow(folder, "app") || isOneOf(folder,
                                                  {"core/distributed",
                                                   "core/nn",
                                                   "core/encoders",
                                                   "core/cam",
                                                   "core/models",
                                                   "core/pseudo_labels",
                                                   "core/train",
                                                   "core/methods",
                                                   "core/scan_training",
                                                   "core/workflows"});
       },
       false},
      {"Open3D",
       {"open3d/"},
       [](auto folder) {
         return isBelow(folder, "app") || isOneOf(folder, {"core/geometry", "core/clouds", "core/synth"});
       },
       false},
      {"Qt", {"Q", "qcustomplot"}, [](auto folder) { return isBelow(folder, "ui") || isBelow(folder, "app/studio"); }},
      {"OpenGL",
       {"GL/", "EGL/", "GLES", "KHR/", "QOpenGL"},
       [](auto folder) {
         return isOneOf(folder, {"ui/gl", "ui/render", "ui/view3d", "ui/window"}) || isBelow(folder, "app");
       }},
      {"ImGui",
       {"imgui", "backends/imgui"},
       [](auto folder) {
         return isOneOf(folder, {"ui/gl", "ui/render"});
       }},
  };
  return *kRules;
}

// ---------------------------------------------------------------------------------------------------- the check

struct Include {
  int line = 0;
  std::string what;
  bool is_own = false;  ///< In quotes.
};

std::vector<Include> includesOf(std::istream& source) {
  std::vector<Include> includes;
  std::string line;
  for (int number = 1; std::getline(source, line); ++number) {
    std::string_view rest = line;
    const auto skipBlanks = [&] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); };
    skipBlanks();
    if (!rest.starts_with('#')) continue;
    rest.remove_prefix(1);
    skipBlanks();
    if (!rest.starts_with("include")) continue;
    rest.remove_prefix(7);
    skipBlanks();
    if (rest.empty() || (rest[0] != '"' && rest[0] != '<')) continue;
    const bool is_own = rest[0] == '"';
    const auto end = rest.find(is_own ? '"' : '>', 1);
    if (end != std::string_view::npos) includes.push_back({number, std::string(rest.substr(1, end - 1)), is_own});
  }
  return includes;
}

/// "core/io" of "core/io/detail/png.cpp", "app" of "app/version.h".
std::string folderOf(const std::string& path) {
  const auto first = path.find('/');
  const auto second = first == std::string::npos ? first : path.find('/', first + 1);
  if (second == std::string::npos) return first == std::string::npos ? "" : path.substr(0, first);
  return path.substr(0, second);
}

bool isProjectFolder(std::string_view folder) {
  return isBelow(folder, "core") || isBelow(folder, "ui") || isBelow(folder, "app");
}

std::optional<std::string> complaintAboutOwn(const std::string& file, const Include& include) {
  const std::string from = folderOf(file);
  const std::string to = folderOf(include.what);
  if (!isProjectFolder(to)) return "name own headers from the root of the repository, others in <>";
  if (isOneOf(from, kSeesEverything) || from == to) return std::nullopt;
  const auto rule = kAllowedFolders.find(from);
  if (rule == kAllowedFolders.end()) return from + " has no place in the rule yet: add it to this test";
  if (!rule->second.contains(to)) return from + " must not look at " + to;
  return std::nullopt;
}

std::optional<std::string> complaintAboutLibrary(const std::string& file, const Include& include) {
  const std::string folder = folderOf(file);
  const bool is_header = file.ends_with(".h") && !file.ends_with("_torch.h");
  for (const auto& rule : libraryRules()) {
    const auto isMeant = [&](std::string_view prefix) { return include.what.starts_with(prefix); };
    if (std::ranges::none_of(rule.prefixes, isMeant)) continue;
    const std::string name(rule.name);
    if (!rule.may_see(folder)) return folder + " must not see " + name;
    if (!rule.in_headers && is_header) return "headers must not see " + name + "; hide it in the .cpp file";
  }
  return std::nullopt;
}

/// What is wrong with a file, one line each: "core/io/a.h:3: <torch/torch.h>: core/io must not see LibTorch".
std::vector<std::string> complaintsAbout(const std::string& file, std::istream& source) {
  std::vector<std::string> complaints;
  for (const auto& include : includesOf(source)) {
    const auto problem = include.is_own ? complaintAboutOwn(file, include) : complaintAboutLibrary(file, include);
    if (!problem) continue;
    const std::string quoted = include.is_own ? '"' + include.what + '"' : '<' + include.what + '>';
    complaints.push_back(file + ':' + std::to_string(include.line) + ": " + quoted + ": " + *problem);
  }
  return complaints;
}

std::vector<std::string> complaintsAbout(const std::string& file, const std::string& text) {
  std::istringstream source(text);
  return complaintsAbout(file, source);
}

using Graph = std::map<std::string, Folders, std::less<>>;

/// A cycle as "a -> b -> a", if there is one.
std::optional<std::string> findCycle(const Graph& graph) {
  std::set<std::string> finished;
  std::vector<std::string> path;
  const std::function<std::optional<std::string>(const std::string&)> visit =
      [&](const std::string& folder) -> std::optional<std::string> {
    if (finished.contains(folder)) return std::nullopt;
    const auto seen_at = std::ranges::find(path, folder) - path.begin();
    const bool is_again = seen_at < std::ssize(path);
    path.push_back(folder);
    if (is_again) {
      std::string cycle;
      for (auto it = path.begin() + seen_at; it != path.end(); ++it) cycle += (cycle.empty() ? "" : " -> ") + *it;
      return cycle;
    }
    if (const auto edges = graph.find(folder); edges != graph.end()) {
      for (const auto& next : edges->second) {
        if (auto cycle = visit(next)) return cycle;
      }
    }
    path.pop_back();
    finished.insert(folder);
    return std::nullopt;
  };
  for (const auto& [folder, edges] : graph) {
    if (auto cycle = visit(folder)) return cycle;
  }
  return std::nullopt;
}

/// Sources and headers of the product, as paths from the root.
std::vector<std::string> projectFiles() {
  const fs::path root = TAGSCAPE_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* top : {"app", "core", "ui"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension == ".h" || extension == ".cpp") files.push_back(fs::relative(entry.path(), root).generic_string());
    }
  }
  std::ranges::sort(files);
  return files;
}

/// Which folder includes which others, as the sources stand.
Graph includesBetweenFolders() {
  Graph graph;
  for (const auto& file : projectFiles()) {
    std::ifstream source(fs::path(TAGSCAPE_SOURCE_DIR) / file);
    for (const auto& include : includesOf(source)) {
      const std::string to = folderOf(include.what);
      if (include.is_own && to != folderOf(file)) graph[folderOf(file)].insert(to);
    }
  }
  return graph;
}

// ---------------------------------------------------------------------------------------------------- the project

TEST(DependencyRule, HoldsInEveryFileOfTheProject) {
  const auto files = projectFiles();
  ASSERT_GT(files.size(), 10U) << "the sources were not found";
  for (const auto& file : files) {
    std::ifstream source(fs::path(TAGSCAPE_SOURCE_DIR) / file);
    ASSERT_TRUE(source) << file;
    for (const auto& complaint : complaintsAbout(file, source)) ADD_FAILURE() << complaint;
  }
}

TEST(DependencyRule, LeavesNoCyclesBetweenFolders) { EXPECT_EQ(findCycle(includesBetweenFolders()), std::nullopt); }

TEST(DependencyRule, PermitsNothingThatNobodyUses) {
  const Graph used = includesBetweenFolders();
  for (const auto& [folder, allowed] : kAllowedFolders) {
    const auto edges = used.find(folder);
    for (const auto& other : allowed) {
      EXPECT_TRUE(edges != used.end() && edges->second.contains(other)) << folder << " does not need " << other;
    }
  }
}

TEST(Folders, StaySmallEnoughToBeReadAtAGlance) {
  constexpr int kMaxFiles = 40;
  std::map<std::string, int> num_files;
  for (const auto& file : projectFiles()) ++num_files[fs::path(file).parent_path().generic_string()];
  for (const auto& [folder, count] : num_files) EXPECT_LE(count, kMaxFiles) << folder << " wants to be split";
}

TEST(DependencyRule, HasNoCycleItself) { EXPECT_EQ(findCycle(kAllowedFolders), std::nullopt); }

TEST(DependencyRule, SpeaksOnlyOfFoldersThatItPlaces) {
  for (const auto& [folder, allowed] : kAllowedFolders) {
    for (const auto& other : allowed) EXPECT_TRUE(kAllowedFolders.contains(other)) << folder << " may see " << other;
  }
}

// ---------------------------------------------------------------------------------------------------- the check
// checked

TEST(DependencyCheck, AcceptsArrowsThatPointDown) {
  EXPECT_TRUE(
      complaintsAbout("core/io/a.cpp", "#include \"core/scene/b.h\"\n#include <png.h>\n#include <queue>\n").empty());
  EXPECT_TRUE(complaintsAbout("ui/panels/a.cpp", "#include \"ui/models/b.h\"\n#include <QLabel>\n").empty());
  EXPECT_TRUE(complaintsAbout("app/cli/main.cpp", "#include \"core/workflows/b.h\"\n").empty());
}

TEST(DependencyCheck, NamesFileAndLineOfAnArrowThatPointsUp) {
  const auto complaints = complaintsAbout("core/scene/a.h", "#pragma once\n\n#include \"core/io/b.h\"\n");
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_EQ(complaints[0], "core/scene/a.h:3: \"core/io/b.h\": core/scene must not look at core/io");
}

TEST(DependencyCheck, RefusesOddlyWrittenIncludesToo) {
  EXPECT_EQ(complaintsAbout("core/base/a.h", "  #  include   \"core/scene/b.h\"\n").size(), 1U);
}

TEST(DependencyCheck, RefusesQtAndOpenGlInCore) {
  EXPECT_EQ(complaintsAbout("core/pipeline/a.cpp", "#include <QString>\n#include <GL/gl.h>\n").size(), 2U);
}

TEST(DependencyCheck, RefusesTorchAndOpen3dInTheUi) {
  EXPECT_EQ(complaintsAbout("ui/jobs/a.cpp", "#include <torch/torch.h>\n#include <open3d/Open3D.h>\n").size(), 2U);
}

TEST(DependencyCheck, RefusesLearningInTheUi) {
  EXPECT_EQ(complaintsAbout("ui/jobs/a.cpp", "#include \"core/nn/b.h\"\n#include \"core/workflows/b.h\"\n").size(), 2U);
}

TEST(DependencyCheck, LetsTorchIntoSourcesAndPrivateHeadersOnly) {
  const std::string text = "#include <torch/torch.h>\n";
  EXPECT_TRUE(complaintsAbout("core/nn/a.cpp", text).empty());
  EXPECT_TRUE(complaintsAbout("core/nn/a_torch.h", text).empty());
  EXPECT_EQ(complaintsAbout("core/nn/a.h", text).size(), 1U);
  EXPECT_EQ(complaintsAbout("core/io/a.cpp", text).size(), 1U);
}

TEST(DependencyCheck, RefusesFoldersWithoutAPlace) {
  EXPECT_EQ(complaintsAbout("core/newcomer/a.h", "#include \"core/base/b.h\"\n").size(), 1U);
}

TEST(DependencyCheck, RefusesOwnHeadersNamedFromElsewhere) {
  EXPECT_EQ(complaintsAbout("core/io/a.cpp", "#include \"b.h\"\n").size(), 1U);
}

TEST(DependencyCheck, FindsACycle) {
  EXPECT_EQ(findCycle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), "b -> c -> b");
  EXPECT_EQ(findCycle({{"a", {"b", "c"}}, {"b", {"c"}}}), std::nullopt);
}

}  // namespace
