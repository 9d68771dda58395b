// Clients of the data sockets, from their first byte to their last: the daemon's connections over a
// modem that has been brought up.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/proxy/connection.hpp"
#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {

class PumpTest : public SslTest {
 protected:
  void SetUp() override {
    SslTest::SetUp();
    arbiter.add(stack);
    modem.add_user(arbiter);
  }
  void TearDown() override {
    for (int& client : clients)
      if (client >= 0) ::close(std::exchange(client, -1));
    stage.settle();
    script.expect_finished();
    SslTest::TearDown();
  }

  // A client of ssl0 or ssl1, whose session is open.
  void connect(int id, SslSession::Mode mode) {
    auto wanted = std::make_shared<config::Endpoint>();
    wanted->name = "ssl" + std::to_string(id);
    wanted->host = "www.myserver.com";
    wanted->session = id == 0 ? config::SessionChoice::zero : config::SessionChoice::one;
    wanted->transparent =
        mode == counted ? config::Transparent::never : config::Transparent::always;
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    client(id) = ends[0];
    auto& made = connections.emplace_back(std::make_unique<daemon::Connection>(
        context, wanted, timeouts, daemon::Fd(ends[1])));
    if (connections.size() == 1) script_start(mode);
    script.command("AT+CSSLOPEN=" + std::to_string(id) + ",\"www.myserver.com\",443",
                   mode == counted ? "OK" : "CONNECT 115200");
    tasks.spawn(wanted->name, made->run());
    stage.settle();
    script.expect_finished();
  }

  int& client(int id) { return clients.at(static_cast<std::size_t>(id)); }
  void write(int id, std::string_view bytes) {
    ASSERT_EQ(::write(client(id), bytes.data(), bytes.size()), std::ssize(bytes));
  }
  void script_close(int id) { script.command("AT+CSSLCLOSE=" + std::to_string(id)); }

  // Until the script has been played; how long that took.
  Duration play() {
    const Time before = stage.now();
    EXPECT_TRUE(stage.until([this] { return script.finished(); }, std::chrono::minutes(5)));
    return stage.now() - before;
  }

  config::Config settings_of_all;
  daemon::Arbiter arbiter{stage.runtime, tasks, settings_of_all.arbiter,
                          [this] { return stack.windows(); }};
  daemon::ProxyContext context{stage.runtime, modem, stack, arbiter, tasks};
  std::vector<std::unique_ptr<daemon::Connection>> connections;
  std::array<int, 2> clients{-1, -1};
};

}  // namespace sim52xx::test
