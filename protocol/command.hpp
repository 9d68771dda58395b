// Builds one AT command line from a name and typed arguments, or refuses. The only way by which
// user input reaches the modem's command parser: nothing that could end a string or a line passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/outcome.hpp"

namespace sim52xx {

// Bytes that nobody may see.
struct SecretSpan {
  std::size_t at;
  std::size_t size;
};

struct CommandLine {
  std::string wire;                  // what goes to the modem, with its CR
  std::string shown;                 // the same for logs: no CR, secrets as ***
  std::vector<SecretSpan> secrets{};  // of `wire`, in order
};

class CommandBuilder {
 public:
  // `name` is what follows "AT": "+CSSLOPEN", "E0", "". It is ours, never the user's.
  explicit CommandBuilder(std::string_view name);

  CommandBuilder& query();  // AT+X?
  CommandBuilder& test();   // AT+X=?
  // `field` names the argument in the refusal. lowest..highest are inclusive.
  CommandBuilder& number(std::string_view field, std::int64_t value, std::int64_t lowest,
                         std::int64_t highest);
  // A quoted string of at most `most` bytes: printable ASCII without quotes.
  CommandBuilder& text(std::string_view field, std::string_view value, std::size_t most);
  // The same, shown as ***.
  CommandBuilder& secret(std::string_view field, std::string_view value, std::size_t most);
  // The name of a remote or local file, quoted as text(); one that is not ASCII goes as
  // {non-ascii}"<hex>", whose digits count (manuals; the note is silent).
  CommandBuilder& path(std::string_view field, std::string_view value, std::size_t most);
  // A host name or address: letters, digits, '.', '-', '_' and ':'; not empty.
  CommandBuilder& host(std::string_view field, std::string_view value, std::size_t most);
  // An unquoted word of letters and digits: A, I.
  CommandBuilder& word(std::string_view field, std::string_view value);

  // The line, or the first refusal (ErrorKind::invalid, which names the field). The result of a
  // builder that was refused once stays refused.
  [[nodiscard]] Result<CommandLine> line() const;

 private:
  void separate();
  void quote(std::string_view field, std::string_view value, std::size_t most, bool secret);
  void refuse(std::string_view field, std::string_view why);

  std::string wire_;
  std::string shown_;
  std::vector<SecretSpan> secrets_;
  bool first_ = true;
  std::optional<Error> refusal_;
};

// A line of the modem as logs may show it: where it looks like the echo of a command, what it has in
// quotes is masked, for that may be a password.
std::string mask_echo(std::string_view line);

// Why `value` cannot be a quoted string of at most `most` bytes, or an empty string where it can.
// For checks before any modem is there (configuration, requests).
std::string why_not_text(std::string_view value, std::size_t most);
std::string why_not_host(std::string_view value, std::size_t most);
std::string why_not_path(std::string_view value, std::size_t most);

}  // namespace sim52xx
