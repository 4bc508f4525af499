#pragma once

#include "core/exchange/exchange_layer.h"
#include "core/exchange/foreign_labels.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tagscape {

/// What the ids of a file are among the classes of this program.
class IdMap {
 public:
  /// @param row  a class, or kUnlabelled for ids that are to be left without a label.
  void set(std::int32_t id, std::uint16_t row) { rows_[id] = row; }
  [[nodiscard]] bool knows(std::int32_t id) const { return id == kForeignNone || rows_.contains(id); }
  /// kUnlabelled for ids that it does not know.
  [[nodiscard]] std::uint16_t rowOf(std::int32_t id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? kUnlabelled : found->second;
  }
  [[nodiscard]] const std::map<std::int32_t, std::uint16_t>& rows() const { return rows_; }

 private:
  std::map<std::int32_t, std::uint16_t> rows_;
};

/// Lines "ID = CLASS" or "NAME = CLASS", where CLASS is a class's name, or "none"; "#" begins a comment. Names are
/// compared without regard to case, blanks, dashes and underscores.
struct IdMapFile {
  std::map<std::int32_t, std::uint16_t> by_id;
  std::map<std::string, std::uint16_t> by_name;  ///< Plain names, see plainClassName.
};
/// Errors: NotFound; InvalidInput naming the line that is none, or the class that there is not, with the nearest one.
[[nodiscard]] Result<IdMapFile> readIdMap(const std::filesystem::path& path, const ExchangeClasses& classes);
[[nodiscard]] Result<IdMapFile> parseIdMap(std::string_view text,
                                           const std::filesystem::path& name,
                                           const ExchangeClasses& classes);

/// In lower case, letters and digits alone: "Shower_Curtain" is "showercurtain".
[[nodiscard]] std::string plainClassName(std::string_view name);

/// The class that a name of another program means: of the same plain name, in the plural, or a usual synonym ("couch",
/// "fridge", "book shelf", "refridgerator"). kUnlabelled if none does.
[[nodiscard]] std::uint16_t classNamed(std::string_view name, const ExchangeClasses& classes);

/// How one id was understood.
struct IdReading {
  std::int32_t id = 0;
  std::string name;         ///< Empty where the file has none.
  std::uint64_t count = 0;  ///< Points or pixels that have it, as far as they were counted.
  std::uint16_t row = kUnlabelled;
  bool is_known = false;  ///< False: nothing says what it means, and it is left without a label.
};

struct IdGuess {
  IdMap map;
  std::vector<IdReading> readings;  ///< By id, of those that occur.
  std::string note;                 ///< How they were understood: "by name", "as NYU40 ids".
};

/// Finds out what the ids are: by `given` where it says so, else by the file's own names, else by what the format says
/// of its ids, or, where that is unknown, by the ids themselves (see readLabelColumn).
/// @param counts  how often each id occurs.
[[nodiscard]] IdGuess guessIds(const ForeignLabels& labels,
                               const std::map<std::int32_t, std::uint64_t>& counts,
                               const ExchangeClasses& classes,
                               const IdMapFile& given = {});

}  // namespace tagscape
