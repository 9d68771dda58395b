// A modem that anything happens to: whatever the host sends and the network does, it neither
// crashes nor grows, and after a reset it answers.
#include <random>

#include <gtest/gtest.h>

#include "tests/unit/emulator/rig.hpp"

namespace sim52xx::sim {
namespace {

class Monkey {
 public:
  explicit Monkey(unsigned seed) : random_(seed) {}

  void step(Rig& rig) {
    const int id = pick(2);
    auto& ssl = rig.modem.ssl();
    const auto state = ssl.session(id).state;
    if (pick(3) == 0) {
      rig.modem.settle(rig.time);
      others(rig);
      return;
    }
    switch (pick(12)) {
      case 0:
        ssl.opened(id);
        break;
      case 1:
        ssl.alerted(id, 0x200);
        break;
      case 2:
        ssl.failed(id, std::nullopt);
        break;
      case 3:
        if (state == SessionState::open && rig.network.allowed[static_cast<std::size_t>(id)])
          ssl.received(id, std::string(static_cast<std::size_t>(pick(3000)), '\r'));
        break;
      case 4:
        if (state != SessionState::closed) ssl.peer_closed(id);
        break;
      case 5:
        rig.wait(milliseconds(pick(1500)));
        break;
      case 6:
        rig.modem.urc("+STIN: 25", rig.time);
        break;
      case 7:
        rig.heard();
        break;
      default:
        rig.modem.receive(pieces.at(static_cast<std::size_t>(pick(pieces.size()))), rig.time);
    }
    rig.modem.settle(rig.time);
  }

 private:
  // What happens to the HTTPS and the FTPS stack.
  void others(Rig& rig) {
    auto& https = rig.modem.https();
    auto& ftps = rig.modem.ftps();
    switch (pick(9)) {
      case 0:
        https.opened(https_channel);
        break;
      case 1:
        https.failed(https_channel, std::nullopt);
        break;
      case 2:
        if (rig.network.allowed[https_channel])
          https.received(https_channel, std::string(static_cast<std::size_t>(pick(3000)), '\n'));
        break;
      case 3:
        https.peer_closed(https_channel);
        break;
      case 4:
        ftps.finished(static_cast<FtpsError>(pick(11)), "/a");
        break;
      case 5:
      case 6:
        ftps.finished(FtpsError::success, "/");
        break;
      case 7:
        if (rig.ftp.allowed) ftps.received(std::string(static_cast<std::size_t>(pick(3000)), '>'));
        break;
      default:
        ftps.sent();
    }
    rig.modem.settle(rig.time);
  }

  template <typename Limit>
  int pick(Limit limit) {
    return static_cast<int>(random_() % static_cast<unsigned>(limit));
  }

  static inline const std::vector<std::string> pieces{"AT\r",
                                                      "ATE0\r",
                                                      "AT+CSSLSTART\r",
                                                      "AT+CSSLSTOP\r",
                                                      "AT+CSSLMODE=1\r",
                                                      "AT+CSSLMODE=0\r",
                                                      "AT+CSSLOPEN=0,\"a\",1\r",
                                                      "AT+CSSLOPEN=1,\"a\",1\r",
                                                      "AT+CSSLCONT=0\r",
                                                      "AT+CSSLCONT=1\r",
                                                      "AT+CSSLCLOSE=0\r",
                                                      "AT+CSSLCLOSE=1\r",
                                                      "AT+CSSLSEND=0,5\r",
                                                      "AT+CSSLSEND=1,1024\r",
                                                      "AT+CSSLSEND?\r",
                                                      "AT+CSSLSET=1\r",
                                                      "hello",
                                                      "+++",
                                                      "+",
                                                      "ATO\r",
                                                      "ATH\r",
                                                      "A/",
                                                      "AT+CSQ;",
                                                      "\r",
                                                      "AT+CRESET\r",
                                                      "AT+CFUN=0\r",
                                                      "AT+CFUN=1\r",
                                                      "\n",
                                                      "\b",
                                                      "AT&\r",
                                                      "ATS\r",
                                                      "AT\\\r",
                                                      "AT=\r",
                                                      "AT+\r",
                                                      "AT\"\r",
                                                      "AT+CPIN=\"1\r",
                                                      "AT+CHTTPSSTART\r",
                                                      "AT+CHTTPSSTOP\r",
                                                      "AT+CHTTPSOPSE=\"a\",443\r",
                                                      "AT+CHTTPSSEND=9\r",
                                                      "AT+CHTTPSSEND\r",
                                                      "AT+CHTTPSRECV=4096\r",
                                                      "AT+CHTTPSCLSE\r",
                                                      "AT+CFTPSSTART\r",
                                                      "AT+CFTPSSTOP\r",
                                                      "AT+CFTPSLOGIN=\"a\",1,\"b\",\"c\"\r",
                                                      "AT+CFTPSLOGOUT\r",
                                                      "AT+CFTPSPWD\r",
                                                      "AT+CFTPSMKD=\"a\"\r",
                                                      "AT+CFTPSLIST\r",
                                                      "AT+CFTPSGET=\"a\"\r",
                                                      "AT+CFTPSGETFILE=\"a\",1\r",
                                                      "AT+CFTPSPUTFILE=\"a\",1\r",
                                                      "AT+CFTPSPUT=\"a\",9\r",
                                                      "AT+CFTPSPUT=9\r",
                                                      "AT+CFTPSPUT\r",
                                                      "AT+NETOPEN\r",
                                                      "AT+NETCLOSE\r",
                                                      "AT+CHTTPACT\r",
                                                      std::string(700, 'x')};
  std::mt19937 random_;
};

TEST(Monkey, NeitherCrashesNorGrows) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Rig rig;
    Monkey monkey(seed);
    for (int i = 0; i < 2000; ++i) {
      monkey.step(rig);
      for (int id = 0; id < SslStack::sessions; ++id)
        ASSERT_LT(rig.modem.ssl().session(id).inbox.size(), 12000U) << seed << " at " << i;
      ASSERT_LT(rig.modem.https().cached(), 12000U) << seed << " at " << i;
      ASSERT_LT(rig.modem.ftps().cached(), 12000U) << seed << " at " << i;
      if (rig.modem.front().size() > 20000) rig.heard();
    }
    rig.modem.reboot(rig.time);
    rig.wait(seconds(20));
    EXPECT_EQ(rig.say("AT\r"), "AT\r\r\nOK\r\n") << seed;
  }
}

}  // namespace
}  // namespace sim52xx::sim
