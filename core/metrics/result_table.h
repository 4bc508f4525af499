#pragma once

#include "core/base/result.h"
#include "core/metrics/confusion.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// How labels are read off a network's maps. Figures of different protocols must never be compared.
enum class EvaluationProtocol {
  WithTags,     ///< The largest logit of the classes that are tagged: the quality of pseudo-labels.
  WithoutTags,  ///< The largest logit among all classes: the network without help.
  Cam,          ///< The largest CAM of the classes that are tagged, each divided by its maximum over the item.
  Given,        ///< Labels of any origin, compared as they are.
};
inline constexpr std::array<EvaluationProtocol, 4> kEvaluationProtocols{
    EvaluationProtocol::WithTags, EvaluationProtocol::WithoutTags, EvaluationProtocol::Cam, EvaluationProtocol::Given};
/// "with tags", "without tags", "CAM", "as given".
[[nodiscard]] std::string_view nameOf(EvaluationProtocol protocol);

/// One row of a table of results.
struct ResultRow {
  std::string name;                                      ///< "joint", "WyPR (published)".
  std::string domain;                                    ///< "2D" or "3D".
  std::string split;                                     ///< "train", "val"; empty if unknown.
  std::string protocol;                                  ///< As nameOf; for published rows what is known of it.
  std::array<std::optional<double>, kNumClasses> iou{};  ///< 0 … 1.
  std::optional<double> mean_iou;
  std::optional<double> accuracy;
  std::uint64_t num_evaluated = 0;  ///< Annotated points or pixels; 0 if unknown.
};

[[nodiscard]] ResultRow rowOf(const Confusion& confusion);

enum class TableFormat { Text, Csv, Json, Markdown };
/// "text", "csv", "json", "markdown". Errors: InvalidInput naming what there is.
[[nodiscard]] Result<TableFormat> tableFormatNamed(std::string_view name);

/// Percent with one decimal, "-" for what has no value; CSV and JSON too are in percent and JSON has null there.
[[nodiscard]] std::string formatTable(const std::vector<ResultRow>& rows, TableFormat format);

/// Reads what formatTable wrote as JSON; `name` stands for the file in messages.
/// Errors: InvalidInput for anything else, naming what is missing.
[[nodiscard]] Result<std::vector<ResultRow>> parseTableJson(std::string_view text, const std::filesystem::path& name);

/// What was published on ScanNet for a domain ("2D", "3D"), marked as such in the name: tables 1 to 3 of Kweon & Yoon,
/// "Joint Learning of 2D-3D Weakly Supervised Semantic Segmentation", NeurIPS 2022. Which protocol the paper's rows
/// have is not said there. Empty for another domain.
/// @param split  "train" or "val"; empty for both.
[[nodiscard]] std::vector<ResultRow> publishedRows(std::string_view domain, std::string_view split);

}  // namespace tagscape
