// The connection of the modem's HTTPS stack as a stream.
#pragma once

#include "daemon/http/stream.hpp"
#include "daemon/stacks/https_stack.hpp"

namespace sim52xx::daemon::http {

class HttpsStream final : public Stream {
 public:
  explicit HttpsStream(HttpsStack& stack) : stack_(stack) {}

  asio::awaitable<Result<void>> connect(std::string host, int port) override {
    return stack_.open(std::move(host), port);
  }
  [[nodiscard]] bool connected_to(std::string_view host, int port) const override {
    return stack_.open_to(host, port);
  }
  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    return stack_.send(bytes);
  }
  asio::awaitable<Result<void>> flush() override { return stack_.commit(); }
  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override {
    return stack_.receive(to, most);
  }
  [[nodiscard]] bool readable() const override { return stack_.readable(); }
  asio::awaitable<void> close() override { return stack_.close(); }
  void cancel() override { stack_.interrupt(); }
  // The stack tells nothing of certificates.
  [[nodiscard]] bool verified() const override { return false; }
  [[nodiscard]] bool in_order() const override { return stack_.in_order(); }

 private:
  HttpsStack& stack_;
};

}  // namespace sim52xx::daemon::http
