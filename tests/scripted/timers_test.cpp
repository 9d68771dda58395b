// The twelve timers of the note (2.7, 3.16 and 4.8), by name: a modem that does not answer is
// waited for as long as the note says, two minutes each, and the daemon says which command it was.
#include <gtest/gtest.h>

#include "daemon/stacks/https_stack.hpp"
#include "tests/scripted/ftps_fixture.hpp"

namespace sim52xx::test {
namespace {

struct Timer {
  const char* name;     // as printed in the note; its FTPS timers are printed as HTTPS
  const char* command;  // what the modem never answers
  // Plays what comes before, and the command; waits until the daemon has given up. Its words for
  // that.
  std::string (*give_up)(class Timers& on);
};

class Timers : public ModemTest, public ::testing::WithParamInterface<Timer> {
 protected:
  void SetUp() override { bring_up(); }

 public:
  static std::string words(const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::timeout);
    return error.message;
  }
  // From the last byte of the command on.
  void mute(std::string text) {
    script.expect(std::move(text) + "\r");
    asked = stage.now();
  }

  std::string https_connect() {
    script.command("AT+CHTTPSSTART");
    mute("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
    return words(stage.run(https.open("www.mywebsite.com", 443)).error());
  }
  void https_be_open() {
    script.command("AT+CHTTPSSTART").command("AT+CHTTPSOPSE=\"www.mywebsite.com\",443");
    ASSERT_TRUE(stage.run(https.open("www.mywebsite.com", 443)));
  }
  std::string https_transfer() {
    https_be_open();
    mute("AT+CHTTPSSEND=1");
    return words(stage.run(https.send("x")).error());
  }
  std::string https_close() {
    https_be_open();
    mute("AT+CHTTPSCLSE");
    stage.run(https.close());
    return {};
  }
  std::string https_stop() {
    https_be_open();
    script.command("AT+CHTTPSCLSE");
    stage.run(https.close());
    mute("AT+CHTTPSSTOP");
    stage.run(https.stop());
    return {};
  }

  void ftps_be_started() {
    script.command("AT+CFTPSSTART");
    ASSERT_TRUE(stage.run(ftps.start()));
  }
  void ftps_be_logged_in() {
    ftps_be_started();
    script.command(login);
    ASSERT_TRUE(stage.run(ftps.login(host, 990, user, password)));
  }
  std::string ftps_connect() {
    ftps_be_started();
    mute(login);
    return words(stage.run(ftps.login(host, 990, user, password)).error());
  }
  std::string ftps_transfer() {
    ftps_be_logged_in();
    mute("AT+CFTPSGET=\"t1.txt\"");
    return words(stage.run(ftps.get(file, sink, transfer)).error());
  }
  std::string ftps_close() {
    ftps_be_logged_in();
    mute("AT+CFTPSLOGOUT");
    return words(stage.run(ftps.logout()).error());
  }
  std::string ftps_stop() {
    ftps_be_started();
    mute("AT+CFTPSSTOP");
    stage.run(ftps.stop());
    return {};
  }

  void ssl_start() {
    script.command("AT+CSSLSET=1").command("AT+CSSLMODE=0").command("AT+CSSLSTART");
  }
  void ssl_be_open() {
    ssl_start();
    script.command("AT+CSSLOPEN=1,\"www.myserver.com\",443");
    Task<Result<void>> opened = open(1, SslSession::Mode::counted);
    ASSERT_TRUE(opened.done() && *opened);
  }
  std::string ssl_connect() {
    ssl_start();
    mute("AT+CSSLOPEN=1,\"www.myserver.com\",443");
    Task<Result<void>> opened = open(1, SslSession::Mode::counted);
    // Asked whether it is there, and told that nobody waits any more.
    script.expect("AT+CGSN\r").say("OK").print(std::string(number)).command("AT+CSSLCLOSE=1");
    EXPECT_TRUE(stage.until([&] { return opened.done(); }));
    return words((*opened).error());
  }
  std::string ssl_transfer() {
    ssl_be_open();
    mute("AT+CSSLSEND=1,5");
    return words(stage.run(stack.send(1, "hello")).error());
  }
  std::string ssl_close() {
    ssl_be_open();
    mute("AT+CSSLCLOSE=1");
    stage.run(stack.close(1));
    return {};
  }
  std::string ssl_stop() {
    ssl_be_open();
    script.command("AT+CSSLCLOSE=1");
    stage.run(stack.close(1));
    mute("AT+CSSLSTOP");
    stage.run(stack.stop());
    return {};
  }

  Time asked{};

 private:
  const std::string host = "www.myftpsserver.com";
  const std::string user = "myname";
  const std::string password = "mypassword";
  const std::string login = "AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"";
  const std::string file = "t1.txt";
  daemon::HttpsStack https{stage.runtime, modem, timeouts};
  FtpsStack ftps{stage.runtime, modem, timeouts, tasks};
  FtpsTransfer transfer{stage.runtime};
  TestSink sink{stage.runtime};
};

TEST_P(Timers, FiresAfterTwoMinutes) {
  const Timer& timer = GetParam();
  const std::string said = timer.give_up(*this);
  EXPECT_EQ(stage.now() - asked, 120s);
  EXPECT_TRUE(script.finished());
  if (said.empty()) {
    EXPECT_TRUE(stage.logged(std::string("did not answer ") + timer.command));
  } else {
    EXPECT_NE(said.find(timer.command), std::string::npos) << said;
  }
}

// clang-format off
constexpr Timer timers[] = {
    {"HTTPS connect",               "AT+CHTTPSOPSE",  [](Timers& on) { return on.https_connect(); }},
    {"HTTPS transferring timer",    "AT+CHTTPSSEND",  [](Timers& on) { return on.https_transfer(); }},
    {"HTTPS close",                 "AT+CHTTPSCLSE",  [](Timers& on) { return on.https_close(); }},
    {"HTTPS stop wireless network", "AT+CHTTPSSTOP",  [](Timers& on) { return on.https_stop(); }},
    {"FTPS connect",                "AT+CFTPSLOGIN",  [](Timers& on) { return on.ftps_connect(); }},
    {"FTPS transferring timer",     "AT+CFTPSGET",    [](Timers& on) { return on.ftps_transfer(); }},
    {"FTPS close",                  "AT+CFTPSLOGOUT", [](Timers& on) { return on.ftps_close(); }},
    {"FTPS stop wireless network",  "AT+CFTPSSTOP",   [](Timers& on) { return on.ftps_stop(); }},
    {"SSL connect",                 "AT+CSSLOPEN",    [](Timers& on) { return on.ssl_connect(); }},
    {"SSL transferring timer",      "AT+CSSLSEND",    [](Timers& on) { return on.ssl_transfer(); }},
    {"SSL close",                   "AT+CSSLCLOSE",   [](Timers& on) { return on.ssl_close(); }},
    {"SSL stop wireless network",   "AT+CSSLSTOP",    [](Timers& on) { return on.ssl_stop(); }},
};
// clang-format on
static_assert(std::size(timers) == 12);

INSTANTIATE_TEST_SUITE_P(OfTheNote, Timers, ::testing::ValuesIn(timers), [](const auto& row) {
  std::string name = row.param.name;
  std::erase(name, ' ');
  return name;
});

}  // namespace
}  // namespace sim52xx::test
