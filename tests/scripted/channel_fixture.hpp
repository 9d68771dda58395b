// A Channel and a modem that follows a script.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/at/channel.hpp"
#include "tests/scripted/script.hpp"

namespace sim52xx::test {

using namespace std::chrono_literals;
using daemon::Channel;

class ChannelTest : public ::testing::Test, protected daemon::Inbound {
 protected:
  using Answer = Task<Result<Outcome>>;

  ChannelTest() {
    channel.attach(line.connect());
    reader = stage.start(channel.read_loop());
  }

  void TearDown() override {
    channel.lose("the test is over");
    stage.settle();
    EXPECT_TRUE(reader.done());
    script.expect_finished();
  }

  // Starts a command; `text` is without its CR.
  Answer ask(CommandId id, std::string text, Duration timeout = 10s,
             std::string_view payload = {}) {
    return stage.start(exec(id, std::move(text), timeout, payload));
  }
  asio::awaitable<Result<Outcome>> exec(CommandId id, std::string text, Duration timeout,
                                        std::string_view payload) {
    CommandLine command;
    command.wire = text + "\r";
    command.shown = text;
    daemon::Request request(sim52xx_profile().row(id), command);
    request.payload = payload;
    auto result = co_await channel.exec(std::move(request), timeout);
    co_return result;
  }

  void on_urc(const Urc&, std::string_view urc) override { urcs.emplace_back(urc); }
  void on_ssl_data(int session, std::string_view bytes) override {
    data.at(static_cast<std::size_t>(session)) += bytes;
  }
  void on_ssl_cut(int session) override { cuts.push_back(session); }
  void on_online(std::string_view bytes) override { online += bytes; }

  Stage stage;
  Line line{stage};
  Script script{stage, line};
  Channel channel{stage.runtime, *this};
  Task<void> reader;

  std::vector<std::string> urcs;
  std::array<std::string, 2> data;
  std::vector<int> cuts;
  std::string online;
};

}  // namespace sim52xx::test
