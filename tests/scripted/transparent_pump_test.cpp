// How a client's bytes leave in transparent mode (note, 4.7): all of them, in order, whatever the
// line takes at a time and in whatever pieces they were written; and its end behind the last one.
#include <algorithm>
#include <cerrno>
#include <csignal>

#include "tests/scripted/pump_fixture.hpp"
#include "tests/support/random.hpp"

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

class TransparentPumpTest : public PumpTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // the line is a socket here
    PumpTest::SetUp();
    connect(0, transparent);
  }
  // The client leaves, and the session ends.
  void TearDown() override {
    if (plugged && client(0) >= 0) {
      script_leave();
      ::close(std::exchange(client(0), -1));
      play();
    }
    PumpTest::TearDown();
  }

  void script_leave() {
    script.expect("+++").wait(1s).say("OK");
    script.expect("AT+CGSN\r").print(std::string(number));
    script.command("AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0\r\n\r\nOK");
    script_close(0);
  }

  // Of bytes that the escape guard lets pass at once.
  static std::string random_bytes(Random& random, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size)
      if (const char byte = random.byte(); byte != '+') bytes += byte;
    return bytes;
  }

  // In pieces, while the modem takes nothing but when the daemon takes nothing any more.
  void upload(Random& random, std::string_view bytes) {
    line.deaf(true);
    while (!bytes.empty()) {
      const std::size_t piece = std::min(bytes.size(), random.between(1, random.between(1, 40000)));
      const ssize_t count = ::write(client(0), bytes.data(), piece);
      if (count > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
        if (random.one_in(2)) stage.settle();
        continue;
      }
      ASSERT_EQ(errno, EAGAIN);
      stage.settle();
      line.deaf(!random.one_in(2));
      stage.settle();
    }
  }
  // As much as all on the way have room for.
  void fill() {
    line.deaf(true);
    const std::string block(100000, 'x');
    while (::write(client(0), block.data(), block.size()) > 0)
      stage.settle();
  }
  void shut() { ASSERT_EQ(::shutdown(client(0), SHUT_WR), 0); }
};

TEST_F(TransparentPumpTest, AMessageLeavesAtOnce) {
  const Time before = stage.now();
  script.expect("a message");
  write(0, "a message");
  stage.settle();
  script.expect_finished();
  EXPECT_EQ(stage.now(), before);
}

TEST_F(TransparentPumpTest, AnUploadArrivesWholeWhateverTheLineTakesAtATime) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const std::string all = random_bytes(random, 300000 + random.between(0, 400000));
    script.expect(all);
    upload(random, all);
    line.deaf(false);
    play();
  }
}

// The end is behind the bytes that wait for the line, or comes when they are gone.
TEST_F(TransparentPumpTest, AnEndBehindAnUploadIsSeenOnceItHasLeft) {
  Random random(1);
  const std::string all = random_bytes(random, 500000);
  script.expect(all);
  upload(random, all);
  shut();
  stage.settle();
  EXPECT_FALSE(stage.logged("half_close_timeout"));
  line.deaf(false);
  play();
  script_leave();
  EXPECT_GE(play(), 60s);
  EXPECT_TRUE(stage.logged("half_close_timeout"));
  ::close(std::exchange(client(0), -1));
}

TEST_F(TransparentPumpTest, AnEndTogetherWithTheLastBytesIsSeen) {
  script.expect("the last bytes");
  write(0, "the last bytes");
  shut();
  play();
  script_leave();
  EXPECT_GE(play(), 60s);
  ::close(std::exchange(client(0), -1));
}

// Whoever has to go does not wait for the line.
TEST_F(TransparentPumpTest, AClientThatIsEvictedWaitsForNothing) {
  fill();
  connections.front()->evict("somebody else takes over");
  stage.settle();
  EXPECT_EQ(stack.session(0).state, SslSession::State::closing);
  plugged = false;
  line.hang_up();
  stage.settle();
  EXPECT_EQ(stack.session(0).state, SslSession::State::closed);
}

// A modem that is lost in the middle: what waits is dropped, and the client is reset.
TEST_F(TransparentPumpTest, AClientWhoseUploadIsCutIsReset) {
  fill();
  plugged = false;
  line.hang_up();
  stage.settle();
  char byte = 0;
  EXPECT_EQ(::read(client(0), &byte, 1), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

}  // namespace
}  // namespace sim52xx::test
