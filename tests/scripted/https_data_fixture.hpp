// An HTTPS connection that is open.
#pragma once

#include "tests/scripted/https_fixture.hpp"

namespace sim52xx::test {

class HttpsData : public HttpsTest {
 protected:
  void SetUp() override {
    HttpsTest::SetUp();
    be_open();
  }
  void say_peer_closed() { script.say("+CHTTPSNOTIFY: PEER CLOSED"); }
};

}  // namespace sim52xx::test
