#include "protocol/escape_answer.hpp"

#include "protocol/bytes.hpp"
#include "protocol/urc.hpp"

namespace sim52xx {
namespace {

constexpr std::string_view ok = "\r\nOK\r\n";

// Complete known lines, then perhaps the beginning of one. After the head of a counted block there
// may be anything; session 0 has none, since it is the transparent one.
bool only_modem_lines(std::string_view rest) {
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const std::string_view line = trim(rest.substr(0, end));
    if (end == std::string_view::npos) return line.empty() || line == "\r" || line.front() == '+';
    rest.remove_prefix(end + 2);
    if (line.empty()) continue;
    const Urc urc = parse_urc(line);
    if (std::holds_alternative<urc::Unknown>(urc)) return false;
    if (const auto* data = std::get_if<urc::SslData>(&urc)) return data->session != 0;
  }
  return true;
}

// Whether a modem in command mode may have printed just that: lines it prints by itself, and whole
// blocks of session 1.
bool explains(std::string_view rest) {
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end + 2);
    if (line.empty()) continue;
    const Urc urc = parse_urc(line);
    if (std::holds_alternative<urc::Unknown>(urc) && line != "ERROR") return false;
    const auto* data = std::get_if<urc::SslData>(&urc);
    if (data == nullptr) continue;
    if (data->session != 1 || data->length > rest.size()) return false;
    rest.remove_prefix(data->length);
  }
  return true;
}

std::optional<EscapeAnswer> last_answer(std::string_view bytes) {
  for (auto at = bytes.rfind(ok); at != std::string_view::npos; at = bytes.rfind(ok, at - 1)) {
    const std::string_view rest = bytes.substr(at + ok.size());
    if (only_modem_lines(rest)) return EscapeAnswer{bytes.substr(0, at), rest};
    if (at == 0) break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<EscapeAnswer> find_escape_answer(std::string_view bytes, bool guest) {
  auto found = last_answer(bytes);
  if (!guest) return found;
  int all = 0;
  int good = 0;
  for (auto at = bytes.find(ok); at != std::string_view::npos; at = bytes.find(ok, at + 1)) {
    ++all;
    const std::string_view rest = bytes.substr(at + ok.size());
    if (explains(rest) && ++good == 1) found = EscapeAnswer{bytes.substr(0, at), rest};
  }
  if (found) {
    found->sure = good == 1 || (good == 0 && all == 1);
    found->whole = good > 0;
  }
  return found;
}

}  // namespace sim52xx
