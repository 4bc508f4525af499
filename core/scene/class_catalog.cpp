#include "core/scene/class_catalog.h"

namespace tagscape {
namespace {

constexpr std::array<ClassInfo, kNumClasses> kCatalog{{
    {"wall", 1, {174, 199, 232}},         {"floor", 2, {152, 223, 138}},
    {"cabinet", 3, {31, 119, 180}},       {"bed", 4, {255, 187, 120}},
    {"chair", 5, {188, 189, 34}},         {"sofa", 6, {140, 86, 75}},
    {"table", 7, {255, 152, 150}},        {"door", 8, {214, 39, 40}},
    {"window", 9, {197, 176, 213}},       {"bookshelf", 10, {148, 103, 189}},
    {"picture", 11, {196, 156, 148}},     {"counter", 12, {23, 190, 207}},
    {"desk", 14, {247, 182, 210}},        {"curtain", 16, {219, 219, 141}},
    {"refrigerator", 24, {255, 127, 14}}, {"shower curtain", 28, {158, 218, 229}},
    {"toilet", 33, {44, 160, 44}},        {"sink", 34, {112, 128, 144}},
    {"bathtub", 36, {227, 119, 194}},     {"otherfurniture", 39, {82, 84, 163}},
}};

}  // namespace

std::span<const ClassInfo, kNumClasses> classCatalog() { return kCatalog; }

std::optional<int> classByName(std::string_view name) {
  for (int i = 0; i < kNumClasses; ++i) {
    if (kCatalog[static_cast<std::size_t>(i)].name == name) return i;
  }
  return std::nullopt;
}

std::optional<int> classByNyu40(int nyu40_id) {
  for (int i = 0; i < kNumClasses; ++i) {
    if (kCatalog[static_cast<std::size_t>(i)].nyu40_id == nyu40_id) return i;
  }
  return std::nullopt;
}

}  // namespace tagscape
