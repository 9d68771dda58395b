// How a client's bytes leave by counted sends (note, 4.3): at the moment they can, in as few
// commands as they fit into, and in turns with the other session. In virtual time, so that a delay
// of our own would show, whatever the machine does meanwhile.
#include "tests/scripted/pump_fixture.hpp"

namespace sim52xx::test {
namespace {

// What a block takes at 115200 baud: the line's time, not ours.
constexpr auto block_time = 90ms;

class CountedPumpTest : public PumpTest {
 protected:
  void TearDown() override {
    for (const int id : {0, 1})
      if (client(id) >= 0) script_close(id);
    PumpTest::TearDown();
  }

  void connect(int id) { PumpTest::connect(id, counted); }

  // The modem takes its time for the bytes, and none for anything else.
  void script_send(int id, const std::string& bytes) {
    const std::string session = std::to_string(id);
    const std::string length = std::to_string(bytes.size());
    script.expect("AT+CSSLSEND=" + session + "," + length + "\r").print(">").expect(bytes);
    script.wait(block_time).say("OK").say("+CSSLSEND: " + session + ",0," + length);
  }

  const std::string message = "20 bytes, no more...";
};

TEST_F(CountedPumpTest, AMessageLeavesAtOnceInOneCommand) {
  ASSERT_EQ(message.size(), 20U);
  connect(1);
  const Time before = stage.now();
  script.expect("AT+CSSLSEND=1,20\r").print(">").expect(message).say("OK");
  script.say("+CSSLSEND: 1,0,20");
  write(1, message);
  stage.settle();
  script.expect_finished();
  EXPECT_EQ(stage.now(), before);
}

TEST_F(CountedPumpTest, WhatIsWrittenDuringACommandLeavesInTheNextAtOnce) {
  connect(1);
  script_send(1, message);
  write(1, message);
  stage.pass(block_time / 2);
  for (const std::string_view part : {"another ", "message, ", "in three"}) {
    write(1, part);
    stage.settle();
  }
  script_send(1, "another message, in three");
  EXPECT_EQ(play(), block_time / 2 + block_time);
}

TEST_F(CountedPumpTest, AMessageWaitsForOneBlockOfTheOtherSessionAtMost) {
  connect(0);
  connect(1);
  const std::string block(1024, 'x');
  script_send(0, block);
  write(0, block + block + block + block);
  stage.pass(block_time / 2);
  write(1, message);
  stage.settle();
  script_send(1, message);
  script_send(0, block);
  script_send(0, block);
  script_send(0, block);
  EXPECT_EQ(play(), block_time / 2 + 4 * block_time);
}

TEST_F(CountedPumpTest, AnUploadGoesBlockByBlockWithoutAPauseOrAQuestion) {
  connect(1);
  std::string all;
  for (int i = 0; i < 64; ++i)
    all += std::string(1024, static_cast<char>('0' + i));
  for (std::size_t at = 0; at < all.size(); at += 1024)
    script_send(1, all.substr(at, 1024));
  write(1, all);
  EXPECT_EQ(play(), 64 * block_time);
}

TEST_F(CountedPumpTest, TwoUploadsGoInTurns) {
  connect(0);
  connect(1);
  const std::string ours(1024, '0');
  const std::string theirs(1024, '1');
  for (int i = 0; i < 8; ++i) {
    script_send(0, ours);
    script_send(1, theirs);
  }
  for (int i = 0; i < 8; ++i)
    write(0, ours);
  for (int i = 0; i < 8; ++i)
    write(1, theirs);
  EXPECT_EQ(play(), 16 * block_time);
}

}  // namespace
}  // namespace sim52xx::test
