// One client of the control socket: reads lines, runs their requests side by side, writes the
// answers as they come. Owned by the coroutines that serve it; never waits for its client, who is
// dropped when it does not read.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/async/event.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/control/line_buffer.hpp"
#include "daemon/control/methods.hpp"
#include "daemon/control/passed_descriptors.hpp"

namespace sim52xx::daemon::control {

inline constexpr std::size_t in_flight_limit = 64;
// Bytes that may wait for a client that does not read.
inline constexpr std::size_t output_limit = std::size_t{4} << 20U;

class Connection final : public Client, public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;

  // `progress` is notified when an answer is there, and when some of it has been sent.
  Connection(Runtime& runtime, TaskGroup& tasks, Event& progress, const Methods& methods,
             Socket socket, Peer peer, const Groups& groups);

  // Serves the client until one of both closes; `self` keeps this alive. To be run once.
  asio::awaitable<void> read(std::shared_ptr<Connection> self);
  asio::awaitable<void> write(std::shared_ptr<Connection> self);

  // Drops the client at once. Requests in flight run to their end, for nobody.
  void close();
  // No request runs, and nothing waits to be sent.
  [[nodiscard]] bool idle() const { return in_flight_ == 0 && backlog() == 0 && !fed_; }

  [[nodiscard]] const Peer& peer() const override { return peer_; }
  [[nodiscard]] bool is_admin() const override { return admin_; }
  bool notify(std::string_view method, json params) override;
  [[nodiscard]] std::size_t backlog() const override { return output_.size() + writing_; }
  [[nodiscard]] bool gone() const override { return closed_; }
  Token on_gone(std::function<void()> callback) override;
  void forget(Token token) override { on_gone_.erase(token); }
  void keep() override { kept_ = true; }
  void set_feed(std::shared_ptr<Feed> feed) override;
  void wake() override {
    fed_ = true;
    changed_.notify();
  }

 private:
  enum class Input : std::uint8_t { bytes, nothing, end };

  // The answers of one line.
  struct Answers {
    explicit Answers(bool is_batch) : batch(is_batch), list(json::array()) {}
    bool batch;
    json list;
    std::vector<std::function<void()>> after;  // Call::after of its requests
    std::size_t open = 1;                      // requests that still run, and the line itself
  };

  asio::awaitable<void> wait_for(Socket::wait_type what);
  asio::awaitable<void> run(std::shared_ptr<Connection> self, const Method* method, Request request,
                            std::shared_ptr<Answers> answers, std::vector<Fd> fds);

  Input receive();
  void handle_lines();
  void handle_line(std::string_view line);
  // Starts the request, or returns the answer that refuses it.
  std::optional<json> start(Request request, const std::shared_ptr<Answers>& answers);
  std::optional<json> refuse(const Method* method, const Request& request) const;
  std::optional<json> take_descriptors(const Method& method, const Request& request, bool batch,
                                       std::vector<Fd>& taken);
  void settle(Answers& answers, std::optional<json> reply);
  void send(const json& message);
  void take_from_feed();
  [[nodiscard]] bool finished() const;

  TaskGroup& tasks_;
  Event& progress_;
  const Methods& methods_;
  Socket socket_;
  const Peer peer_;
  const bool admin_;
  const bool user_;

  LineBuffer lines_;
  PassedDescriptors descriptors_;
  std::size_t in_flight_ = 0;
  std::string output_;
  std::size_t writing_ = 0;  // of what was taken from output_
  Event changed_;            // there is output, or nothing more to come
  std::map<Token, std::function<void()>> on_gone_;
  Token last_token_ = 0;
  std::shared_ptr<Feed> feed_;
  bool fed_ = false;  // the feed has something
  bool kept_ = false;
  bool ended_ = false;     // the client writes no more
  bool refusing_ = false;  // the stream is broken: answer that, then close
  bool closed_ = false;
};

}  // namespace sim52xx::daemon::control
