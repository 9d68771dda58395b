// OpenSSL set up as the modem's TLS: old protocols allowed, trust from --ca and --crl, and every
// problem of a certificate as bits of the note's chapter 5.2 instead of a refusal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <openssl/ssl.h>

#include "tests/emulator/io/outside.hpp"

namespace sim52xx::sim {

struct SslDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslContextPtr = std::unique_ptr<SSL_CTX, SslDeleter>;
using SslPtr = std::unique_ptr<SSL, SslDeleter>;

// What the verification of one connection found, and what the host said to it.
struct Verification {
  std::uint32_t bits = 0;
  bool accepted = false;  // CSSLCONT
};

// Throws std::runtime_error, with OpenSSL's words, when a file cannot be used.
SslContextPtr make_context(const OutsideOptions& options);

// A client connection that checks for `host` and writes what it finds to `verification`.
SslPtr make_ssl(SSL_CTX& context, const std::string& host, Verification& verification);

// Why a handshake failed, as bits of the note; nullopt where the connection just broke. Reads and
// clears OpenSSL's error queue; its words are put into `words`.
std::optional<std::uint32_t> handshake_failure(std::string& words);

}  // namespace sim52xx::sim
