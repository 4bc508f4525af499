#include "core/geometry/open3d_messages.h"

#include "core/base/log.h"

#include <open3d/utility/Logging.h>

#include <mutex>
#include <string>

namespace tagscape {
namespace {

/// The text without the sequences that colour it on a terminal.
std::string withoutColors(const std::string& message) {
  std::string plain;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i] != '\033') {
      plain += message[i];
      continue;
    }
    while (i < message.size() && message[i] != 'm') ++i;
  }
  return plain;
}

}  // namespace

void logOpen3dMessages() {
  static std::once_flag done;
  std::call_once(done, [] {
    open3d::utility::Logger::GetInstance().SetPrintFunction(
        [](const std::string& message) { log::debug(withoutColors(message)); });
  });
}

}  // namespace tagscape
