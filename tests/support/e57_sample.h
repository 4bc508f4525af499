#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tagscape::testing {

/// A column of points: its prototype in XML, and its values as they are stored (a float, or an integer less its
/// minimum).
struct E57Column {
  std::string xml;
  std::uint32_t num_bits = 32;  ///< 32: floats.
  std::vector<double> values;
};

struct E57ScanSample {
  std::vector<E57Column> columns;
  std::string xml{};  ///< Further elements of the scan: its pose, its limits.
  std::string name = "scan";
  std::uint64_t num_points = 0;  ///< As the file announces it; 0: those of the first column.
};

struct E57Sample {
  std::vector<E57ScanSample> scans{};
  std::size_t bytes_a_packet = 1000;  ///< Of each stream.
};

/// The bytes of an E57 file as ASTM E2807-11 describes it.
[[nodiscard]] std::vector<std::byte> encodeE57(const E57Sample& sample);

/// Makes the checksums of all pages fit their bytes.
void renewE57Checksums(std::vector<std::byte>& file);

}  // namespace tagscape::testing
