// Random traffic, rich in what could be taken for something else, through the SSL stack to a modem
// that lives, in random pieces and with random pauses. Every byte arrives once and in order, no
// client byte is ever an escape or a command, and every end is seen.
#include <array>
#include <cstdlib>
#include <optional>

#include "protocol/bytes.hpp"
#include "tests/scripted/model_modem.hpp"
#include "tests/scripted/ssl_fixture.hpp"
#include "tests/support/random.hpp"

namespace sim52xx::test {
namespace {

constexpr std::array<std::string_view, 12> client_words{
    "+",         "+",  "++", "+++", "++++",  "\r",
    "+++AT\r\n", "a+", "\n", "xyz", "ATO\r", "AT+CSSLCLOSE=0\r"};

constexpr std::array<std::string_view, 20> peer_words{"\r\nCLOSED\r\n",
                                                      "\r\nCLOSED\r\n",
                                                      "CLOSED\r\n",
                                                      "\r\nNO CARRIER\r\n",
                                                      "\r\nSTART\r\n",
                                                      "\r\n+CSSLCLOSE: 0,0\r\n",
                                                      "\r\nOK\r\n",
                                                      "\r\nERROR\r\n",
                                                      "\r\nCONNECT 115200\r\n",
                                                      "\r\nRING\r\n",
                                                      "\r\n+CMTI: \"SM\",3\r\n",
                                                      "\r\n123456789012345\r\n\r\nOK\r\n",
                                                      "\r\n+CSSLRECV: DATA,0,10\r\n",
                                                      "\r\n",
                                                      "\r",
                                                      "\n",
                                                      "\r\nCLO",
                                                      "SED\r\n",
                                                      "+++",
                                                      "x"};

// What the peer of session 1 says. No "OK" on a line of its own: behind the answer to an escape it
// could be taken for that answer, and then both sessions end (escape_answer_test.cpp).
constexpr std::array<std::string_view, 9> guest_words{
    "\r\nCLOSED\r\n", "\r\nNO CARRIER\r\n",          "\r\nERROR\r\n", "\r\n+CSSLCLOSE: 0,0\r\n",
    "\r\nSTART\r\n",  "\r\n+CSSLRECV: DATA,1,3\r\n", "\r\n",          "+++",
    "hello"};

constexpr std::array<std::string_view, 4> farewells{"\r\nCLOSED\r\n", "\r\nNO CARRIER\r\n",
                                                    "\r\nCLOSED\r\n\r\n+CSSLCLOSE: 0,0\r\n",
                                                    "\r\nCLOSED\r\n\r\n+CMTI: \"SM\",3\r\n"};

constexpr std::array<Duration, 12> pauses{0ms,   0ms,   1ms,   25ms,   40ms,   150ms,
                                          250ms, 850ms, 950ms, 1050ms, 1200ms, 3s};

template <class Words>
std::string phrase(Random& random, const Words& words) {
  std::string text;
  for (std::size_t i = random.between(1, 5); i > 0; --i) {
    if (random.one_in(5)) {
      text += random.byte();
    } else {
      text += random.pick(words);
    }
  }
  return text;
}

// One session's traffic, moved as the proxy moves it.
class Traffic {
 public:
  Traffic(Stage& stage, SslStack& stack, ModelModem& model, std::uint64_t seed)
      : random(seed), stage_(stage), stack_(stack), model_(model), more_(stage.runtime) {}

  asio::awaitable<void> client() {
    Random own(random.next());
    for (std::size_t i = own.between(0, 8); i > 0; --i) {
      co_await pause(own);
      const std::string text = phrase(own, client_words);
      up += text;
      std::string_view rest = text;
      if (pending_.empty()) rest.remove_prefix(stack_.send_now(0, rest).value_or(0));
      pending_ += rest;
      if (!rest.empty()) stack_.more_to_send();
      more_.notify();
    }
    client_done = true;
    more_.notify();
  }

  asio::awaitable<void> pump() {
    while (!stopped() && (!client_done || !pending_.empty())) {
      if (pending_.empty()) {
        co_await more_.wait();
        continue;
      }
      const std::string block = pending_;
      auto sent = co_await stack_.send(0, block);
      if (!sent) break;
      pending_.erase(0, *sent);
      if (*sent == 0 && !stopped()) co_await stack_.wait_sendable(pending_);
    }
    pumped = true;
  }

  asio::awaitable<void> peer() {
    Random own(random.next());
    for (std::size_t i = own.between(0, 8); i > 0; --i) {
      co_await pause(own);
      const std::string text = phrase(own, peer_words);
      down += text;
      model_.peer_sends(text);
    }
    peer_done = true;
  }

  // Somebody else has work for the modem now and then: windows. The peer of session 1 says things,
  // too, some of them while session 0 has the line.
  asio::awaitable<void> other(const Target& target, const config::Endpoint& endpoint) {
    Random own(random.next());
    for (std::size_t i = own.one_in(3) ? own.between(1, 3) : 0; i > 0; --i) {
      co_await pause(own);
      auto opened = co_await stack_.open(1, SslSession::Mode::counted, target, endpoint);
      others_failed = others_failed || !opened;
      guest_down.clear();
      guest_open = true;
      for (std::size_t j = own.between(0, 3); j > 0; --j) {
        co_await pause(own);
        guest_says(phrase(own, guest_words));
      }
      co_await pause(own);
      guest_open = false;
      SslSession& session = stack_.session(1);
      const Time patience = stage_.now() + 40s;
      bool waiting = true;
      while (waiting && !session.failure && session.received < guest_down.size())
        waiting = co_await session.changed.wait_until(patience);
      if (!guest_wrong && (session.failure || session.down().view() != guest_down))
        guest_story = printable(session.down().view(), 400) + " instead of " +
                      printable(guest_down, 400) +
                      (session.failure ? session.failure->message : "");
      guest_wrong = guest_wrong || session.failure || session.down().view() != guest_down;
      co_await stack_.close(1);
    }
  }
  void guest_says(const std::string& text) {
    if (!guest_open) return;
    guest_down += text;
    model_.guest_sends(text);
  }

  void wake() { more_.notify(); }
  [[nodiscard]] bool stopped() const {
    const SslSession& session = stack_.session(0);
    return session.state != SslSession::State::open || session.peer_closed || session.failure;
  }

  Random random;
  std::string up;
  std::string down;
  bool client_done = false;
  bool pumped = false;
  bool peer_done = false;
  bool others_failed = false;
  bool guest_open = false;
  std::string guest_story;
  bool guest_wrong = false;  // its bytes are not what its peer has said
  std::string guest_down;

 private:
  // Never two things at the same moment: what a byte meets on the wire is not to be tested here.
  asio::awaitable<void> pause(Random& own) {
    daemon::Event nothing(stage_.runtime);
    const Duration extra = std::chrono::nanoseconds(own.between(1, 2'000'000));
    co_await nothing.wait_until(stage_.now() + own.pick(pauses) + extra);
  }

  Stage& stage_;
  SslStack& stack_;
  ModelModem& model_;
  std::string pending_;
  daemon::Event more_;
};

class OnlinePropertyTest : public ModemTest {
 protected:
  void SetUp() override { model.emplace(stage, line); }

  void be_ready() {
    plug_in();
    ASSERT_TRUE(modem.ready());
  }

  void run_cases(ModelModem::Firmware firmware, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t seed = first; seed < first + count && !HasFailure(); ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      stage.forget_log();
      model->firmware = firmware;
      run_case(seed);
    }
  }

  void run_case(std::uint64_t seed) {
    Traffic traffic(stage, stack, *model, seed);
    Random& random = traffic.random;
    prepare(random);
    Task<Result<void>> opened = open(0, transparent);
    ASSERT_TRUE(stage.until([&] { return opened.done(); }, 10s));
    ASSERT_TRUE(*opened);
    Task<void> client = stage.start(traffic.client());
    Task<void> pump = stage.start(traffic.pump());
    Task<void> peer = stage.start(traffic.peer());
    Task<void> other = stage.start(traffic.other(targets[1], endpoint));

    const std::size_t end = random.between(0, 3);
    if (end == 0) stage.until([&] { return client.done() && peer.done(); }, any_time(random));
    if (end != 0) {
      ASSERT_TRUE(stage.until([&] { return pump.done() && peer.done(); }, 10min));
      stage.until([&] { return model->to_peer == traffic.up; }, 30s);
      EXPECT_EQ(printable(model->to_peer), printable(traffic.up));
    }
    if (end <= 1) {
      peer_ends(traffic);
    } else {
      client_ends(traffic);
    }
    EXPECT_EQ(printable(received(), 1U << 16U), printable(traffic.down, 1U << 16U));
    EXPECT_TRUE(traffic.up.starts_with(model->to_peer)) << printable(model->to_peer);
    EXPECT_EQ(model->strangers, std::set<std::string>{});
    EXPECT_EQ(modem.counters().losses, 0U);
    EXPECT_TRUE(line.terminal_ready);
    traffic.wake();
    EXPECT_TRUE(stage.until([&] { return client.done() && pump.done() && peer.done(); }, 1min));
    EXPECT_TRUE(stage.until([&] { return other.done(); }, 3min));
    EXPECT_FALSE(traffic.others_failed);
    EXPECT_FALSE(traffic.guest_wrong) << traffic.guest_story;
  }

  void prepare(Random& random) {
    model->to_peer.clear();
    model->latency = random.pick(std::array<Duration, 3>{0ms, 3ms, 80ms});
    endpoint.probe_interval = random.pick(std::array<config::Duration, 3>{1s, 2s, 10s});
    line.piece = [own = Random(random.next())](std::size_t size) mutable {
      return own.one_in(3) ? size : own.between(1, 9);
    };
  }

  static Duration any_time(Random& random) {
    return std::chrono::microseconds(random.between(1, 12'000'000));
  }

  // In order, behind a byte that no farewell begins with: where the peer's last line is one itself,
  // nobody could tell it from the modem's.
  void peer_ends(Traffic& traffic) {
    SslSession& session = stack.session(0);
    // The peer's coroutine may go on; what it says then is not said.
    stage.until([&] { return traffic.peer_done; }, 1min);
    traffic.down += '.';
    model->peer_sends(".");
    stage.pass(50ms);  // what the client sends at the very moment of the end is lost to anybody
    model->peer_closes(std::string(traffic.random.pick(farewells)));
    traffic.guest_says(phrase(traffic.random, guest_words));
    // A probe may have been under way, or a window open.
    const Duration most = 5s + endpoint.window_max + 5s;
    EXPECT_TRUE(stage.until([&] { return session.peer_closed; }, most));
    EXPECT_FALSE(session.failure);
    Task<void> closed = stage.start(stack.close(0));
    EXPECT_TRUE(stage.until([&] { return closed.done(); }, 30s));
  }

  void client_ends(Traffic& traffic) {
    // What has come is the client's; what comes later need not be.
    SslSession& session = stack.session(0);
    stage.until([&] { return session.received == traffic.down.size(); }, 90s);
    EXPECT_FALSE(session.peer_closed);
    EXPECT_FALSE(session.failure);
    Task<void> closed = stage.start(stack.close(0));
    EXPECT_TRUE(stage.until([&] { return closed.done(); }, 30s));
    EXPECT_FALSE(model->session_open());
  }

  std::string received() {
    SslSession& session = stack.session(0);
    std::string bytes(session.down().view());
    session.pop(bytes.size());
    return bytes;
  }

  static constexpr auto transparent = SslSession::Mode::transparent;
  std::optional<ModelModem> model;
};

const std::uint64_t cases = std::getenv("SIM52XX_LONG") != nullptr ? 50'000 : 1500;

TEST_F(OnlinePropertyTest, StrictFirmware) {
  be_ready();
  run_cases(ModelModem::Firmware::strict, 1, cases);
}

TEST_F(OnlinePropertyTest, SloppyFirmware) {
  be_ready();
  run_cases(ModelModem::Firmware::sloppy, 100'000, cases);
}

TEST_F(OnlinePropertyTest, EscapesByDtr) {
  line.carrier = false;
  model->hears_dtr = true;
  be_ready();
  run_cases(ModelModem::Firmware::strict, 200'000, cases / 2);
  EXPECT_GT(model->dtr_escapes, 100);
  EXPECT_EQ(modem.signals.dtr, daemon::Signals::Dtr::escapes);
}

TEST_F(OnlinePropertyTest, EndsByDcd) {
  line.carrier = false;
  model->hears_dtr = model->drives_dcd = true;
  be_ready();
  run_cases(ModelModem::Firmware::strict, 400'000, cases / 2);
  EXPECT_GT(model->dtr_escapes, 100);
}

TEST_F(OnlinePropertyTest, DcdWithoutDtr) {
  line.carrier = false;
  model->drives_dcd = true;
  be_ready();
  run_cases(ModelModem::Firmware::sloppy, 500'000, cases / 2);
}

TEST_F(OnlinePropertyTest, DtrThatReachesNobody) {
  line.carrier = false;
  for (std::uint64_t life = 0; life < cases / 30 && !HasFailure(); ++life) {
    modem.signals.dtr = daemon::Signals::Dtr::untried;  // as after a bring-up
    if (life == 0) be_ready();
    run_cases(ModelModem::Firmware::strict, 300'000 + 10 * life, 10);
  }
  EXPECT_EQ(model->dtr_escapes, 0);
}

}  // namespace
}  // namespace sim52xx::test
