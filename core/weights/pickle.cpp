#include "core/weights/pickle.h"

#include "core/weights/pickle_machine.h"

namespace tagscape::pickle {

Result<Pickle> Machine::run() {
  for (;;) {
    at_ = bytes_.position();
    TAGSCAPE_ASSIGN(const auto code, bytes_.number<std::uint8_t>());
    if (code == '.') break;
    TAGSCAPE_ASSIGN(const bool known, step(code));
    if (!known) return refuse(fmt::format("the pickle has the operation {:#04x}, which no weights need", code));
    if (pickle_.values.size() > kMaxValues) return refuse("the pickle holds more than a million values");
  }
  TAGSCAPE_ASSIGN(pickle_.root, pop());
  return std::move(pickle_);
}

Result<bool> Machine::step(std::uint8_t code) {
  for (const auto group : {&Machine::constant, &Machine::text, &Machine::container, &Machine::memo, &Machine::call}) {
    TAGSCAPE_ASSIGN(const bool known, (this->*group)(code));
    if (known) return true;
  }
  return false;
}

Result<Pickle> read(ByteCursor& bytes) { return Machine(bytes).run(); }

}  // namespace tagscape::pickle
