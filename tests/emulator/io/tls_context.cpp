#include "tests/emulator/io/tls_context.hpp"

#include <stdexcept>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tests/emulator/io/alert_bits.hpp"

namespace sim52xx::sim {
namespace {

int verification_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::string openssl_words() {
  std::string words(256, '\0');
  ERR_error_string_n(ERR_peek_last_error(), words.data(), words.size());
  words.resize(words.find('\0'));
  ERR_clear_error();
  return words;
}

int max_version(const std::string& name) {
  if (name == "1.0") return TLS1_VERSION;
  if (name == "1.1") return TLS1_1_VERSION;
  if (name == "1.2") return TLS1_2_VERSION;
  return TLS1_3_VERSION;
}

Verification* verification_of(X509_STORE_CTX* store) {
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return ssl == nullptr ? nullptr
                        : static_cast<Verification*>(SSL_get_ex_data(ssl, verification_index()));
}

// Called for every problem; 1 = go on, so that all of them are seen.
int note_problem(int good, X509_STORE_CTX* store) {
  Verification* verification = verification_of(store);
  if (good == 0 && verification != nullptr)
    verification->bits |= certificate_bits(X509_STORE_CTX_get_error(store));
  return 1;
}

// Suspends the handshake until the host has answered the alert.
int verify(X509_STORE_CTX* store, void*) {
  Verification* verification = verification_of(store);
  if (verification == nullptr) return 0;
  if (verification->accepted) return 1;
  X509_STORE_CTX_set_verify_cb(store, note_problem);
  if (X509_verify_cert(store) <= 0 && verification->bits == 0)
    verification->bits = certificate_bits(X509_V_ERR_UNSPECIFIED);
  if (verification->bits == 0) return 1;
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return SSL_set_retry_verify(ssl);
}

void load_trust(SSL_CTX& context, const OutsideOptions& options) {
  if (!options.ca_file.empty() && SSL_CTX_load_verify_file(&context, options.ca_file.c_str()) != 1)
    throw std::runtime_error("--ca " + options.ca_file + ": " + openssl_words());
  if (options.crl_file.empty()) return;
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr ||
      X509_load_crl_file(lookup, options.crl_file.c_str(), X509_FILETYPE_PEM) < 1)
    throw std::runtime_error("--crl " + options.crl_file + ": " + openssl_words());
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

}  // namespace

SslContextPtr make_context(const OutsideOptions& options) {
  SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw std::runtime_error(openssl_words());
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), max_version(options.tls_max));
  SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), verify, nullptr);
  load_trust(*context, options);
  return context;
}

SslPtr make_ssl(SSL_CTX& context, const std::string& host, Verification& verification) {
  SslPtr ssl(SSL_new(&context));
  if (!ssl) throw std::runtime_error(openssl_words());
  SSL_set_ex_data(ssl.get(), verification_index(), &verification);
  X509_VERIFY_PARAM* check = SSL_get0_param(ssl.get());
  // An address is checked as one and never named in the handshake.
  if (X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(check, host.c_str(), 0);
    SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  }
  ERR_clear_error();
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::optional<std::uint32_t> handshake_failure(std::string& words) {
  const unsigned long code = ERR_peek_error();
  if (code == 0) {
    words = "the peer broke off";
    return std::nullopt;
  }
  words = openssl_words();
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return std::nullopt;
  return handshake_bits(ERR_GET_REASON(code));
}

}  // namespace sim52xx::sim
