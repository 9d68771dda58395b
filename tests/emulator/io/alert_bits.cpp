#include "tests/emulator/io/alert_bits.hpp"

#include <algorithm>
#include <array>

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace sim52xx::sim {
namespace {

constexpr std::uint32_t unexpected_message = 0x00000001;
constexpr std::uint32_t bad_record_mac = 0x00000002;
constexpr std::uint32_t decrypt_failed = 0x00000004;
constexpr std::uint32_t record_overflow = 0x00000008;
constexpr std::uint32_t decompression_failure = 0x00000010;
constexpr std::uint32_t handshake_failed = 0x00000020;
constexpr std::uint32_t no_certificate = 0x00000040;
constexpr std::uint32_t bad_certificate = 0x00000080;
constexpr std::uint32_t bad_signature = 0x00000100;
constexpr std::uint32_t bad_issuer = 0x00000200;
constexpr std::uint32_t unsupported_certificate = 0x00000400;
constexpr std::uint32_t revoked = 0x00000800;
constexpr std::uint32_t expired = 0x00001000;
constexpr std::uint32_t invalid = 0x00002000;
constexpr std::uint32_t illegal_parameter = 0x00004000;
constexpr std::uint32_t unknown_ca = 0x00010000;
constexpr std::uint32_t access_denied = 0x00020000;
constexpr std::uint32_t out_of_range = 0x00040000;
constexpr std::uint32_t crypto_error = 0x00080000;
constexpr std::uint32_t noncompliant = 0x00100000;
constexpr std::uint32_t protocol_version = 0x00200000;
constexpr std::uint32_t insufficient_security = 0x00400000;
constexpr std::uint32_t internal_error = 0x00800000;
constexpr std::uint32_t cancelled = 0x01000000;
constexpr std::uint32_t negotiation_failed = 0x02000000;
constexpr std::uint32_t host_mismatch = 0x04000000;
constexpr std::uint32_t view_certificate = 0x08000000;
constexpr std::uint32_t unrecognized_name = 0x10000000;

struct Row {
  int reason;
  std::uint32_t bits;
};

constexpr std::array certificate_table{
    Row{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, bad_issuer | view_certificate},
    Row{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, bad_issuer | view_certificate},
    Row{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, unknown_ca},
    Row{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, unknown_ca},
    // Follows from the two above and tells nothing new.
    Row{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, 0},
    Row{X509_V_ERR_CERT_NOT_YET_VALID, expired},
    Row{X509_V_ERR_CERT_HAS_EXPIRED, expired},
    Row{X509_V_ERR_CERT_REVOKED, revoked},
    // A revocation list need not cover every issuer of the chain.
    Row{X509_V_ERR_UNABLE_TO_GET_CRL, 0},
    Row{X509_V_ERR_HOSTNAME_MISMATCH, host_mismatch},
    Row{X509_V_ERR_IP_ADDRESS_MISMATCH, host_mismatch},
    Row{X509_V_ERR_CERT_SIGNATURE_FAILURE, bad_signature},
    Row{X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, bad_signature},
    Row{X509_V_ERR_INVALID_CA, bad_issuer},
    Row{X509_V_ERR_SUBJECT_ISSUER_MISMATCH, bad_issuer},
    Row{X509_V_ERR_INVALID_PURPOSE, unsupported_certificate},
};

constexpr std::array handshake_table{
    // Our own findings.
    Row{SSL_R_UNSUPPORTED_PROTOCOL, protocol_version},
    Row{SSL_R_WRONG_SSL_VERSION, protocol_version},
    Row{SSL_R_WRONG_VERSION_NUMBER, protocol_version},
    Row{SSL_R_NO_PROTOCOLS_AVAILABLE, protocol_version},
    Row{SSL_R_NO_CIPHERS_AVAILABLE, insufficient_security},
    Row{SSL_R_UNKNOWN_CIPHER_RETURNED, negotiation_failed},
    Row{SSL_R_WRONG_CIPHER_RETURNED, negotiation_failed},
    Row{SSL_R_BAD_SIGNATURE, bad_signature},
    Row{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, bad_record_mac},
    Row{SSL_R_UNEXPECTED_MESSAGE, unexpected_message},
    Row{SSL_R_DH_KEY_TOO_SMALL, out_of_range},
    // Alerts of the peer.
    Row{1010, unexpected_message},
    Row{1020, bad_record_mac},
    Row{1021, decrypt_failed},
    Row{1022, record_overflow},
    Row{1030, decompression_failure},
    Row{1040, handshake_failed},
    Row{1041, no_certificate},
    Row{1042, bad_certificate},
    Row{1043, unsupported_certificate},
    Row{1044, revoked},
    Row{1045, expired},
    Row{1046, invalid},
    Row{1047, illegal_parameter},
    Row{1048, unknown_ca},
    Row{1049, access_denied},
    Row{1050, out_of_range},
    Row{1051, crypto_error},
    Row{1060, noncompliant},
    Row{1070, protocol_version},
    Row{1071, insufficient_security},
    Row{1080, internal_error},
    Row{1090, cancelled},
    Row{1100, negotiation_failed},
    Row{1112, unrecognized_name},
    Row{1116, no_certificate},
};

template <typename Table>
std::uint32_t look_up(const Table& table, int reason, std::uint32_t otherwise) {
  const auto row = std::ranges::find(table, reason, &Row::reason);
  return row == table.end() ? otherwise : row->bits;
}

}  // namespace

std::uint32_t certificate_bits(int x509_error) {
  return look_up(certificate_table, x509_error, invalid);
}

std::uint32_t handshake_bits(int ssl_reason) {
  return look_up(handshake_table, ssl_reason, handshake_failed);
}

}  // namespace sim52xx::sim
