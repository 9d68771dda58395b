// Windows: the line in online command mode for others, while session 0 stays open.
#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

constexpr std::string_view open_one = "AT+CSSLOPEN=1,\"www.myserver.com\",443";

// The OK to the plus signs got lost, and the session lives: there was no window, and still session
// 0 had to wait. It gets its time before the next one.
TEST_F(OnlineTest, AnEscapeWithoutAnAnswerCostsTheWindowNotSessionZerosTime) {
  Time back{};
  Time again{};
  script.expect("+++").expect("\r");
  script_number();
  script_return().call([&] { back = stage.now(); });
  script.expect("+++").call([&] { again = stage.now(); }).wait(1s).say("OK");
  script_number();
  script.command(open_one);
  Task<Result<void>> opened = open(1, counted);
  ASSERT_TRUE(stage.until([&] { return opened.done(); }, 20s));
  EXPECT_TRUE(*opened);
  EXPECT_GE(again - back, 2s);  // at least a second of its own, and the guard time
}

}  // namespace
}  // namespace sim52xx::test
