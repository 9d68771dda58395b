// The modem's HTTPS stack (note, chapter 2): one connection at a time, of which the modem does TLS
// and we do HTTP. Started lazily by open(); the connection may stay open between two users. Who may
// use it when is decided above (arbiter.hpp). Every operation is for one user at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/byte_queue.hpp"
#include "daemon/async/event.hpp"
#include "daemon/config/config.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/modem/spelling.hpp"
#include "daemon/stacks/modem_stack.hpp"

namespace sim52xx::daemon {

class HttpsStack final : public ModemStack, private ModemUser, private BlockSink {
 public:
  // How long things may take; see the note's 2.7.
  HttpsStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts);

  [[nodiscard]] Stack kind() const override { return Stack::https; }
  [[nodiscard]] bool started() const override { return started_; }
  asio::awaitable<void> stop() override;

  // Starts the stack where it is not, and connects; a connection that is open is closed before.
  // Errors: connect_failed, timeout, modem_error, modem_absent, invalid. (note, 2.1, 2.2)
  asio::awaitable<Result<void>> open(std::string host, int port);
  // A connection there is open and nothing speaks against using it again.
  [[nodiscard]] bool open_to(std::string_view host, int port) const;

  // Sends all of `bytes`, which must live until it returns; waits while much is unsent. (note, 2.3)
  asio::awaitable<Result<void>> send(std::string_view bytes);
  // All that was sent is on its way. (note, 2.3)
  asio::awaitable<Result<void>> commit();
  // At least one byte, at most `most`; 0: the server has closed, and all has been read. (note, 2.4)
  asio::awaitable<Result<std::size_t>> receive(char* to, std::size_t most);
  // There is something to receive, or the server has closed.
  [[nodiscard]] bool readable() const { return event_ || peer_closed_ || !down_.empty(); }

  // Closes the connection; errors are logged, for there is nothing left to do about them. (2.5)
  asio::awaitable<void> close();
  // Whoever waits in an operation gets ErrorKind::cancelled as soon as the command in flight has
  // ended; so does everybody until close() or open().
  void interrupt();
  // Every command since the stack was started was answered.
  [[nodiscard]] bool in_order() const { return in_order_; }

 private:
  using Answer = Result<Outcome>;

  void on_urc(const Urc& urc, std::string_view line) override;
  void on_modem_lost(const std::string& reason) override;
  void on_block(std::string_view bytes) override { down_.push(bytes); }
  void on_block_cut() override;

  asio::awaitable<Result<void>> start();
  asio::awaitable<void> stop_now();
  asio::awaitable<Answer> run(CommandId id, const Spelling::Ways& ways, Duration timeout,
                              std::string_view payload = {});
  asio::awaitable<Result<void>> connect(const std::string& host, int port);
  asio::awaitable<bool> another_try(bool fresh, bool at_once);
  asio::awaitable<Result<void>> confirm_open(Duration patience);
  asio::awaitable<void> late_result(const std::optional<long>& result, Duration patience);
  asio::awaitable<Answer> send_block(std::string_view block);
  asio::awaitable<Result<void>> wait_room(std::size_t size);
  asio::awaitable<Result<std::size_t>> query_unsent();
  asio::awaitable<Result<void>> ask();
  Result<void> on_received(const Outcome& outcome, std::size_t received);
  asio::awaitable<void> wait_news(Time until);
  [[nodiscard]] std::optional<Error> broken(std::string_view stage) const;

  Runtime& runtime_;
  Modem& modem_;
  const config::StackTimeouts& timeouts_;
  Spelling spelling_;
  Event changed_;
  bool started_ = false;
  bool in_order_ = true;

  // The connection.
  bool open_ = false;
  std::string host_;
  int port_ = 0;
  ByteQueue down_;          // received, not yet taken
  std::size_t unsent_ = 0;  // of what was sent: what may still wait in the modem
  bool event_ = false;      // +CHTTPS: RECV EVENT, since the last AT+CHTTPSRECV
  bool flowing_ = false;    // the last AT+CHTTPSRECV got something
  bool peer_closed_ = false;
  bool drained_ = false;  // ... and nothing of it is left in the modem
  bool interrupted_ = false;
  std::optional<Error> failure_;
  std::optional<long> start_result_;  // "+CHTTPSSTART: <n>" and "+CHTTPSOPSE: <n>" behind an OK
  std::optional<long> open_result_;
  bool doubtful_ = false;  // the OK of AT+CHTTPSOPSE came before any network could answer

  // What this modem has turned out to do.
  bool late_results_ = false;  // OK means begun; done is told by a result behind it
  bool tells_events_ = false;  // it prints RECV EVENT
  int tiny_ = 0;               // blocks of exactly the one byte that was asked for, in a row
};

}  // namespace sim52xx::daemon
