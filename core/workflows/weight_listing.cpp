#include "core/workflows/weight_listing.h"

#include "core/distributed/torch_failure.h"
#include "core/nn/network_catalog.h"
#include "core/weights/weight_file.h"

namespace tagscape {

Result<WeightListing> listWeights(const std::filesystem::path& path) {
  try {
    TAGSCAPE_ASSIGN(const WeightFile file, readWeightFile(path));
    WeightListing listing;
    listing.format = file.format;
    for (const auto& [name, blob] : file.content.tensors) {
      listing.tensors.push_back({name, blob.dtype, blob.shape});
      listing.num_values += static_cast<std::int64_t>(blob.bytes.size() / elementSize(blob.dtype));
    }
    listing.metadata.assign(file.content.metadata.begin(), file.content.metadata.end());
    for (const WeightFit& fit : networksThatFit(file.content)) {
      listing.fits.push_back({fit.network,
                              fit.prefix,
                              fit.matched.size(),
                              fit.missing.size(),
                              fit.misshaped.size(),
                              fit.unexpected.size(),
                              fit.problems()});
    }
    return listing;
  } catch (const std::exception& failure) {
    return fail(torchFailure("reading weights", failure, "the size of the file"));
  }
}

}  // namespace tagscape
