#include "protocol/escape_proof.hpp"

namespace sim52xx {
namespace {

constexpr auto npos = std::string_view::npos;

struct Line {
  std::size_t begin = npos;  // with the CR LF before it
  std::size_t end = npos;    // with the CR LF behind it
};

// The first line that is exactly `text`.
Line find_line(std::string_view bytes, std::string_view text) {
  for (auto at = bytes.find(text); at != npos; at = bytes.find(text, at + 1)) {
    const auto behind = at + text.size();
    if (!bytes.substr(behind).starts_with("\r\n")) continue;
    if (at == 0) return {0, behind + 2};
    if (bytes[at - 1] != '\n') continue;
    return {at > 1 && bytes[at - 2] == '\r' ? at - 2 : at - 1, behind + 2};
  }
  return {};
}

// What our own bytes may have caused behind the answer to the escape: their echo, and an ERROR for
// plus signs that were taken for the beginning of a line.
std::string_view without_noise(std::string_view before) {
  constexpr std::string_view echo = "AT+CGSN\r";
  constexpr std::string_view error = "\r\nERROR\r\n";
  while (before.ends_with(echo))
    before.remove_suffix(echo.size());
  if (before.ends_with(error)) before.remove_suffix(error.size());
  return before;
}

}  // namespace

std::optional<EscapeProof> find_escape_proof(std::string_view bytes, std::string_view number) {
  Line found = find_line(bytes, number);
  if (found.begin == npos) return std::nullopt;
  EscapeProof proof;
  proof.whole = bytes.substr(0, found.begin);
  proof.before = without_noise(proof.whole);
  for (bool first = true; found.begin != npos; first = false) {
    if (!first) proof.lines += bytes.substr(0, found.begin);
    bytes.remove_prefix(found.end);
    const Line ok = find_line(bytes, "OK");
    if (ok.begin == npos) return std::nullopt;
    proof.lines += bytes.substr(0, ok.begin);
    bytes.remove_prefix(ok.end);
    found = find_line(bytes, number);
  }
  proof.lines += bytes;
  return proof;
}

}  // namespace sim52xx
