#include "protocol/alert.hpp"

#include <array>
#include <charconv>

namespace sim52xx {
namespace {

constexpr std::array<AlertBit, 29> bits_table{{
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
}};

}  // namespace

std::string_view name(AlertLevel level) {
  switch (level) {
    case AlertLevel::warning:
      return "warning";
    case AlertLevel::fatal:
      return "fatal";
    case AlertLevel::suspend:
      return "suspend";
    case AlertLevel::information:
      return "information";
  }
  return "unknown";
}

std::span<const AlertBit> alert_bits() {
  return bits_table;
}

std::optional<std::uint32_t> alert_mask(std::string_view name) {
  for (const AlertBit& bit : bits_table)
    if (bit.name == name) return bit.mask;
  return std::nullopt;
}

std::vector<std::string> alert_names(std::uint64_t bits) {
  std::vector<std::string> names;
  for (const AlertBit& bit : bits_table) {
    if ((bits & bit.mask) == 0) continue;
    names.emplace_back(bit.name);
    bits &= ~std::uint64_t{bit.mask};
  }
  for (std::uint64_t mask = 1; bits != 0; mask <<= 1U) {
    if ((bits & mask) == 0) continue;
    std::array<char, 16> hex{};
    const auto end = std::to_chars(hex.begin(), hex.end(), mask, 16).ptr;
    names.push_back("unknown-0x" + std::string(hex.begin(), end));
    bits &= ~mask;
  }
  return names;
}

AlertAnswer answer(const Alert& alert, std::uint32_t accepted) {
  switch (alert.level) {
    case AlertLevel::warning:
    case AlertLevel::information:
      return AlertAnswer::note;
    case AlertLevel::fatal:
      return AlertAnswer::ended;
    case AlertLevel::suspend:
      break;
  }
  const bool covered = alert.bits != 0 && (alert.bits & ~std::uint64_t{accepted}) == 0;
  return covered ? AlertAnswer::go_on : AlertAnswer::give_up;
}

}  // namespace sim52xx
