// Whatever users, stops and the modem do, in whatever order: never two stacks at once, and at the
// end everybody is served.
#include <algorithm>
#include <vector>

#include "tests/scripted/arbiter_fixture.hpp"
#include "tests/support/random.hpp"

namespace sim52xx::test {
namespace {

class ArbiterProperty : public ArbiterTest {
 protected:
  void walk(std::uint64_t seed) {
    Random random(seed);
    settings.linger = std::chrono::seconds(random.between(0, 5));
    settings.preempt = daemon::config::Preempt::any;
    settings.preempt_after = 40s;
    settings.idle_after = 20s;
    windows = random.one_in(2);
    for (int i = 0; i < 150 && !HasFailure(); ++i) {
      happen(random);
      expect_sound();
    }
    leave_all();
    stage.pass(10min);
    EXPECT_FALSE(ssl.started() || https.started() || ftps.started());
    EXPECT_FALSE(arbiter.view().switching);
    expect_all_served();
  }

 private:
  void happen(Random& random) {
    for (FakeStack* const stack : {&ssl, &https, &ftps})
      stack->stop_time = std::chrono::seconds(random.one_in(4) ? 120 : random.between(0, 3));
    switch (random.between(0, 9)) {
      case 0:
      case 1:
      case 2:
        arrive(random);
        break;
      case 3:
      case 4:
        if (!users_.empty()) leave(users_[random.between(0, users_.size() - 1)], random.one_in(4));
        break;
      case 5:
        stage.pass(std::chrono::seconds(random.between(1, 90)));
        break;
      case 6:
        if (random.one_in(4)) lose_modem();
        break;
      case 7:
        run_family(random);
        break;
      default:
        stage.pass(std::chrono::milliseconds(random.between(1, 1500)));
        break;
    }
    for (User& user : users_)
      if (!user->evicted.empty() && user->has()) leave(user, false);
    std::erase_if(users_, [](const User& user) { return user->error || user->is_gone; });
  }

  void arrive(Random& random) {
    if (users_.size() >= 8) return;
    switch (random.between(0, 5)) {
      case 0:
        users_.push_back(come("job", want_https()));
        break;
      case 1:
        users_.push_back(come("job", want_ftps()));
        break;
      case 2:
        users_.push_back(come("job", want_either()));
        break;
      case 3:
        users_.push_back(client("ssl0", 0));
        break;
      case 4:
        users_.push_back(client("ssl1", 1, Arbiter::Busy::kick));
        break;
      default:
        users_.push_back(client("ssl1", 1, Arbiter::Busy::reject));
        break;
    }
  }

  void leave(User& user, bool dirty) {
    if (!user->has()) {
      go(user);
      if (!user->has()) return;
    }
    user->is_gone = true;
    if (dirty) {
      drop(user);
    } else {
      give_back(user);
    }
  }

  void run_family(Random& random) {
    auto use = stage.run(arbiter.take_family(AtFamily::tcpip, "AT+NETOPEN"));
    if (!use) {
      EXPECT_EQ(use.error().kind, ErrorKind::busy);
      return;
    }
    EXPECT_FALSE(ssl.started() || https.started() || ftps.started());
    use->set_running(random.one_in(2));
    {
      const FamilyUse end = std::move(*use);
    }
    stage.settle();
  }

  void expect_sound() {
    EXPECT_LE(int{ssl.started()} + int{https.started()} + int{ftps.started()}, 1) << wire.take();
    for (const User& user : users_) {
      if (user->has()) continue;
      EXPECT_TRUE(arbiter.waiting_for(*user)) << "a waiter without explanation";
    }
  }

  void leave_all() {
    lose_modem();  // no family runs any more
    while (!users_.empty()) {
      leave(users_.back(), false);
      users_.pop_back();
    }
  }

  void expect_all_served() {
    for (const Want& want : {want_https(), want_ftps(), want_session(0), want_either()}) {
      User user = come("last", want);
      EXPECT_TRUE(stage.until([&] { return user->has(); }, 10min));
      give_back(user);
    }
    stage.pass(10min);
  }

  std::vector<User> users_;
};

TEST_F(ArbiterProperty, NeverTwoStacksAndNobodyLeftBehind) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    walk(seed);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace sim52xx::test
