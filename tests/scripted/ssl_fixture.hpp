// The SSL stack of a modem that has been brought up.
#pragma once

#include "protocol/alert.hpp"
#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {

constexpr auto counted = SslSession::Mode::counted;
constexpr auto transparent = SslSession::Mode::transparent;

// The note's 134218240.
constexpr std::uint32_t note_alert = 0x08000200;

class SslTest : public ModemTest {
 protected:
  void SetUp() override { bring_up(); }

  // What starts the stack.
  void script_start(SslSession::Mode mode) {
    script.command("AT+CSSLSET=1");
    script.command(mode == transparent ? "AT+CSSLMODE=1" : "AT+CSSLMODE=0");
    script.command("AT+CSSLSTART");
  }

  // An open session.
  void be_open(int id, SslSession::Mode mode) {
    script_start(mode);
    const std::string text = "AT+CSSLOPEN=" + std::to_string(id) + ",\"www.myserver.com\",443";
    script.command(text, mode == transparent ? "CONNECT 115200" : "OK");
    Task<Result<void>> opened = open(id, mode);
    ASSERT_TRUE(opened.done());
    ASSERT_TRUE(*opened);
  }

  Task<Result<std::size_t>> send(int id, std::string_view bytes) {
    return stage.start(stack.send(id, bytes));
  }
  Task<void> close(int id) { return stage.start(stack.close(id)); }
  Task<void> stop() { return stage.start(stack.stop()); }

  // All that has come for a session, taken.
  std::string received(int id) {
    SslSession& session = stack.session(id);
    std::string bytes(session.down().view());
    session.pop(bytes.size());
    return bytes;
  }
};

}  // namespace sim52xx::test
