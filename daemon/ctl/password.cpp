#include "daemon/ctl/password.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "daemon/ctl/input_file.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl {
namespace {

std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

// Does not show what is typed, and shows it again even where the typing is broken off by a signal:
// the terminal then sends none, but the byte.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    ::tcsetattr(terminal_, TCSAFLUSH, &silent);
    interrupt_ = static_cast<char>(before_.c_cc[VINTR]);
  }
  ~Silence() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  [[nodiscard]] char interrupt() const { return interrupt_; }

 private:
  int terminal_;
  termios before_{};
  char interrupt_ = '\x03';
};

// From now on a crash leaves no picture of our memory.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

Outcome<std::string> ask(const std::string& what) {
  const daemon::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal)
    return misuse("no password, and no terminal to ask for it",
                  {"--password-file FILE, --password-credential NAME, or SIM52XX_PASSWORD"});
  const Silence silence(terminal.get());
  const std::string question = "Password of " + what + ": ";
  if (::write(terminal.get(), question.data(), question.size()) < 0)
    return misuse("cannot ask for the password");
  std::string typed;
  std::array<char, 256> piece{};
  while (typed.find('\n') == std::string::npos) {
    const ssize_t got = ::read(terminal.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    typed.append(piece.data(), static_cast<std::size_t>(got));
    if (typed.find(silence.interrupt()) != std::string::npos) break;
  }
  (void)!::write(terminal.get(), "\n", 1);
  if (typed.find(silence.interrupt()) != std::string::npos)
    return Failure(Exit::interrupted, "interrupted");
  return first_line(typed);
}

}  // namespace

Outcome<void> put_password(json& params, const PasswordOptions& options, const std::string& what) {
  if (!options.file.empty() && !options.credential.empty())
    return misuse("--password-file and --password-credential both say the password");
  if (!options.credential.empty()) {
    params["password_credential"] = options.credential;
    return {};
  }
  forbid_core_dumps();
  if (!options.file.empty()) {
    const auto text = read_whole(options.file);
    if (!text) return text.error();
    params["password"] = first_line(*text);
    return {};
  }
  if (params.contains("password") || params.contains("password_credential")) return {};
  if (const char* given = std::getenv("SIM52XX_PASSWORD"); given != nullptr) {
    params["password"] = given;
    return {};
  }
  auto typed = ask(what);
  if (!typed) return typed.error();
  params["password"] = *typed;
  return {};
}

}  // namespace sim52xx::ctl
