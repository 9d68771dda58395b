// From OpenSSL's reasons to the bits of "+CSSLALERT", chapter 5.2 of the note.
//
// The note names the bits and gives one example, a self-signed certificate (134218240). The rest of
// the mapping is ours: the bit whose words come closest; problems found together are OR-ed.
#pragma once

#include <cstdint>

namespace sim52xx::sim {

// A problem of a certificate: X509_V_ERR_*.
std::uint32_t certificate_bits(int x509_error);

// A handshake that failed: the reason of an error of OpenSSL's SSL library, where alerts of the
// peer are 1000 + their number.
std::uint32_t handshake_bits(int ssl_reason);

}  // namespace sim52xx::sim
