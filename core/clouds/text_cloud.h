#pragma once

#include "core/clouds/cloud_content.h"

#include <filesystem>
#include <string_view>

namespace tagscape {

/// Whether an extension (".xyz", lower case) is that of a text cloud.
[[nodiscard]] bool isTextCloudExtension(std::string_view extension);

/// Reads points from text, one a line: x y z, and what the columns after them are by their titles (of a first line, or
/// a comment with "X Y Z"), else by the extension (.xyzn normals, .xyzrgb colours, .pts intensity before colours), else
/// by their values: three whose length is 1 are a normal, three whole numbers in 0 … 255 or numbers in 0 … 1 a colour.
/// Columns stand between blanks, tabs, semicolons or commas; decimals may follow a comma. Lines that begin with # or //
/// are comments, a whole number alone is a count, which only gives a note when it is wrong.
///
/// A line that is no point is left out with a note that counts such lines and names the first.
/// Errors: InvalidInput if there are no points, or more lines are bad than good; it names the first bad line.
/// Source: the layouts that CloudCompare, Leica Cyclone (.pts), Autodesk ReCap and S3DIS write.
[[nodiscard]] Result<CloudContent> parseTextCloud(std::string_view text, const std::filesystem::path& name);

}  // namespace tagscape
