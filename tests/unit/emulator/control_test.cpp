// The control socket's language, on an emulator with a real pty, and the mapping of alerts.
#include "tests/emulator/io/control.hpp"

#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "protocol/alert.hpp"
#include "tests/emulator/io/alert_bits.hpp"
#include "tests/emulator/io/emulator.hpp"

namespace sim52xx::sim {
namespace {

class Control : public testing::Test {
 protected:
  nlohmann::json ask(const std::string& line) {
    return nlohmann::json::parse(control_answer(emulator_, line));
  }

  boost::asio::io_context io_;
  Emulator emulator_{io_, Options{}};
};

TEST_F(Control, BadRequestsAreAnswered) {
  for (const char* line :
       {"", "{", "[]", "{}", "{\"cmd\":1}", "{\"cmd\":\"none\"}", "{\"cmd\":\"urc\"}",
        "{\"cmd\":\"drop_peer\",\"session\":2}", "{\"cmd\":\"drop_peer\",\"session\":0}",
        "{\"cmd\":\"set\",\"none\":1}", "{\"cmd\":\"set\",\"block\":null}",
        "{\"cmd\":\"fault\",\"kind\":\"none\"}"}) {
    const auto answer = ask(line);
    EXPECT_EQ(answer["ok"], false) << line;
    EXPECT_FALSE(answer["error"].get<std::string>().empty()) << line;
  }
}

TEST_F(Control, SetIsAllOrNothing) {
  EXPECT_EQ(ask("{\"cmd\":\"set\",\"block\":7,\"escape\":\"x\"}")["ok"], false);
  EXPECT_EQ(emulator_.modem().settings().block, 1024);
  EXPECT_EQ(ask("{\"cmd\":\"set\",\"block\":7,\"escape\":\"sloppy\"}")["ok"], true);
  EXPECT_EQ(ask("{\"cmd\":\"knobs\"}")["knobs"]["block"]["value"], 7);
}

TEST_F(Control, StatusShowsTheModem) {
  const auto answer = ask("{\"cmd\":\"status\",\"id\":5}");
  EXPECT_EQ(answer["ok"], true);
  EXPECT_EQ(answer["id"], 5);
  EXPECT_EQ(answer["mode"], "command");
  EXPECT_EQ(answer["sessions"].size(), 2U);
  EXPECT_EQ(answer["port"], emulator_.port_name());
  ask("{\"cmd\":\"reboot\"}");
  EXPECT_EQ(ask("{\"cmd\":\"status\"}")["mode"], "booting");
}

TEST_F(Control, WedgeIsReleasedAgain) {
  ask("{\"cmd\":\"wedge\"}");
  EXPECT_TRUE(emulator_.modem().settings().wedge);
  ask("{\"cmd\":\"wedge\",\"on\":false}");
  EXPECT_FALSE(emulator_.modem().settings().wedge);
}

TEST(AlertBits, TheNotesExampleIsASelfSignedCertificate) {
  EXPECT_EQ(certificate_bits(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT), 134218240U);
}

TEST(AlertBits, ReasonsHaveTheNamesTheDaemonUses) {
  const auto bit = [](const char* name) { return alert_mask(name).value(); };
  EXPECT_EQ(certificate_bits(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), bit("unknown-ca"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_CERT_HAS_EXPIRED), bit("certificate-expired"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_CERT_NOT_YET_VALID), bit("certificate-expired"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_CERT_REVOKED), bit("certificate-revoked"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_HOSTNAME_MISMATCH), bit("host-mismatch"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_CERT_SIGNATURE_FAILURE), bit("bad-signature"));
  EXPECT_EQ(certificate_bits(X509_V_ERR_EE_KEY_TOO_SMALL), bit("certificate-invalid"));
  EXPECT_EQ(handshake_bits(SSL_R_UNSUPPORTED_PROTOCOL), bit("protocol-version"));
  EXPECT_EQ(handshake_bits(1040), bit("handshake-failure"));
  EXPECT_EQ(handshake_bits(1112), bit("unrecognized-name"));
}

}  // namespace
}  // namespace sim52xx::sim
