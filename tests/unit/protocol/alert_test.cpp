#include "protocol/alert.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using Names = std::vector<std::string>;

// The table of the note's chapter 5.2, copied by hand; the names are those of accept_alerts.
constexpr struct {
  std::uint32_t mask;
  std::string_view name;
  std::string_view words;
} note[]{
    {0x00000001, "unexpected-message", "SSL protocol received unexpected message"},
    {0x00000002, "bad-record-mac", "SSL record failed authentication"},
    {0x00000004, "decrypt-failed",
     "Decrypted message not multiple of block size, or invalid padding"},
    {0x00000008, "record-overflow", "Record too big"},
    {0x00000010, "decompression-failure", "SSL record failed decompression"},
    {0x00000020, "handshake-failure", "SSL handshake protocol failed"},
    {0x00000040, "no-certificate", "Certificate is missing"},
    {0x00000080, "bad-certificate", "Certificate failed authentication"},
    {0x00000100, "bad-signature", "Certificate failed authentication of bad signature"},
    {0x00000200, "bad-issuer", "Certificate failed authentication of bad issuer"},
    {0x00000400, "unsupported-certificate", "Certificate type not understood"},
    {0x00000800, "certificate-revoked", "Certificate invalid (was revoked)"},
    {0x00001000, "certificate-expired", "Certificate invalid (expired)"},
    {0x00002000, "certificate-invalid", "Certificate invalid (some error)"},
    {0x00004000, "illegal-parameter", "SSL protocol parameters out of range"},
    {0x00008000, "invalid-alert-id", "Alert contained invalid ID"},
    {0x00010000, "unknown-ca", "Unknown CA"},
    {0x00020000, "access-denied", "No access rights to continue negotiation"},
    {0x00040000, "value-out-of-range", "Failed value out of range"},
    {0x00080000, "crypto-error", "Crypto operation failed"},
    {0x00100000, "noncompliant-parameter", "Parameter not in compliance"},
    {0x00200000, "protocol-version", "Cannot support requested version"},
    {0x00400000, "insufficient-security",
     "Server requires more secure cipher suites than the client support"},
    {0x00800000, "internal-error", "Local error independent of the protocol"},
    {0x01000000, "handshake-cancelled", "Cancel handshake for other reasons"},
    {0x02000000, "negotiation-failed", "Cannot negotiate the handshake"},
    {0x04000000, "host-mismatch", "Host mismatch (Common Name)"},
    {0x08000000, "view-certificate", "Alert to viewing the certificate"},
    {0x10000000, "unrecognized-name", "Alert for unrecognized server name list"},
};

TEST(AlertBits, all_29_as_in_the_note) {
  const auto bits = alert_bits();
  ASSERT_EQ(bits.size(), std::size(note));
  ASSERT_EQ(std::size(note), 29U);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    EXPECT_EQ(bits[i].mask, note[i].mask);
    EXPECT_EQ(bits[i].name, note[i].name);
    EXPECT_EQ(bits[i].words, note[i].words);
  }
}

TEST(AlertBits, by_name_and_back) {
  for (const auto& row : note) {
    EXPECT_EQ(alert_mask(row.name), row.mask) << row.name;
    EXPECT_EQ(alert_names(row.mask), Names{std::string(row.name)});
  }
  EXPECT_FALSE(alert_mask(""));
  EXPECT_FALSE(alert_mask("bad_issuer"));
  EXPECT_FALSE(alert_mask("BAD-ISSUER"));
}

TEST(AlertNames, combinations) {
  EXPECT_EQ(alert_names(134218240), (Names{"bad-issuer", "view-certificate"}));
  EXPECT_EQ(alert_names(0), Names{});
  EXPECT_EQ(alert_names(0x1fffffff).size(), 29U);
  EXPECT_EQ(alert_names(0x20000001), (Names{"unexpected-message", "unknown-0x20000000"}));
  EXPECT_EQ(alert_names(0x8000000100000000U),
            (Names{"unknown-0x100000000", "unknown-0x8000000000000000"}));
}

TEST(AlertLevel, names_of_0_to_3) {
  EXPECT_EQ(name(AlertLevel{0}), "warning");
  EXPECT_EQ(name(AlertLevel{1}), "fatal");
  EXPECT_EQ(name(AlertLevel{2}), "suspend");
  EXPECT_EQ(name(AlertLevel{3}), "information");
}

AlertAnswer answer_to(AlertLevel level, std::uint64_t bits, std::uint32_t accepted) {
  return answer(Alert{0, level, bits}, accepted);
}

TEST(AlertAnswer, depends_on_the_level) {
  const std::uint32_t everything = 0x1fffffff;
  EXPECT_EQ(answer_to(AlertLevel::warning, 0x200, 0), AlertAnswer::note);
  EXPECT_EQ(answer_to(AlertLevel::information, 0x200, 0), AlertAnswer::note);
  EXPECT_EQ(answer_to(AlertLevel::fatal, 0x200, everything), AlertAnswer::ended);
  EXPECT_EQ(answer_to(AlertLevel::suspend, 0x200, everything), AlertAnswer::go_on);
}

TEST(AlertAnswer, a_suspension_needs_every_bit_accepted) {
  const std::uint64_t sample = 134218240;
  EXPECT_EQ(answer_to(AlertLevel::suspend, sample, 0), AlertAnswer::give_up);
  EXPECT_EQ(answer_to(AlertLevel::suspend, sample, 0x00000200), AlertAnswer::give_up);
  EXPECT_EQ(answer_to(AlertLevel::suspend, sample, 0x08000000), AlertAnswer::give_up);
  EXPECT_EQ(answer_to(AlertLevel::suspend, sample, 0x08000200), AlertAnswer::go_on);
  EXPECT_EQ(answer_to(AlertLevel::suspend, sample, 0x0c000300), AlertAnswer::go_on);
  for (const auto& row : note) {
    EXPECT_EQ(answer_to(AlertLevel::suspend, row.mask, row.mask), AlertAnswer::go_on);
    EXPECT_EQ(answer_to(AlertLevel::suspend, row.mask, ~row.mask), AlertAnswer::give_up);
  }
}

TEST(AlertAnswer, unknown_bits_and_no_bits_are_never_accepted) {
  EXPECT_EQ(answer_to(AlertLevel::suspend, 0, 0xffffffff), AlertAnswer::give_up);
  EXPECT_EQ(answer_to(AlertLevel::suspend, 0x20000200, 0x1fffffff), AlertAnswer::give_up);
  EXPECT_EQ(answer_to(AlertLevel::suspend, 0x100000200, 0xffffffff), AlertAnswer::give_up);
}

}  // namespace
}  // namespace sim52xx
