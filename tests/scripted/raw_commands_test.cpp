// An admin's own AT commands, beside sessions and in a window; families on the wire; the reset.
#include "daemon/arbiter/raw_commands.hpp"

#include "tests/scripted/online_fixture.hpp"

namespace sim52xx::test {
namespace {

using daemon::Arbiter;
using daemon::ArbiterUser;
using daemon::Lease;
using daemon::RawCommands;
using Answer = Task<Result<RawCommands::Answer>>;
using Lines = std::vector<std::string>;

class Job final : public ArbiterUser {
 public:
  explicit Job(Want wants) : ArbiterUser("job 1", std::move(wants)) {}
  void evict(const std::string&) override {}
  [[nodiscard]] bool gone() const override { return false; }
  [[nodiscard]] bool may_preempt() const override { return true; }
};

template <class Fixture>
class Raw : public Fixture {
 protected:
  Raw() {
    this->modem.add_user(arbiter);
    arbiter.add(this->stack);
  }
  Answer say(std::string text, Duration timeout = 30s) {
    return this->stage.start(commands.run(std::move(text), timeout));
  }
  Task<Result<Lease>> take(Job& job) {
    return this->stage.start(arbiter.take(job, Arbiter::Busy::wait));
  }
  static Want want_session(int id) {
    return {false, false, SslWant{id == 0, id == 1, Transparency::automatic}};
  }

  config::Arbiter settings;
  Arbiter arbiter{this->stage.runtime, this->tasks, settings,
                  [this] { return this->stack.windows(); }};
  RawCommands commands{this->stage.runtime, this->modem, this->stack, arbiter};
};

using RawTest = Raw<SslTest>;
using RawOnlineTest = Raw<OnlineTest>;

TEST_F(RawTest, AnAnswerIsItsLinesAndItsEnd) {
  script.expect("AT+CSQ\r").wait(300ms).say("+CSQ: 20,99").say("RING").say("OK");
  Answer answer = say("AT+CSQ");
  stage.pass(300ms);
  ASSERT_TRUE(answer.done());
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->lines, Lines{"+CSQ: 20,99"});
  EXPECT_EQ((*answer)->final, "OK");
  EXPECT_EQ((*answer)->took, 300ms);
  script.command("at+cops=?", "+CME ERROR: no network service");
  answer = say("at+cops=?");
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->final, "+CME ERROR: no network service");
}

TEST_F(RawTest, ALineOfItsNameIsItsOwnThoughItLooksUnsolicited) {
  script.expect("AT+CREG?\r").say("+CREG: 0,5").say("OK");
  Answer answer = say("AT+CREG?");
  EXPECT_EQ((*answer)->lines, Lines{"+CREG: 0,5"});
}

TEST_F(RawTest, RunsBesideCountedSessions) {
  be_open(1, counted);
  script.expect("AT+CPSI?\r").print("\r\n+CSSLRECV: DATA,1,4\r\nOK\r\n\r\n");
  script.say("+CPSI: WCDMA,Online").say("OK");
  Answer answer = say("AT+CPSI?");
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->lines, Lines{"+CPSI: WCDMA,Online"});
  EXPECT_EQ(received(1), "OK\r\n") << "the peer's OK is no end";
}

TEST_F(RawTest, NothingIsSentOfWhatIsRefused) {
  for (const std::string text : {"AT+CSSLSTOP", "ATZ", "AT+CSQ\rATZ", "AT+CSQ;Z", ""}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(*say(text));
  }
  EXPECT_TRUE(script.finished());
}

TEST_F(RawTest, SecretsAreNotLogged) {
  script.command("AT+CPIN=\"7391\"", "ERROR");
  script.command("AT+CSOCKAUTH=1,1,\"hush\",\"me\"");
  EXPECT_EQ((*say("AT+CPIN=\"7391\""))->final, "ERROR");
  EXPECT_EQ((*say("AT+CSOCKAUTH=1,1,\"hush\",\"me\""))->final, "OK");
  EXPECT_TRUE(stage.logged("AT+CPIN=***"));
  EXPECT_FALSE(stage.logged("7391"));
  EXPECT_FALSE(stage.logged("hush"));
}

TEST_F(RawTest, AnAnswerThatDoesNotComeIsATimeoutAndTheLineIsUsableAfterwards) {
  script.command("AT+COPS=?", "");
  const Time before = stage.now();
  Answer answer = say("AT+COPS=?", 45s);
  ASSERT_TRUE(stage.until([&] { return answer.done(); }));
  EXPECT_EQ(stage.now() - before, 45s);
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::timeout);
  EXPECT_EQ(answer->error().at, "AT+COPS=?");
  script.expect("AT+CGSN\r").say("+COPS: ").say("OK").print(std::string(number));
  script.expect("AT+CSQ\r").say("+CSQ: 20,99").say("OK");
  EXPECT_EQ((*say("AT+CSQ"))->lines, Lines{"+CSQ: 20,99"});
}

// Note, chapter 7: from NETOPEN to NETCLOSE no stack is started.
TEST_F(RawTest, TcpipHoldsTheModemFromNetopenToNetclose) {
  script.command("AT+NETOPEN").say("+NETOPEN: 0");
  EXPECT_EQ((*say("AT+NETOPEN"))->final, "OK");
  Job job(want_session(1));
  Task<Result<Lease>> lease = take(job);
  EXPECT_FALSE(lease.done());
  ASSERT_TRUE(arbiter.waiting_for(job));
  EXPECT_EQ(arbiter.waiting_for(job)->stack, "tcpip");
  EXPECT_EQ(arbiter.waiting_for(job)->holder, "AT+NETOPEN");
  script.expect("AT+CIPCLOSE?\r").say("+CIPCLOSE: 0,0").say("OK");
  EXPECT_EQ((*say("AT+CIPCLOSE?"))->final, "OK");
  Answer gps = say("AT+CGPS=1");
  ASSERT_FALSE(*gps);
  EXPECT_EQ(gps->error().kind, ErrorKind::busy) << "it would pass the job";
  script.command("AT+NETCLOSE").say("+NETCLOSE: 0");
  EXPECT_EQ((*say("AT+NETCLOSE"))->final, "OK");
  stage.settle();
  ASSERT_TRUE(lease.done());
  (*lease)->clean();
}

TEST_F(RawTest, AFamilyThatFailsToStartHoldsNothing) {
  script.command("AT+CGPS=1", "ERROR");
  EXPECT_EQ((*say("AT+CGPS=1"))->final, "ERROR");
  Job job(want_session(1));
  Task<Result<Lease>> lease = take(job);
  ASSERT_TRUE(lease.done());
  (*lease)->clean();
}

TEST_F(RawTest, AFamilyThatMayHaveStartedHoldsTheModem) {
  script.command("AT+CGPS=1", "");
  Answer answer = say("AT+CGPS=1", 5s);
  ASSERT_TRUE(stage.until([&] { return answer.done(); }));
  ASSERT_FALSE(*answer);
  Job job(want_session(1));
  Task<Result<Lease>> lease = take(job);
  EXPECT_FALSE(lease.done());
  script.expect("AT+CGSN\r").say("OK").print(std::string(number)).command("AT+CGPS=0");
  EXPECT_EQ((*say("AT+CGPS=0"))->final, "OK");
  stage.settle();
  ASSERT_TRUE(lease.done());
  (*lease)->clean();
}

TEST_F(RawTest, AFamilyIsRefusedWhileAStackIsHeldAndStopsAWarmOne) {
  Job job(want_session(1));
  Task<Result<Lease>> lease = take(job);
  be_open(1, counted);
  Answer refused = say("AT+CGPSINFO");
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().kind, ErrorKind::busy);
  EXPECT_EQ(refused->error().at, "AT+CGPSINFO");
  ASSERT_TRUE(refused->error().waiting_for);
  EXPECT_EQ(refused->error().waiting_for->holder, "job 1");
  script.expect("AT+CGPS?\r").say("+CGPS: 0,1").say("OK");
  EXPECT_TRUE(*say("AT+CGPS?")) << "a question disturbs nobody";
  script.command("AT+CSSLCLOSE=1");
  EXPECT_TRUE(close(1).done());
  (*lease)->clean();
  *lease = Error(ErrorKind::cancelled, "", "");
  script.command("AT+CSSLSTOP").command("AT+CGPSINFO");
  EXPECT_EQ((*say("AT+CGPSINFO"))->final, "OK");
  EXPECT_TRUE(script.finished());
}

TEST_F(RawTest, ACommandThatPutsTheLineIntoDataModeStartsTheModemOver) {
  script.command("AT+UNKNOWN", "CONNECT 115200");
  script.expect("+++").wait(1s).say("OK").expect("AT+CGSN\r").print(std::string(number));
  script_set_up();
  script_sim();
  script_network();
  Answer answer = say("AT+UNKNOWN");
  ASSERT_TRUE(stage.until([&] { return script.finished() && modem.ready(); }));
  EXPECT_EQ((*answer)->final, "CONNECT 115200");
}

TEST_F(RawTest, TheResetEndsAllAndTheModemIsBroughtUpAgain) {
  be_open(1, counted);
  script.command("AT+CRESET");
  script_bring_up();
  Task<Result<void>> reset = stage.start(commands.reset());
  ASSERT_TRUE(reset.done());
  EXPECT_TRUE(*reset);
  ASSERT_TRUE(stack.session(1).failure);
  EXPECT_EQ(stack.session(1).failure->kind, ErrorKind::interrupted);
  EXPECT_NE(stack.session(1).failure->message.find("an admin has reset it"), std::string::npos);
  ASSERT_TRUE(stage.until([&] { return modem.ready(); }));
}

TEST_F(RawTest, AModemThatDoesNotKnowTheResetIsStartedOverAllTheSame) {
  script.command("AT+CRESET", "ERROR");
  script_bring_up();
  EXPECT_TRUE(*stage.start(commands.reset()));
  ASSERT_TRUE(stage.until([&] { return modem.ready(); }));
}

TEST_F(RawTest, WithoutAModemThereIsAnError) {
  plugged = false;
  line.hang_up();
  stage.settle();
  EXPECT_EQ(say("AT+CSQ")->error().kind, ErrorKind::modem_absent);
  EXPECT_EQ(stage.start(commands.reset())->error().kind, ErrorKind::modem_absent);
}

TEST_F(RawOnlineTest, RunsInAWindowOfATransparentSession) {
  print("before ");
  script_escape();
  script_number();
  script.expect("AT+CSQ\r").say("+CSQ: 20,99").say("OK");
  script_return("after");
  Answer answer = say("AT+CSQ");
  ASSERT_TRUE(stage.until([&] { return script.finished(); }, 10s));
  stage.pass(1s);
  ASSERT_TRUE(answer.done());
  EXPECT_EQ((*answer)->lines, Lines{"+CSQ: 20,99"});
  EXPECT_TRUE(stack.online());
  EXPECT_FALSE(session().failure);
  EXPECT_EQ(received(0), "before after");
}

TEST_F(RawOnlineTest, WithoutAWindowItGivesUp) {
  Answer answer = say("AT+CSQ", 100ms);
  stage.pass(100ms);
  ASSERT_TRUE(answer.done());
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::timeout);
  EXPECT_EQ(answer->error().stage, "window");
  EXPECT_FALSE(session().failure);
}

}  // namespace
}  // namespace sim52xx::test
