// Listings of FTP servers: every line is an entry that keeps it, or none; nothing is read beyond it.
#include <string>

#include "protocol/ftps_list.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace sim52xx::fuzz {
namespace {

void run(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const unsigned flags = input.byte();
  std::optional<FtpsDate> today;
  if ((flags & 1U) != 0) today = FtpsDate{2026, 1 + flags / 2 % 12, 1 + flags / 32 % 28};
  const std::string text(input.rest());
  std::size_t raw = 0;
  for (const FtpsEntry& entry : parse_ftps_list(text, today)) {
    check(text.find(entry.raw) != std::string::npos, "the raw line is of the listing");
    check(entry.raw.find('\n') == std::string::npos, "a line is one line");
    check(entry.name.empty() || entry.raw.find(entry.name) != std::string::npos,
          "the name is of the line");
    check(!name(entry.type).empty(), "every type has a name");
    raw += entry.raw.size();
  }
  check(raw <= text.size(), "no byte is in two entries");
}

}  // namespace
}  // namespace sim52xx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim52xx::fuzz::run(data, size);
  return 0;
}
