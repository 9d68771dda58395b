// The arbiter among stacks that only write down what is done to them, and users who do as they are
// told.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "daemon/arbiter/arbiter.hpp"
#include "tests/scripted/stage.hpp"

namespace sim52xx::test {

using namespace std::chrono_literals;
using daemon::Arbiter;
using daemon::ArbiterUser;
using daemon::FamilyUse;
using daemon::Lease;
using daemon::ModemStack;

// What the modem would see, word by word: "start ssl, stop ssl".
class Wire {
 public:
  void add(std::string_view what, std::string_view name) {
    if (!words_.empty()) words_ += ", ";
    words_.append(what).append(" ").append(name);
  }
  // All since the last call.
  std::string take() { return std::exchange(words_, {}); }

 private:
  std::string words_;
};

class FakeStack final : public ModemStack {
 public:
  FakeStack(daemon::Runtime& runtime, Wire& wire, Stack stack)
      : runtime_(runtime), wire_(wire), kind_(stack), lost_(runtime) {}

  [[nodiscard]] Stack kind() const override { return kind_; }
  [[nodiscard]] bool started() const override { return started_; }
  void start() {
    if (!std::exchange(started_, true)) wire_.add("start", name(kind_));
  }
  asio::awaitable<void> stop() override {
    wire_.add("stop", name(kind_));
    const Time until = runtime_.now() + stop_time;
    bool waiting = started_;
    while (waiting && started_)
      waiting = co_await lost_.wait_until(until);
    if (stops) started_ = false;
  }
  asio::awaitable<void> close(int session) override {
    wire_.add("close", std::to_string(session));
    const Time until = runtime_.now() + close_time;
    bool waiting = true;
    while (waiting && started_) waiting = co_await lost_.wait_until(until);
  }
  void lose() {
    started_ = false;
    lost_.notify();
  }

  Duration stop_time{};
  Duration close_time{};
  bool stops = true;  // false: goes on saying that it is started

 private:
  daemon::Runtime& runtime_;
  Wire& wire_;
  Stack kind_;
  daemon::Event lost_;
  bool started_ = false;
};

class FakeUser final : public ArbiterUser {
 public:
  FakeUser(std::string n, Want w, bool is_job) : ArbiterUser(std::move(n), w), job_(is_job) {}
  void evict(const std::string& why) override { evicted = why; }
  [[nodiscard]] bool gone() const override { return is_gone; }
  [[nodiscard]] std::optional<Time> last_byte() const override { return last; }
  [[nodiscard]] bool may_preempt() const override { return job_; }

  [[nodiscard]] bool has() const { return static_cast<bool>(lease); }

  bool is_gone = false;
  std::optional<Time> last;
  std::string evicted;
  std::optional<Error> error;  // of take()
  Lease lease;

 private:
  bool job_;
};

using User = std::unique_ptr<FakeUser>;

class ArbiterTest : public ::testing::Test {
 protected:
  ArbiterTest() {
    for (FakeStack* const stack : {&ssl, &https, &ftps})
      arbiter.add(*stack);
  }
  void TearDown() override {
    stage.settle();
    stage.run(tasks.join());
    EXPECT_FALSE(internal_error);
  }

  static Want want_https() { return {true, false, std::nullopt}; }
  static Want want_ftps() { return {false, true, std::nullopt}; }
  static Want want_session(int id) {
    return {false, false, SslWant{id == 0, id == 1, Transparency::automatic}};
  }
  static Want want_either() { return {true, false, SslWant{true, true, Transparency::never}}; }

  // Comes and asks, and starts its stack as soon as it has it.
  User come(std::string name, Want want, bool job = true,
            Arbiter::Busy busy = Arbiter::Busy::wait) {
    auto user = std::make_unique<FakeUser>(std::move(name), want, job);
    tasks.spawn("user", use(*user, busy));
    stage.settle();
    return user;
  }
  User client(std::string name, int session, Arbiter::Busy busy = Arbiter::Busy::wait) {
    return come(std::move(name), want_session(session), false, busy);
  }
  void give_back(User& user) {
    user->lease.clean();
    drop(user);
  }
  void drop(User& user) {
    user->lease = Lease();
    stage.settle();
  }
  void go(User& user) {
    user->is_gone = true;
    arbiter.look_again();
    stage.settle();
  }
  void lose_modem() {
    for (FakeStack* const stack : {&ssl, &https, &ftps})
      stack->lose();
    static_cast<daemon::ModemUser&>(arbiter).on_modem_lost("unplugged");
    stage.settle();
  }

  // "ssl ssl0": for what and for whom somebody waits.
  std::string waits(const User& user) {
    const auto waiting = arbiter.waiting_for(*user);
    return waiting ? waiting->stack + " " + waiting->holder : "for nobody";
  }

  FakeStack& of(Stack stack) {
    if (stack == Stack::https) return https;
    return stack == Stack::ftps ? ftps : ssl;
  }

  Stage stage;
  Wire wire;
  daemon::config::Arbiter settings;
  bool windows = true;
  bool internal_error = false;
  daemon::TaskGroup tasks{stage.runtime, [this] { internal_error = true; }};
  FakeStack ssl{stage.runtime, wire, Stack::ssl};
  FakeStack https{stage.runtime, wire, Stack::https};
  FakeStack ftps{stage.runtime, wire, Stack::ftps};
  Arbiter arbiter{stage.runtime, tasks, settings, [this] { return windows; }};

 private:
  asio::awaitable<void> use(FakeUser& user, Arbiter::Busy busy) {
    auto taken = co_await arbiter.take(user, busy);
    if (!taken) {
      user.error = taken.error();
      co_return;
    }
    user.lease = std::move(*taken);
    of(user.lease.stack()).start();
  }
};

}  // namespace sim52xx::test
