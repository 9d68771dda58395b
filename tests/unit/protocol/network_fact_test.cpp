#include "protocol/network_fact.hpp"

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

TEST(NetworkFact, Signal) {
  EXPECT_EQ(read_network_fact("+CSQ: 20,99").signal_dbm.value(), -73);
  EXPECT_EQ(read_network_fact("+CSQ: 0,0").signal_dbm.value(), -113);
  EXPECT_EQ(read_network_fact("+CSQ:31,99").signal_dbm.value(), -51);
  EXPECT_EQ(read_network_fact("+CSQ: 99,99").signal_dbm.value(), std::nullopt);
  EXPECT_FALSE(read_network_fact("+CSQ: ?").signal_dbm);
}

TEST(NetworkFact, Operator) {
  EXPECT_EQ(read_network_fact("+COPS: 0,0,\"Test Net\",2").operator_name, "Test Net");
  EXPECT_EQ(read_network_fact("+COPS: 0").operator_name, "");  // none
}

TEST(NetworkFact, Technology) {
  EXPECT_EQ(read_network_fact("+CNSMOD: 0,4").technology, "WCDMA");
  EXPECT_EQ(read_network_fact("+CNSMOD: 1,0").technology, "none");
  EXPECT_EQ(read_network_fact("+CNSMOD: 1").technology, "GSM");  // by itself
  EXPECT_EQ(read_network_fact("+CNSMOD: 0,77").technology, "");
}

TEST(NetworkFact, Registration) {
  EXPECT_EQ(read_network_fact("+CREG: 0,5").registration, 5);
  EXPECT_EQ(read_network_fact("+CGREG: 2,1,\"1A2B\",\"00C3\"").registration, 1);
}

TEST(NetworkFact, AnythingElseIsNone) {
  for (const char* line : {"OK", "+CREG", "RING", "+CPIN: READY", ""}) {
    const NetworkFact fact = read_network_fact(line);
    EXPECT_FALSE(fact.signal_dbm || fact.operator_name || fact.technology || fact.registration)
        << line;
  }
}

}  // namespace
}  // namespace sim52xx
