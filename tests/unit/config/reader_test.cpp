// What a configuration comes to: defaults, every key, files over files, and mistakes of its grammar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/alert.hpp"
#include "tests/unit/config/load_text.hpp"

namespace sim52xx::daemon::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Reader, NothingGivesTheDefaults) {
  const Loaded loaded = load_text("");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config, Config());
  EXPECT_EQ(loaded.config.modem.device, "/dev/sim52xx");
  EXPECT_EQ(loaded.config.modem.baud, 115200);
  EXPECT_EQ(loaded.config.timeouts.of(Stack::ftps).connect, seconds(120));
  EXPECT_EQ(loaded.config.control.job_ttl, seconds(3600));
  EXPECT_EQ(loaded.config.control.spool_limit, 64U << 20U);
  EXPECT_EQ(loaded.config.endpoint("ssl0"), nullptr);
}

TEST(Reader, ReadsEveryKindOfKey) {
  const Loaded loaded = load_text(R"(
[modem]
device = "/dev/ttyUSB2"
baud = 921600
flow_control = "rtscts"
apn = "internet"
apn_user = "me"
apn_password_credential = "apn"
apn_auth = "chap"
pin_file = "/etc/sim52xx/pin"
urc_port = 3
reset_command = "gpioset 0 17=1; sleep 1; gpioset 0 17=0"
[ssl0]
host = "mqtt.example.com"
port = 8883
transparent = "always"
accept_alerts = ["bad-issuer", "view-certificate"]
busy = "kick"
half_close_timeout = 0.25
failure_reply = "http"
[ssl1]
host = "192.0.2.1"
[endpoint.cloud-2]
session = "any"
host = "c.example.com"
buffer_limit = 65536
[endpoint.b_1]
session = 1
host = "b.example.com"
idle_timeout = 0.0001
[https]
accept_alerts = ["unknown-ca"]
[timeouts]
connect = 30
stop = 7.5
[timeouts.ftps]
connect = 60
[arbiter]
linger = 0
preempt = "any"
)");
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.warnings, IsEmpty());
  const Modem& modem = loaded.config.modem;
  EXPECT_EQ(modem.device, "/dev/ttyUSB2");
  EXPECT_EQ(modem.baud, 921600);
  EXPECT_EQ(modem.flow_control, FlowControl::rtscts);
  EXPECT_EQ(modem.apn, "internet");
  EXPECT_EQ(modem.apn_user, "me");
  EXPECT_EQ(modem.apn_password, (SecretName{"apn", ""}));
  EXPECT_EQ(modem.apn_auth, ApnAuth::chap);
  EXPECT_EQ(modem.pin, (SecretName{"", "/etc/sim52xx/pin"}));
  EXPECT_EQ(modem.urc_port, 3);
  EXPECT_EQ(modem.reset_command, "gpioset 0 17=1; sleep 1; gpioset 0 17=0");

  std::vector<std::string> names;
  for (const Endpoint& endpoint : loaded.config.endpoints)
    names.push_back(endpoint.name);
  ASSERT_THAT(names, ElementsAre("ssl0", "ssl1", "b_1", "cloud-2"));
  const Endpoint& first = loaded.config.endpoints[0];
  EXPECT_EQ(first.session, SessionChoice::zero);
  EXPECT_EQ(first.host, "mqtt.example.com");
  EXPECT_EQ(first.port, 8883);
  EXPECT_EQ(first.transparent, Transparent::always);
  EXPECT_EQ(first.accept_alerts, *alert_mask("bad-issuer") | *alert_mask("view-certificate"));
  EXPECT_EQ(first.busy, Busy::kick);
  EXPECT_EQ(first.half_close_timeout, milliseconds(250));
  EXPECT_EQ(first.stall_timeout, seconds(30));
  EXPECT_EQ(first.failure_reply, FailureReply::http);
  const Endpoint& second = loaded.config.endpoints[1];
  EXPECT_EQ(second.session, SessionChoice::one);
  EXPECT_EQ(second.port, 443);
  EXPECT_EQ(second.transparent, Transparent::never) << "session 1 has no transparent mode";
  EXPECT_EQ(loaded.config.endpoints[2].session, SessionChoice::one);
  EXPECT_EQ(loaded.config.endpoints[2].idle_timeout, milliseconds(1)) << "not never";
  EXPECT_EQ(loaded.config.endpoints[3].session, SessionChoice::any);
  EXPECT_EQ(loaded.config.endpoints[3].buffer_limit, 65536U);

  EXPECT_EQ(loaded.config.https.accept_alerts, *alert_mask("unknown-ca"));
  EXPECT_EQ(loaded.config.timeouts.of(Stack::https).connect, seconds(30));
  EXPECT_EQ(loaded.config.timeouts.of(Stack::ftps).connect, seconds(60));
  EXPECT_EQ(loaded.config.timeouts.of(Stack::ftps).stop, milliseconds(7500));
  EXPECT_EQ(loaded.config.arbiter.linger, seconds(0));
  EXPECT_EQ(loaded.config.arbiter.preempt, Preempt::any);
}

TEST(Reader, SyntaxErrorsNameThePlace) {
  for (const char* text : {"[modem\nbaud = 1", "[modem]\nbaud = ", "[modem]\nbaud = 1\nbaud = 2",
                           "[modem]\napn = \"x\r\"", "\xff", "[a]\n[a]", "x = \"\xc3\""}) {
    const Loaded loaded = load_text(text);
    ASSERT_EQ(loaded.problems.size(), 1U) << text;
    EXPECT_THAT(loaded.problems[0], testing::MatchesRegex("f:[1-3]:[0-9]+: .+")) << text;
  }
  EXPECT_THAT(load_text("[modem]\nbaud = 300\nbaud = 600").problems[0],
              testing::HasSubstr("cannot redefine existing integer 'baud'"));
  EXPECT_FALSE(load_text(std::string("[modem]\0", 8)).ok());
}

// toml++ has no words for these, only assertions.
TEST(Reader, WhatTheParserStumblesOverIsToldWithItsLine) {
  for (const std::string wrong : {"a = [}", "a = [1, }]", "a = {b = ]}", "a = [,]]"}) {
    const Loaded loaded = load({Source{"f", "[modem]\n" + wrong + "\nbaud = 9600\n"}});
    ASSERT_EQ(loaded.problems.size(), 1U) << wrong;
    EXPECT_TRUE(loaded.problems[0].starts_with("f:2:")) << loaded.problems[0];
  }
}

TEST(Reader, AnEndpointOfASocketUnitMayHaveNoHost) {
  EXPECT_THAT(load_text("[ssl0]").warnings, IsEmpty());
  const Loaded loaded = load_text("[ssl0]\nport = 443");
  EXPECT_TRUE(loaded.ok());
  EXPECT_THAT(loaded.warnings,
              ElementsAre("f:1:2: ssl0.host: found nothing, so there is no socket ssl0.sock"));
  EXPECT_THAT(loaded.config.endpoints, IsEmpty());
}

TEST(Reader, LaterFilesWinPerKey) {
  const Loaded loaded = load({Source{"a", "[modem]\napn = \"one\"\nbaud = 9600\n[ssl0]\nport = 1"},
                              Source{"b", "[modem]\napn = \"two\"\n[ssl0]\nhost = \"h\""},
                              Source{"c", "[modem]\napn_user = \"u\""}});
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.modem.apn, "two");
  EXPECT_EQ(loaded.config.modem.baud, 9600);
  EXPECT_EQ(loaded.config.modem.apn_user, "u");
  ASSERT_NE(loaded.config.endpoint("ssl0"), nullptr);
  EXPECT_EQ(loaded.config.endpoint("ssl0")->port, 1);
}

TEST(Reader, ALaterEmptyTextUnsets) {
  const Loaded loaded = load({Source{"a", "[modem]\napn = \"one\"\npin_file = \"/p\""},
                              Source{"b",
                                     "[modem]\napn = \"\"\npin_file = \"\"\n"
                                     "pin_credential = \"p\""}});
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.modem.apn, "");
  EXPECT_EQ(loaded.config.modem.pin, (SecretName{"p", ""}));
}

TEST(Reader, AWrongValueIsToldEvenWhenItIsOverridden) {
  const Loaded loaded = load({Source{"a", "[ssl0]\nport = 0"}, Source{"b", "[ssl0]\nport = 1"}});
  EXPECT_THAT(loaded.problems,
              ElementsAre("a:2:8: ssl0.port: found 0, allowed an integer, 1 to 65535"));
}

}  // namespace
}  // namespace sim52xx::daemon::config
