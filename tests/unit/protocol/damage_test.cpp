// Headers of blocks that noise on the line has damaged, and lines that are none.
#include "protocol/damage.hpp"

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

TEST(Damage, what_is_left_of_a_header) {
  for (const char* const line : {"SSLRECV: DATA,1,1024", "+CSSLRECV: DATA,x,1024", "+CSSLRECV: D",
                                 "+CSSLRE", "+CSSL", "CV: DATA,1,10", "+CHTTPSRECV: DA",
                                 "+CFTPSGET: D\x14TA,1020", "+CFTPSLIST", "x+CFTPSLIST: 0"})
    EXPECT_TRUE(is_damaged_header(line)) << line;
}

TEST(Damage, other_lines) {
  for (const char* const line : {"+STIN: 25", "RING", "+CSQ: 20,99", "+CSS", "SMS DONE", "DATA",
                                 "+CGEV: NW DEACT", "+CHTTPS: RECV EVENT", "+CSSL: RECV EVENT"})
    EXPECT_FALSE(is_damaged_header(line)) << line;
}

}  // namespace
}  // namespace sim52xx
