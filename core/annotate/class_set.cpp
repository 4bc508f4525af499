#include "core/annotate/class_set.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <cctype>

namespace tagscape {
namespace {

char lower(char letter) { return static_cast<char>(std::tolower(static_cast<unsigned char>(letter))); }

bool isSameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<int> catalogClassOf(const LabelClass& label_class) {
  const auto id = label_class.ids.find("nyu40");
  if (id != label_class.ids.end()) return classByNyu40(id->second);
  for (int i = 0; i < kNumClasses; ++i) {
    if (isSameName(classCatalog()[static_cast<std::size_t>(i)].name, label_class.name)) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> ClassSet::find(std::string_view class_name) const {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (isSameName(classes[i].name, class_name)) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

std::optional<std::uint8_t> ClassSet::findId(const std::string& scheme, int id) const {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto found = classes[i].ids.find(scheme);
    if (found != classes[i].ids.end() && found->second == id) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

std::vector<std::uint8_t> catalogClassesOf(const ClassSet& set) {
  std::vector<std::uint8_t> catalog(set.size(), kNoClass);
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (const auto found = catalogClassOf(set.classes[i])) catalog[i] = static_cast<std::uint8_t>(*found);
  }
  return catalog;
}

std::vector<std::uint8_t> classesOfCatalog(const ClassSet& set) {
  std::vector<std::uint8_t> classes(kNumClasses, kNoClass);
  const auto catalog = catalogClassesOf(set);
  for (std::size_t i = set.size(); i > 0; --i) {  // Of several that stand for one, the first counts.
    if (catalog[i - 1] != kNoClass) classes[catalog[i - 1]] = static_cast<std::uint8_t>(i - 1);
  }
  return classes;
}

TagSet catalogTagsOf(const ClassTags& tags, const ClassSet& set) {
  const auto catalog = catalogClassesOf(set);
  TagSet result;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (tags[i] && catalog[i] != kNoClass) result.set(catalog[i]);
  }
  return result;
}

ClassTags tagsFromCatalog(const TagSet& tags, const ClassSet& set) {
  const auto classes = classesOfCatalog(set);
  ClassTags result;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (tags[i] && classes[i] != kNoClass) result.set(classes[i]);
  }
  return result;
}

}  // namespace tagscape
