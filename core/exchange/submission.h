#pragma once

#include "core/base/job.h"
#include "core/exchange/exchange_format.h"

#include <filesystem>

namespace tagscape {

/// Whether ScanNet's benchmark takes what a format writes: scannet, scannet-instances and label-images.
[[nodiscard]] bool isSubmissionFormat(const ExchangeFormat& format);

/// Packs an export for ScanNet's benchmark: <folder>/<format>-submission.zip with everything at its root, images as
/// sceneNNNN_NN_NNNNNN.png. Its rules are checked first: names of scenes, ids of the benchmark (0 for none), one line
/// for each vertex, masks of 0 and 1 below the root, images of one channel. Errors: InvalidInput naming the file and
/// the rule that it breaks; NotFound without an export of this format; NotWritable; Cancelled. Source: the
/// documentation of the ScanNet benchmark and its evaluation scripts.
[[nodiscard]] Result<std::filesystem::path> writeSubmission(const std::filesystem::path& folder,
                                                            const ExchangeFormat& format,
                                                            const Job& job);

}  // namespace tagscape
