// Every kind of wrong value is told with its place, what was found, and what is allowed.
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/config/load_text.hpp"

namespace sim52xx::daemon::config {
namespace {

struct Bad {
  const char* text;
  std::vector<std::string> problems;
};

// For the names of failed cases.
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.text;
}

class BadInput : public testing::TestWithParam<Bad> {};

TEST_P(BadInput, IsToldExactly) {
  EXPECT_EQ(load_text(GetParam().text).problems, GetParam().problems);
}

const std::string sections =
    "[modem], [ssl0], [ssl1], [endpoint.NAME], [https], [timeouts], [timeouts.https], "
    "[timeouts.ftps], [timeouts.ssl], [arbiter] or [control]";
const std::string endpoint_name =
    "allowed a-z, 0-9, '_' and '-', at most 64, but not ssl0, ssl1, control";
const std::string bauds =
    "300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800 or 921600";

INSTANTIATE_TEST_SUITE_P(
    Ranges, BadInput,
    testing::Values(
        Bad{"a\u0400 = 1\n",
            {"f:1:2: found what cannot stand here, allowed ASCII, and UTF-8 in comments and in "
             "quotes on one line"}},
        Bad{"[ssl0]\nhost = \"a\uFEFB\"\n",
            {"f:2:10: found what cannot stand here, allowed ASCII, and UTF-8 in comments and in "
             "quotes on one line"}},
        Bad{"[ssl0]\nhost = \"\\\uFEFB\"\n",
            {"f:2:10: found what cannot stand here, allowed ASCII, and UTF-8 in comments and in "
             "quotes on one line"}},
        Bad{"[: x]\n", {"f:1:2: found \":\", allowed the name of a section, as in [modem]"}},
        Bad{"\n[\n", {"f:2:2: found nothing, allowed the name of a section, as in [modem]"}},
        Bad{"[modem]\n [ .x]\n",
            {"f:2:4: found \".\", allowed the name of a section, as in [modem]"}},
        Bad{"[ssl0]\nhost = \"a\"\nport = 70000\n",
            {"f:3:8: ssl0.port: found 70000, allowed an integer, 1 to 65535"}},
        Bad{"[ssl0]\nhost = \"a\"\nport = -1\n",
            {"f:3:8: ssl0.port: found -1, allowed an integer, 1 to 65535"}},
        Bad{"[ssl0]\nhost = \"a\"\nport = 443.5\n",
            {"f:3:8: ssl0.port: found 443.5, allowed an integer, 1 to 65535"}},
        Bad{"[modem]\nbaud = 115201", {"f:2:8: modem.baud: found 115201, allowed " + bauds}},
        Bad{"[modem]\nurc_port = 8",
            {"f:2:12: modem.urc_port: found 8, allowed an integer, 0 to 7"}},
        Bad{"[timeouts]\nconnect = 0",
            {"f:2:11: timeouts.connect: found 0, allowed 0.1 to 86400 "
             "seconds"}},
        Bad{"[timeouts.ssl]\nstop = nan",
            {"f:2:8: timeouts.ssl.stop: found nan, allowed 0.1 to 86400 seconds"}},
        Bad{"[arbiter]\nlinger = inf",
            {"f:2:10: arbiter.linger: found inf, allowed 0 to 86400 "
             "seconds"}},
        Bad{"[arbiter]\nlinger = 1e300",
            {"f:2:10: arbiter.linger: found a number far too large, "
             "allowed 0 to 86400 seconds"}},
        Bad{"[control]\nspool_limit = 9223372036854775807",
            {"f:2:15: control.spool_limit: found 9223372036854775807, allowed 4096 to "
             "1099511627776 bytes"}}));

INSTANTIATE_TEST_SUITE_P(
    Types, BadInput,
    testing::Values(
        Bad{"[ssl0]\nport = \"443\"",
            {"f:2:8: ssl0.port: found \"443\", allowed an integer, 1 to 65535"}},
        Bad{"[ssl0]\nhost = 5",
            {"f:2:8: ssl0.host: found 5, allowed a host name or address of at "
             "most 256 bytes"}},
        Bad{"[ssl0]\nbusy = true",
            {"f:2:8: ssl0.busy: found true, allowed \"wait\", \"reject\" or \"kick\""}},
        Bad{"[modem]\ndevice = 2024-01-01",
            {"f:2:10: modem.device: found a date or time, allowed an absolute path"}},
        Bad{"[arbiter]\nlinger = [5]",
            {"f:2:10: arbiter.linger: found an array, allowed 0 to 86400 seconds"}},
        Bad{"[modem.apn]\nname = \"x\"",
            {"f:1:1: modem.apn: found a table, allowed printable ASCII without quotes, at most 100 "
             "bytes"}},
        Bad{"modem = 3", {"f:1:1: modem: found a value, allowed the section [modem]"}},
        Bad{"[[endpoint]]\nhost = \"a\"",
            {"f:1:3: endpoint: found a value, allowed the section [endpoint]"}},
        Bad{"[endpoint]\ncloud = 3",
            {"f:2:1: endpoint.cloud: found a value, allowed the section [endpoint.cloud]"}}));

INSTANTIATE_TEST_SUITE_P(
    Words, BadInput,
    testing::Values(
        Bad{"[ssl0]\nbusy = \"rejected\"",
            {"f:2:8: ssl0.busy: found \"rejected\", allowed \"wait\", \"reject\" or \"kick\" (did "
             "you mean \"reject\"?)"}},
        Bad{"[ssl0]\nbusy = \"Wait\"",
            {"f:2:8: ssl0.busy: found \"Wait\", allowed \"wait\", \"reject\" or \"kick\" (did you "
             "mean \"wait\"?)"}},
        Bad{"[endpoint.a]\nhost = \"h\"\nsession = 2",
            {"f:3:11: endpoint.a.session: found 2, allowed 0, 1 or \"any\""}},
        Bad{"[endpoint.a]\nhost = \"h\"\nsession = \"1\"",
            {"f:3:11: endpoint.a.session: found \"1\", allowed 0, 1 or \"any\" (did you mean 1?)"}},
        Bad{"[modem]\nprofile = \"sim52x\"",
            {"f:2:11: modem.profile: found \"sim52x\", allowed \"sim52xx\" (did you mean "
             "\"sim52xx\"?)"}},
        Bad{"[modem]\nflow_control = \"\"",
            {"f:2:16: modem.flow_control: found \"\", allowed \"none\" or \"rtscts\""}}));

INSTANTIATE_TEST_SUITE_P(
    Text, BadInput,
    testing::Values(
        Bad{"[ssl0]\nhost = \"a\\\"b\\r\"",
            {"f:2:8: ssl0.host: found \"a\\\"b\\r\" (contains a quote), allowed a host name or "
             "address of at most 256 bytes"}},
        Bad{"[ssl0]\nhost = \"a\\r\\nAT+CRESET\"",
            {"f:2:8: ssl0.host: found \"a\\r\\nAT+CRESET\" (contains a carriage return), allowed a "
             "host name or address of at most 256 bytes"}},
        Bad{"[ssl0]\nhost = \"a b\"",
            {"f:2:8: ssl0.host: found \"a b\" (is not a host name or address), allowed a host name "
             "or address of at most 256 bytes"}},
        Bad{"[ssl0]\nhost = \"\"",
            {"f:2:8: ssl0.host: found \"\" (is empty), allowed a host name "
             "or address of at most 256 bytes"}},
        Bad{"[modem]\napn = \"a\\\"\"",
            {"f:2:7: modem.apn: found \"a\\\"\" (contains a quote), allowed printable ASCII "
             "without "
             "quotes, at most 100 bytes"}},
        Bad{"[modem]\napn = \"a\\u0000\"",
            {"f:2:7: modem.apn: found \"a\\u0000\" (contains a control byte), allowed printable "
             "ASCII without quotes, at most 100 bytes"}},
        Bad{"[modem]\ndevice = \"ttyUSB0\"",
            {"f:2:10: modem.device: found \"ttyUSB0\" (is not "
             "absolute), allowed an absolute path"}},
        Bad{"[modem]\ndevice = \"\"",
            {"f:2:10: modem.device: found \"\" (is empty), allowed an absolute path"}},
        Bad{"[modem]\npin_credential = \"../pin\"",
            {"f:2:18: modem.pin_credential: found \"../pin\" (is not a plain name), allowed the "
             "name of a credential"}},
        Bad{"[modem]\nreset_command = \"a\\nb\"",
            {"f:2:17: modem.reset_command: found \"a\\nb\" (contains a control byte), allowed one "
             "line of text"}}));

INSTANTIATE_TEST_SUITE_P(
    Names, BadInput,
    testing::Values(
        Bad{"[arbiter]\nlingr = 5",
            {"f:2:1: arbiter.lingr: found an unknown key, allowed linger, preempt, preempt_after "
             "or "
             "idle_after (did you mean linger?)"}},
        Bad{"[arbiter]\njob_ttl = 5",
            {"f:2:1: arbiter.job_ttl: found an unknown key, allowed linger, preempt, preempt_after "
             "or idle_after (it is a key of [control])"}},
        Bad{"[https]\n\"a b\" = 5",
            {"f:2:1: https.\"a b\": found an unknown key, allowed accept_alerts"}},
        Bad{"[ssl0]\nhost = \"a\"\nsession = 0",
            {"f:3:1: ssl0.session: found an unknown key, allowed host, port, transparent, "
             "accept_alerts, busy, half_close_timeout, idle_timeout, stall_timeout, window_max, "
             "probe_interval, buffer_limit or failure_reply (it is a key of [endpoint.*])"}},
        Bad{"[sll0]\nhost = \"a\"",
            {"f:1:2: sll0: found an unknown section, allowed " + sections +
             " (did you mean [ssl0]?)"}},
        Bad{"[zzzzzz]", {"f:1:2: zzzzzz: found an unknown section, allowed " + sections}},
        Bad{"linger = 3",
            {"f:1:1: linger: found a key outside of a section, allowed " + sections +
             " (it is a key of [arbiter])"}},
        Bad{"[endpoint.ssl0]\nhost = \"a\"",
            {"f:1:11: endpoint.ssl0: found a name that is taken by a socket of the daemon, " +
             endpoint_name}},
        Bad{"[endpoint.control]\nhost = \"a\"",
            {"f:1:11: endpoint.control: found a name that is taken by a socket of the daemon, " +
             endpoint_name}},
        Bad{"[endpoint.Cloud]\nhost = \"a\"",
            {"f:1:11: endpoint.Cloud: found the name \"Cloud\", " + endpoint_name}},
        Bad{"[endpoint.\"../x\"]\nhost = \"a\"",
            {"f:1:11: endpoint.\"../x\": found the name \"../x\", " + endpoint_name}},
        Bad{"[endpoint.\"a.b\"]\nhost = \"a\"",
            {"f:1:11: endpoint.\"a.b\": found the name \"a.b\", " + endpoint_name}},
        Bad{"[\"timeouts.ssl\"]",
            {"f:1:2: \"timeouts.ssl\": found an unknown section, allowed " + sections +
             " (did you mean [timeouts.ssl]?)"}},
        Bad{"[endpoint.\"\"]\nhost = \"a\"",
            {"f:1:11: endpoint.\"\": found the name \"\", " + endpoint_name}}));

INSTANTIATE_TEST_SUITE_P(
    Alerts, BadInput,
    testing::Values(
        Bad{"[ssl0]\nhost = \"a\"\naccept_alerts = [\"bad-issuer\", \"bad_isuer\", \"view-cert\"]",
            {"f:3:32: ssl0.accept_alerts: found \"bad_isuer\", allowed are names of alerts (did "
             "you "
             "mean \"bad-issuer\"?)",
             "f:3:45: ssl0.accept_alerts: found \"view-cert\", allowed unexpected-message, "
             "bad-record-mac, decrypt-failed, record-overflow, decompression-failure, "
             "handshake-failure, no-certificate, bad-certificate, bad-signature, bad-issuer, "
             "unsupported-certificate, certificate-revoked, certificate-expired, "
             "certificate-invalid, illegal-parameter, invalid-alert-id, unknown-ca, access-denied, "
             "value-out-of-range, crypto-error, noncompliant-parameter, protocol-version, "
             "insufficient-security, internal-error, handshake-cancelled, negotiation-failed, "
             "host-mismatch, view-certificate or unrecognized-name"}},
        Bad{"[https]\naccept_alerts = \"bad-issuer\"",
            {"f:2:17: https.accept_alerts: found \"bad-issuer\", allowed an array of alert "
             "names"}}));

INSTANTIATE_TEST_SUITE_P(
    Whole, BadInput,
    testing::Values(
        Bad{"[endpoint.a]\nport = 1",
            {"f:1:11: endpoint.a.host: found nothing, allowed a host name "
             "or address"}},
        Bad{"[modem]\npin_file = \"/p\"\npin_credential = \"p\"",
            {"f:2:12: modem.pin_file: found pin_credential too, allowed is one of them"}},
        Bad{"[ssl1]\nhost = \"a\"\ntransparent = \"always\"",
            {"f:3:15: ssl1.transparent: found \"always\" for session 1, allowed \"auto\" or "
             "\"never\": only session 0 has transparent mode"}},
        Bad{"[endpoint.a]\nhost = \"a\"\ntransparent = \"always\"",
            {"f:3:15: endpoint.a.transparent: found \"always\" without session = 0, allowed "
             "\"auto\" or \"never\": only session 0 has transparent mode"}},
        Bad{"[ssl0]\nport = 0\nbusy = 1\n[arbiter]\nx = 1\npreempt = \"all\"",
            {"f:2:8: ssl0.port: found 0, allowed an integer, 1 to 65535",
             "f:3:8: ssl0.busy: found 1, allowed \"wait\", \"reject\" or \"kick\"",
             "f:5:1: arbiter.x: found an unknown key, allowed linger, preempt, preempt_after or "
             "idle_after",
             "f:6:11: arbiter.preempt: found \"all\", allowed \"idle\", \"any\" or \"never\" (did "
             "you mean \"any\"?)"}}));

}  // namespace
}  // namespace sim52xx::daemon::config
