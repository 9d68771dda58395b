// The modem's HTTPS stack (note, chapter 2): one connection at a time, of which the modem does TLS
// and we do HTTP. Started lazily by open(); a connection may stay open between two users. Who may
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
  // There is something to receive, be it the end.
  [[nodiscard]] bool readable() const;

  // Closes the connection; errors are logged, for there is nothing left to do about them. (2.5)
  asio::awaitable<void> close();
  using ModemStack::close;
  // Whoever waits in an operation gets ErrorKind::cancelled as soon as the command in flight has
  // ended; so does everybody until close(). Only by who uses the stack.
  void interrupt();
  // Every command since the stack was started was answered.
  [[nodiscard]] bool in_order() const { return in_order_; }

 private:
  using Answer = Result<Outcome>;

  struct Connection {
    bool live = false;  // open, or being opened
    bool open = false;
    std::string host;
    int port = 0;
    ByteQueue down;            // received, not yet taken
    std::size_t received = 0;  // bytes in all
    std::size_t unsent = 0;    // of what was sent: what may still wait in the modem
    bool event = false;        // RECV EVENT since the last AT+CHTTPSRECV
    bool flowing = false;      // the last AT+CHTTPSRECV got something
    bool peer_closed = false;
    bool drained = false;          // ... and nothing of it is left in the modem
    bool doubtful = false;         // AT+CHTTPSOPSE was answered before any network could
    std::optional<long> result;    // "+CHTTPSOPSE: <n>" behind the OK
    std::optional<Error> failure;  // shows behind what is in `down`
  };

  void on_urc(const Urc& urc, std::string_view line) override;
  void on_late_result(const urc::LateResult& late);
  void on_modem_lost(const std::string& reason) override;
  void on_block(std::string_view bytes) override;
  void on_block_cut() override;
  void fail(Error error);

  // https_stack.cpp
  [[nodiscard]] Spelling::Ways plain(CommandId id) const;
  asio::awaitable<Answer> run(CommandId id, const Spelling::Ways& ways, Duration timeout,
                              std::string_view payload = {});
  asio::awaitable<Result<void>> start();
  asio::awaitable<void> stop_now();
  asio::awaitable<Result<void>> connect();
  asio::awaitable<bool> may_work_now(bool fresh);
  asio::awaitable<Result<void>> confirm_open(Duration patience);
  asio::awaitable<void> await_late(const std::optional<long>& result, Duration patience);
  asio::awaitable<void> disconnect();
  [[nodiscard]] std::string target() const;
  [[nodiscard]] std::optional<Error> broken(std::string_view stage) const;

  // https_data.cpp
  asio::awaitable<Result<void>> wait_room(std::size_t size);
  asio::awaitable<Result<std::size_t>> query_unsent();
  asio::awaitable<Result<void>> send_block(std::string_view block);
  asio::awaitable<void> ask();
  asio::awaitable<void> wait_news(Time until);
  void learn_length(std::int64_t asked, std::size_t got);
  void on_answer(const Outcome& outcome, std::size_t got);

  Runtime& runtime_;
  Modem& modem_;
  const config::StackTimeouts& timeouts_;
  Spelling spelling_;
  Event changed_;
  bool started_ = false;
  bool in_order_ = true;
  bool interrupted_ = false;
  std::optional<long> start_result_;  // behind the OK
  std::optional<long> stop_result_;
  Connection connection_;

  // What this modem has turned out to do, until it is started again.
  struct Habits {
    bool late_results = false;  // OK means begun; that it is done is told behind it
    bool tells_events = false;  // it prints RECV EVENT
    bool at_least = false;      // AT+CHTTPSRECV=1 gives more than one byte
    int single_bytes = 0;       // ... or exactly one, so many times in a row
  };
  Habits habits_;
};

}  // namespace sim52xx::daemon
