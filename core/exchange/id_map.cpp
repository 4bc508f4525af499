#include "core/exchange/id_map.h"

#include "core/base/edit_distance.h"
#include "core/base/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <sstream>

namespace tagscape {
namespace {

struct Synonym {
  std::string_view plain, means;
};

/// Names that ScanNet, NYU40, S3DIS, Matterport3D and people have for its classes.
constexpr std::array kSynonyms{Synonym{"couch", "sofa"},
                               Synonym{"settee", "sofa"},
                               Synonym{"fridge", "refrigerator"},
                               Synonym{"refridgerator", "refrigerator"},
                               Synonym{"bookcase", "bookshelf"},
                               Synonym{"bookshelves", "bookshelf"},
                               Synonym{"bath", "bathtub"},
                               Synonym{"otherfurn", "otherfurniture"},
                               Synonym{"furniture", "otherfurniture"},
                               Synonym{"other", "otherfurniture"},
                               Synonym{"showercurtains", "shower curtain"},
                               Synonym{"officechair", "chair"},
                               Synonym{"armchair", "chair"},
                               Synonym{"coffeetable", "table"},
                               Synonym{"diningtable", "table"},
                               Synonym{"endtable", "table"},
                               Synonym{"kitchencabinet", "cabinet"},
                               Synonym{"cupboard", "cabinet"},
                               Synonym{"kitchencounter", "counter"},
                               Synonym{"painting", "picture"}};

constexpr std::array<std::string_view, 6> kNoneNames{
    "none", "unlabelled", "unlabeled", "unannotated", "background", "ignore"};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<std::int32_t> wholeNumberIn(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::uint16_t exactly(const std::string& plain, const ExchangeClasses& classes) {
  for (std::size_t row = 0; row < classes.size(); ++row) {
    if (plainClassName(classes[row].name) == plain) return static_cast<std::uint16_t>(row);
  }
  return kUnlabelled;
}

std::string nearestClass(std::string_view name, const ExchangeClasses& classes) {
  const auto nearest = std::min_element(classes.begin(), classes.end(), [&](const auto& a, const auto& b) {
    return editDistance(a.name, name) < editDistance(b.name, name);
  });
  return nearest == classes.end() ? std::string() : nearest->name;
}

/// What ids of this meaning are; nothing for those that it does not have.
std::optional<std::uint16_t> byMeaning(IdMeaning meaning, std::int32_t id, const ExchangeClasses& classes) {
  if (meaning == IdMeaning::Train)
    return id >= 0 && static_cast<std::size_t>(id) < classes.size() ? std::optional(static_cast<std::uint16_t>(id))
                                                                    : std::nullopt;
  for (std::size_t row = 0; row < classes.size(); ++row) {
    const std::uint16_t own = meaning == IdMeaning::Raw ? classes[row].raw_id : classes[row].id;
    if (own != 0 && own == id) return static_cast<std::uint16_t>(row);
  }
  constexpr std::int32_t kLargestNyu40 = 40;  // one that is none of the 20 is known, and has no class here
  if (meaning == IdMeaning::Nyu40 && id >= 0 && id <= kLargestNyu40) return kUnlabelled;
  return std::nullopt;
}

/// NYU40 if ids of it lie above the train ids and none above 40; train ids if all are 0 … 19 and 0 is among them.
IdMeaning meaningOf(const std::map<std::int32_t, std::uint64_t>& counts) {
  constexpr std::int32_t kLargestTrain = 19, kLargestNyu40 = 40;
  std::int32_t largest = 0;
  for (const auto& [id, count] : counts) largest = std::max(largest, id);
  if (largest > kLargestTrain && largest <= kLargestNyu40) return IdMeaning::Nyu40;
  return largest <= kLargestTrain && counts.contains(0) ? IdMeaning::Train : IdMeaning::Unknown;
}

const char* noteOf(IdMeaning meaning, bool was_guessed) {
  switch (meaning) {
    case IdMeaning::Named:
      return "by their names";
    case IdMeaning::Nyu40:
      return was_guessed ? "as NYU40 ids, as some lie in 20 to 40" : "as NYU40 ids";
    case IdMeaning::Train:
      return was_guessed ? "as train ids, as all lie in 0 to 19" : "as train ids";
    case IdMeaning::Raw:
      return "as ScanNet's own categories";
    case IdMeaning::Unknown:
      break;
  }
  return "not at all: neither the file nor its ids say what they mean";
}

}  // namespace

std::string plainClassName(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || byte >= 0x80) plain += static_cast<char>(std::tolower(byte));
  }
  return plain;
}

std::uint16_t classNamed(std::string_view name, const ExchangeClasses& classes) {
  const std::string plain = plainClassName(name);
  if (const std::uint16_t row = exactly(plain, classes); row != kUnlabelled) return row;
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.plain == plain) return exactly(plainClassName(synonym.means), classes);
  }
  return plain.size() > 1 && plain.back() == 's' ? exactly(plain.substr(0, plain.size() - 1), classes) : kUnlabelled;
}

Result<IdMapFile> readIdMap(const std::filesystem::path& path, const ExchangeClasses& classes) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path));
  return parseIdMap(text, path, classes);
}

Result<IdMapFile> parseIdMap(std::string_view text, const std::filesystem::path& name, const ExchangeClasses& classes) {
  IdMapFile map;
  std::istringstream lines{std::string(text)};
  std::string whole;
  for (int number = 1; std::getline(lines, whole); ++number) {
    const std::string_view line = trimmed(std::string_view(whole).substr(0, whole.find('#')));
    if (line.empty()) continue;
    const auto equals = line.rfind('=');
    if (equals == std::string_view::npos)
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("line {} has no \"=\"", number),
                      "Write lines like \"7 = table\" or \"couch = sofa\"");
    const std::string_view from = trimmed(line.substr(0, equals)), to = trimmed(line.substr(equals + 1));
    const bool is_none = std::find(kNoneNames.begin(), kNoneNames.end(), plainClassName(to)) != kNoneNames.end();
    const std::uint16_t row = is_none ? kUnlabelled : exactly(plainClassName(to), classes);
    if (row == kUnlabelled && !is_none) {
      return failFile(
          ErrorCode::InvalidInput,
          name,
          fmt::format("line {}: there is no class \"{}\"", number, to),
          fmt::format("Did you mean \"{}\"? \"none\" leaves points without a label", nearestClass(to, classes)));
    }
    if (const auto id = wholeNumberIn(from))
      map.by_id[*id] = row;
    else
      map.by_name[plainClassName(from)] = row;
  }
  return map;
}

IdGuess guessIds(const ForeignLabels& labels,
                 const std::map<std::int32_t, std::uint64_t>& counts,
                 const ExchangeClasses& classes,
                 const IdMapFile& given) {
  const bool was_guessed = labels.meaning == IdMeaning::Unknown;
  const IdMeaning meaning = was_guessed ? meaningOf(counts) : labels.meaning;
  IdGuess guess;
  guess.note = noteOf(meaning, was_guessed);
  for (const auto& [id, count] : counts) {
    if (id == kForeignNone) continue;
    const auto name = labels.names.find(id);
    IdReading reading{id, name == labels.names.end() ? std::string() : name->second, count, kUnlabelled, false};
    const std::string plain = plainClassName(reading.name);
    std::optional<std::uint16_t> row;
    if (const auto found = given.by_id.find(id); found != given.by_id.end())
      row = found->second;
    else if (const auto by_name = given.by_name.find(plain); !plain.empty() && by_name != given.by_name.end())
      row = by_name->second;
    else if (std::find(kNoneNames.begin(), kNoneNames.end(), plain) != kNoneNames.end())
      row = kUnlabelled;
    else if (!reading.name.empty() && classNamed(reading.name, classes) != kUnlabelled)
      row = classNamed(reading.name, classes);
    else if (meaning != IdMeaning::Named && meaning != IdMeaning::Unknown)
      row = byMeaning(meaning, id, classes);
    reading.is_known = row.has_value();
    reading.row = row.value_or(kUnlabelled);
    if (row) guess.map.set(id, *row);
    guess.readings.push_back(std::move(reading));
  }
  return guess;
}

}  // namespace tagscape
