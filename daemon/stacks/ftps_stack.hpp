// The modem's FTPS stack (note, chapter 3): started lazily, one login at a time, every command of
// the note. Who may use it when is decided above (arbiter.hpp); whoever has it calls one function
// after the other.
//
// The note's firmware answers a command when it is done. Later firmware says OK at once and the
// result afterwards; which of the two a command is, is learned from its first answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/task_group.hpp"
#include "daemon/body/body.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/modem_stack.hpp"

namespace sim52xx::daemon {

// A put or get while it goes on, for whoever asked for it.
struct FtpsTransfer {
  explicit FtpsTransfer(Runtime& runtime) : changed(runtime) {}

  std::uint64_t bytes = 0;  // moved so far
  bool stop = false;        // set and notify to end it: nothing more is sent
  Event changed;
};

class FtpsStack final : public ModemStack, public ModemUser {
 public:
  FtpsStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts,
            TaskGroup& tasks);

  [[nodiscard]] Stack kind() const override { return Stack::ftps; }
  [[nodiscard]] bool started() const override { return started_; }
  asio::awaitable<void> stop() override;

  // Starts the stack where it is not (note, 3.1).
  asio::awaitable<Result<void>> start();
  // Logs in, by explicit TLS (note, 3.2). Errors: denied, connect_failed, tls_alert, timeout.
  asio::awaitable<Result<void>> login(const std::string& host, int port, const std::string& user,
                                      const std::string& password);
  asio::awaitable<Result<void>> logout();

  asio::awaitable<Result<std::string>> pwd();
  asio::awaitable<Result<void>> cwd(const std::string& path);
  asio::awaitable<Result<void>> mkdir(const std::string& path);
  asio::awaitable<Result<void>> rmdir(const std::string& path);
  asio::awaitable<Result<void>> remove(const std::string& path);
  // 'A' or 'I'.
  asio::awaitable<Result<void>> type(char type);
  // What the server sends for the directory or file; the current directory where `path` is empty.
  // Error: limit, beyond longest_listing bytes.
  asio::awaitable<Result<std::string>> list(const std::string& path);
  static constexpr std::size_t longest_listing = std::size_t{256} * 1024;

  // All of `from` into a file on the server. Errors: unsupported, where it is empty (nothing has
  // been sent then); whatever `from` fails with; cancelled by transfer.stop.
  asio::awaitable<Result<void>> put(const std::string& path, Source& from, FtpsTransfer& transfer);
  // A file of the server into `to`. A reader that is slow slows the server down; on a line without
  // flow control, or when it takes nothing for half a minute, it is an error (limit) instead.
  asio::awaitable<Result<void>> get(const std::string& path, Sink& to, FtpsTransfer& transfer);
  // Between the server and the modem's own file system, directory `dir` (note, 3.10 and 3.12).
  asio::awaitable<Result<void>> put_file(const std::string& path, int dir, FtpsTransfer& transfer);
  asio::awaitable<Result<void>> get_file(const std::string& path, int dir, FtpsTransfer& transfer);

  [[nodiscard]] bool logged_in() const { return logged_in_; }
  // A command has had no answer, or a put was left half done: only stop() makes sure.
  [[nodiscard]] bool unclear() const { return unclear_; }

 private:
  Runtime& runtime_;
  Modem& modem_;
  const config::StackTimeouts& timeouts_;
  TaskGroup& tasks_;
  bool started_ = false;
  bool logged_in_ = false;
  bool unclear_ = false;
};

}  // namespace sim52xx::daemon
