#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/experiment/experiment_plan.h"
#include "core/experiment/experiment_results.h"
#include "core/experiment/gain_report.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

struct ReproduceOptions {
  std::string preset = "rooms";
  int num_seeds = 1;                          ///< Of the networks, from 1.
  int num_data_seeds = 1;                     ///< Of invented data, from 1; every seed of the networks runs on each.
  std::optional<std::filesystem::path> data;  ///< A data set with a split "train"; otherwise data are invented.
  std::filesystem::path out;
  RunChoice choice;
  int num_jobs = 0;                   ///< Trainings at a time; 0: as the preset says, usually one per processor.
  std::vector<std::string> settings;  ///< NAME=VALUE for all trainings.
  std::filesystem::path program;      ///< tagscape itself.
  std::string command;                ///< As it was typed, for the record.
  std::string version;
};

struct ReproduceReport {
  std::vector<ExperimentResult> results;
  std::vector<Gain> gains;
  std::vector<std::string> failures;         ///< Runs that failed and why; and those that needed them.
  bool was_stopped = false;                  ///< Then the rest is what was finished.
  bool is_scannet = false;                   ///< Whether published figures may stand beside.
  std::vector<std::filesystem::path> files;  ///< That were written.
};

/// The whole experiment from nothing to a table: makes data, trains each run of the plan and evaluates it, every one in
/// a process of its own. The folder keeps everything; a second call with the same options continues where the first
/// ended, and one that asks for more (seeds, runs) adds to it.
///
/// Writes into `out`: results.json, table.md, table.csv, plots/*.svg, also after a stop or a failure, of what there is.
/// data/ holds invented data, runs/ the run directories, tasks/ what each process printed.
///
/// Errors: InvalidInput for options out of range, an unknown preset or run, data without a split "train", a preset that
/// needs data and gets none, or a folder that holds an experiment with other options; NotWritable, or another call at
/// work in the folder; Cancelled while data are made.
[[nodiscard]] Result<ReproduceReport> reproduce(const ReproduceOptions& options, const Job& job);

/// The report as a page: table, gains, classes.
[[nodiscard]] std::string formatReproduction(const ReproduceReport& report, TableFormat format);

}  // namespace tagscape
