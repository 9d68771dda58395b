// A counted session of the modem's SSL stack as a stream, certificate alerts included.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/config/config.hpp"
#include "daemon/http/stream.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon::http {

class SslStream final : public Stream {
 public:
  // `accept_alerts`: as in [https] of the configuration. `timeouts`: those of the SSL stack.
  SslStream(Runtime& runtime, SslStack& stack, int session, std::uint32_t accept_alerts,
            const config::StackTimeouts& timeouts)
      : runtime_(runtime),
        stack_(stack),
        id_(session),
        accept_alerts_(accept_alerts),
        timeouts_(timeouts) {}

  asio::awaitable<Result<void>> connect(std::string host, int port) override;
  [[nodiscard]] bool connected_to(std::string_view host, int port) const override;
  asio::awaitable<Result<void>> write(std::string_view bytes) override;
  asio::awaitable<Result<void>> flush() override;
  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override;
  [[nodiscard]] bool readable() const override;
  asio::awaitable<void> close() override;
  void cancel() override;
  [[nodiscard]] bool verified() const override { return !alerted_; }
  [[nodiscard]] bool in_order() const override { return in_order_; }

 private:
  SslSession& session() { return stack_.session(id_); }
  [[nodiscard]] const SslSession& session() const { return std::as_const(stack_).session(id_); }
  [[nodiscard]] std::optional<Error> broken(std::string_view stage) const;
  void note(const Error& error);

  Runtime& runtime_;
  SslStack& stack_;
  const int id_;
  const std::uint32_t accept_alerts_;
  const config::StackTimeouts& timeouts_;
  const config::Endpoint limits_;  // those of a data socket, as they are by default
  std::optional<Target> target_;   // while connected
  bool cancelled_ = false;
  bool alerted_ = false;
  bool in_order_ = true;
};

}  // namespace sim52xx::daemon::http
