// The TLS world behind the emulated modem, in memory and in the stage's time: one server for each
// channel, which answers what its dialogue says.
#pragma once

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/core/modem.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::test {

// What one connection has come to, for the judge.
struct Connection {
  int channel = 0;
  std::string heard;  // from the client
  std::string said;   // to it, whether it has arrived or not
};

// Calls that happen later in the stage's time.
class Later {
 public:
  explicit Later(Stage& stage) : stage_(stage) {}
  void after(Duration delay, std::function<void()> call);

 private:
  Stage& stage_;
  std::list<std::unique_ptr<daemon::Timer>> timers_;
};

class MemoryNetwork final : public sim::Network {
 public:
  // Told all that a connection has heard so far; says what is said now, and whether that is all.
  struct Reply {
    std::string words{};
    bool closes = false;
  };
  using Server = std::function<Reply(const Connection&)>;

  explicit MemoryNetwork(Stage& stage);
  // Before anything else is called.
  void attach(sim::Modem& modem) { modem_ = &modem; }
  void serve(int channel, Server server) { line(channel).server = std::move(server); }
  // Every peer closes in order, once what it has said was delivered.
  void close_peers();

  [[nodiscard]] const std::vector<Connection>& connections() const { return connections_; }
  void forget() { connections_.clear(); }
  [[nodiscard]] bool idle() const;

  void open(int session, const std::string& host, std::uint16_t port) override;
  void resume(int /*session*/) override {}
  void send(int session, std::string_view bytes) override;
  [[nodiscard]] std::size_t unsent(int /*session*/) const override { return 0; }
  void allow_receive(int session, bool allowed) override { line(session).allowed = allowed; }
  void close(int session) override { abort(session); }
  void abort(int session) override;

 private:
  struct Line {
    Server server;
    bool open = false;
    bool allowed = true;
    bool closing = false;
    std::uint64_t number = 0;  // of the connection, so that what comes late finds it gone
    std::size_t index = 0;     // in connections_
    std::string waiting;       // said, and not yet delivered
  };

  Line& line(int session) { return lines_.at(static_cast<std::size_t>(session)); }
  void opened(int session, std::uint64_t number, bool known);
  void ask(int session, std::uint64_t number);
  bool deliver();
  bool deliver(int session);

  Stage& stage_;
  Later later_{stage_};
  sim::Modem* modem_ = nullptr;
  std::array<Line, sim::channels> lines_;
  std::vector<Connection> connections_;
};

inline constexpr std::string_view server_name = "www.myserver.com";

}  // namespace sim52xx::test
