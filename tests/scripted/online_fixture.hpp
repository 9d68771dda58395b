// A transparent session of a modem that has been brought up, and the modem's part in its probes.
#pragma once

#include "tests/scripted/ssl_fixture.hpp"

namespace sim52xx::test {

inline constexpr std::string_view open_one = "AT+CSSLOPEN=1,\"www.myserver.com\",443";

class OnlineTest : public SslTest {
 protected:
  void SetUp() override {
    SslTest::SetUp();
    be_open(0, transparent);
  }

  SslSession& session() { return stack.session(0); }

  // The modem hears plus signs, and leaves transparent mode in its time.
  Script& script_escape(std::string_view rest = {}) {
    return script.expect("+++").wait(1s).print("\r\nOK\r\n" + std::string(rest));
  }
  Script& script_number() { return script.expect("AT+CGSN\r").print(std::string(number)); }
  Script& script_return(std::string_view data = {}) {
    return script.expect("ATO\r").print("\r\nCONNECT 115200\r\n" + std::string(data));
  }
  // Something looks like the end and is none.
  void script_false_alarm() {
    script_escape();
    script_number();
    script_return();
  }
  // The modem is in command mode already: the plus signs begin a line.
  void script_over(std::string_view answer) {
    script.expect("+++").expect("\r");
    if (!answer.empty()) script.say(answer);
    script_number();
    script.command("ATO", "NO CARRIER");
  }
  void print(std::string_view bytes) {
    line.print(bytes);
    stage.settle();
  }
};

}  // namespace sim52xx::test
