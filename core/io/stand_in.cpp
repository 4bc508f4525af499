#include "core/io/stand_in.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace tagscape {

StandIn standInOf(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {"it is empty", "Download or copy the file again"};
  constexpr std::size_t kLooked = 256;
  std::string begin(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kLooked));
  std::transform(begin.begin(), begin.end(), begin.begin(), [](unsigned char c) { return std::tolower(c); });
  if (begin.starts_with("version https://git-lfs"))
    return {"it is a pointer of Git LFS, not the file itself", "Fetch it with git lfs pull"};
  const auto first = begin.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  const std::string_view text = first == std::string::npos ? std::string_view() : std::string_view(begin).substr(first);
  constexpr std::array<std::string_view, 3> kPages{"<!doctype html", "<html", "<head"};
  if (std::any_of(kPages.begin(), kPages.end(), [&](std::string_view page) { return text.starts_with(page); }))
    return {"it is a page of a web site, not the file itself", "Download it again, after signing in if that is needed"};
  return {};
}

}  // namespace tagscape
