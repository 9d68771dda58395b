#include "daemon/jobs/fingerprint.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sim52xx::daemon {
namespace {

constexpr SipKey key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

std::string counting(std::size_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

// Appendix A of the paper, and the first rows of the authors' vectors (little endian there).
TEST(SipHash, TestVectors) {
  EXPECT_EQ(siphash(key, counting(15)), 0xa129ca6149be45e5U);
  EXPECT_EQ(siphash(key, counting(0)), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(siphash(key, counting(1)), 0x74f839c593dc67fdU);
  EXPECT_EQ(siphash(key, counting(8)), 0x93f5f5799a932462U);
}

TEST(Fingerprint, TellsTextsApart) {
  EXPECT_EQ(fingerprint("a"), fingerprint("a"));
  EXPECT_NE(fingerprint("a"), fingerprint("b"));
  EXPECT_NE(fingerprint("password"), siphash(key, "password"));
}

}  // namespace
}  // namespace sim52xx::daemon
