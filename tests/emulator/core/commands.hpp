// The table of commands. Each family (a file) installs its own rows.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/emulator/core/call.hpp"

namespace sim52xx::sim {

// What a command came to.
struct Result {
  enum class Kind {
    ok,       // the next command of the line, or OK
    error,    // ERROR, or +CME ERROR where cme is not 0 and AT+CMEE asks for it
    pending,  // Modem::finish() will tell
    done,     // a final result was printed already (CONNECT, NO CARRIER)
  };
  Kind kind = Kind::ok;
  int cme = 0;
};

inline constexpr Result ok{Result::Kind::ok, 0};
inline constexpr Result error{Result::Kind::error, 0};
inline constexpr Result pending{Result::Kind::pending, 0};
inline constexpr Result done{Result::Kind::done, 0};
constexpr Result cme_error(int code) {
  return {Result::Kind::error, code};
}

// The text of a +CME ERROR with AT+CMEE=2.
std::string_view cme_text(int code);

// Whether a name is one of real firmware, one that only the note prints, or both.
enum class Spelling { any, real, note };

// What one command does in each of its forms; a form that is missing is ERROR.
struct Command {
  std::function<Result(const Arguments&)> exec = nullptr;
  std::function<Result(const Arguments&)> set = nullptr;
  std::function<Result()> read = nullptr;
  std::function<Result()> test = nullptr;
  Spelling spelling = Spelling::any;
};

class CommandTable {
 public:
  void add(std::string name, Command command) {
    commands_.insert_or_assign(std::move(name), std::move(command));
  }

  // `understood` is the knob "spelling": real, note or both.
  [[nodiscard]] Result run(const Call& call, std::string_view understood) const;

 private:
  std::map<std::string, Command, std::less<>> commands_;
};

}  // namespace sim52xx::sim
