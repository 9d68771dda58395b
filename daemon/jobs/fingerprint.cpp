#include "daemon/jobs/fingerprint.hpp"

#include <bit>
#include <cstddef>
#include <random>

namespace sim52xx::daemon {
namespace {

struct State {
  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return word;
}

SipKey random_key() {
  std::random_device source;
  SipKey key{};
  for (std::uint64_t& word : key)
    word = (static_cast<std::uint64_t>(source()) << 32U) | source();
  return key;
}

}  // namespace

std::uint64_t siphash(const SipKey& key, std::string_view bytes) {
  State state{key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU,
              key[0] ^ 0x6c7967656e657261U, key[1] ^ 0x7465646279746573U};
  const std::uint64_t length = bytes.size();
  while (bytes.size() >= 8) {
    state.take(little_endian(bytes.substr(0, 8)));
    bytes.remove_prefix(8);
  }
  state.take(little_endian(bytes) | (length << 56U));
  state.v2 ^= 0xffU;
  for (int i = 0; i < 4; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::uint64_t fingerprint(std::string_view bytes) {
  static const SipKey key = random_key();
  return siphash(key, bytes);
}

}  // namespace sim52xx::daemon
