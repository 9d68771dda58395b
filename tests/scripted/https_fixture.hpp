// The HTTPS stack of a modem that has been brought up.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "daemon/stacks/https_stack.hpp"
#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {

using daemon::HttpsStack;

class HttpsTest : public ModemTest {
 protected:
  // The note's request: 88 bytes.
  static constexpr std::string_view note_request =
      "GET / HTTP/1.1\r\nHost: www.mywebsite.com\r\nUser-Agent: MY WEB AGENT\r\n"
      "Content-Length: 0\r\n\r\n";

  void SetUp() override {
    bring_up();
    ASSERT_EQ(note_request.size(), 88U);
  }

  Result<void> open() { return stage.run(https.open("www.mywebsite.com", 443)); }
  Result<void> send(std::string_view bytes) { return stage.run(https.send(bytes)); }
  Result<void> commit() { return stage.run(https.commit()); }
  // One receive(): what came; "" at the end.
  Result<std::string> receive(std::size_t most = 4096) {
    auto count = stage.run(https.receive(buffer.data(), most));
    if (!count) return count.error();
    return std::string(buffer.data(), *count);
  }
  // All until the end, or until an error.
  Result<std::string> receive_all() {
    std::string all;
    for (;;) {
      auto piece = receive();
      if (!piece) return piece.error();
      if (piece->empty()) return all;
      all += *piece;
    }
  }
  // What the script hears where a test listens to the line itself.
  std::function<void(std::string_view)> script_heard{line.heard};

  void close() { stage.run(https.close()); }

  static std::string block(std::string_view bytes) {
    return "\r\n+CHTTPSRECV: DATA," + std::to_string(bytes.size()) + "\r\n" + std::string(bytes) +
           "\r\n";
  }
  void script_open() {
    script.command("AT+CHTTPSSTART").expect("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
    script.wait(300ms).say("OK");
  }
  void script_send(std::string_view bytes) {
    script.expect("AT+CHTTPSSEND=" + std::to_string(bytes.size()) + "\r").print("\r\n>");
    script.expect(std::string(bytes)).say("OK");
  }
  void script_commit() { script.command("AT+CHTTPSSEND").say("+CHTTPSSEND: 0"); }
  // An answer to AT+CHTTPSRECV=1.
  void script_receive(std::string_view bytes) {
    script.command("AT+CHTTPSRECV=1").print(block(bytes)).say("+CHTTPSRECV: 0");
  }
  void script_close() { script.command("AT+CHTTPSCLSE"); }

  void be_open() {
    script_open();
    ASSERT_TRUE(open());
  }

  HttpsStack https{stage.runtime, modem, timeouts};
  std::array<char, 4096> buffer{};
};

}  // namespace sim52xx::test
