// The modem's FTPS stack (note, chapter 3): started lazily, one login at a time, every command of
// the note. Who may use it when is decided above (arbiter.hpp); whoever has it calls one function
// after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/task_group.hpp"
#include "daemon/body/body.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/modem/spelling.hpp"
#include "daemon/stacks/ftps_download.hpp"
#include "daemon/stacks/late_results.hpp"
#include "daemon/stacks/modem_stack.hpp"

namespace sim52xx::daemon {

// A put, get or list while it goes on, for whoever asked for it.
struct FtpsTransfer {
  explicit FtpsTransfer(Runtime& runtime) : changed(runtime) {}

  // Ends it: nothing more is sent or delivered. What the modem is doing is waited for, but not for
  // longer than the stack's close timer.
  void end() {
    if (std::exchange(ended, true)) return;
    if (on_end) on_end();
    changed.notify();
  }

  std::function<void(std::size_t)> moved;  // called with every piece, if it is set
  bool ended = false;
  std::function<void()> on_end;  // the stack's
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
  // Nothing where nobody is logged in. Whatever the modem says, nobody is any more.
  asio::awaitable<Result<void>> logout();

  // Each of these is one command of the note's 3.3 to 3.8. Errors: denied (by the server),
  // modem_error, peer_closed, timeout.
  asio::awaitable<Result<std::string>> pwd();
  asio::awaitable<Result<void>> cwd(const std::string& path);
  asio::awaitable<Result<void>> mkdir(const std::string& path);
  asio::awaitable<Result<void>> rmdir(const std::string& path);
  asio::awaitable<Result<void>> remove(const std::string& path);
  asio::awaitable<Result<void>> type(char type);  // 'A' or 'I'

  // What the server prints of the directory or file; of the current directory where `path` is
  // empty (note, 3.9). Error: limit, beyond longest_listing bytes.
  asio::awaitable<Result<std::string>> list(const std::string& path, FtpsTransfer& transfer);
  static constexpr std::size_t longest_listing = std::size_t{256} * 1024;

  // All of `from` into a file on the server (note, 3.11). Errors: unsupported, where it is empty
  // (nothing has been sent then); whatever `from` fails with; cancelled. A put that breaks off
  // leaves what has arrived so far on the server.
  asio::awaitable<Result<void>> put(const std::string& path, Source& from, FtpsTransfer& transfer);
  // A file of the server into `to` (note, 3.13). A reader that is slow slows the server down; on a
  // line without flow control, or when it takes nothing for half a minute, it is an error (limit).
  asio::awaitable<Result<void>> get(const std::string& path, Sink& to, FtpsTransfer& transfer);
  // Between the server and the modem's own file system, directory `dir` (note, 3.10 and 3.12).
  asio::awaitable<Result<void>> put_file(const std::string& path, int dir, FtpsTransfer& transfer);
  asio::awaitable<Result<void>> get_file(const std::string& path, int dir, FtpsTransfer& transfer);

  // A command has had no answer, or a put was left half done: only stop() makes sure.
  [[nodiscard]] bool unclear() const { return unclear_; }

 private:
  using Ways = Spelling::Ways;

  void on_urc(const Urc& urc, std::string_view line) override;
  void on_modem_lost(const std::string& reason) override;

  asio::awaitable<void> stop_now();
  asio::awaitable<bool> started_after_all(Duration patience);
  asio::awaitable<bool> may_log_in_now(const Result<Outcome>& refusal, Duration taken);
  asio::awaitable<Result<void>> on_path(CommandId id, const std::string& path,
                                        std::string_view doing);
  asio::awaitable<Result<void>> move_file(CommandId id, const std::string& path, int dir,
                                          std::string_view doing, FtpsTransfer& transfer);

  // One command that is over with its answer, late results included.
  asio::awaitable<Result<Outcome>> run(CommandId id, const Ways& ways);
  // One that may take as long as a file is long; `silence` of the modem ends it.
  asio::awaitable<Result<Outcome>> run_long(CommandId id, const Ways& ways, Duration silence,
                                            BlockSink* blocks, FtpsTransfer& transfer);
  asio::awaitable<Result<Outcome>> said(CommandId id, const Ways& ways, std::string_view payload);
  asio::awaitable<void> fetch(const Ways& ways, FtpsDownload& download, FtpsTransfer& transfer);

  asio::awaitable<Result<void>> put_blocks(Source& from, std::string& block,
                                           FtpsTransfer& transfer);
  asio::awaitable<Result<void>> put_block(CommandId id, const Ways& ways, std::string_view block,
                                          FtpsTransfer& transfer);
  asio::awaitable<Result<void>> wait_room(std::size_t next, FtpsTransfer& transfer);
  asio::awaitable<Result<void>> ask_unsent();

  [[nodiscard]] Ways plain(CommandId id) const;
  [[nodiscard]] Duration timer(CommandId id) const;
  [[nodiscard]] Duration patience_after_ok(CommandId id, Duration taken) const;
  [[nodiscard]] std::optional<Error> no_login() const;
  void note(const Result<Outcome>& outcome);

  Runtime& runtime_;
  Modem& modem_;
  const config::StackTimeouts& timeouts_;
  TaskGroup& tasks_;
  Spelling spelling_;
  LateResults late_;
  bool started_ = false;
  bool start_unsure_ = false;  // its OK may have come before it was
  bool warm_ = false;          // it was started for somebody before
  bool logged_in_ = false;
  bool server_closed_ = false;
  bool silent_ = false;  // a command has had no answer
  bool unclear_ = false;
  std::size_t unsent_ = 0;  // of a put: what may still wait in the modem
  bool can_tell_ = true;    // the modem can say how much that is
};

}  // namespace sim52xx::daemon
