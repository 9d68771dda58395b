#include "protocol/ssl_policy.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace sim52xx {
namespace {

using enum Transparency;

struct Case {
  const char* what;
  SslHeld held;
  SslWant want;
  bool others_wait;
  std::optional<SslGrant> granted;
};

constexpr SslHeld nobody{};
constexpr SslHeld online{{true, false}, true, true, true};
constexpr SslHeld online_refusing{{true, false}, true, true, false};
constexpr SslHeld windowed{{true, true}, true, true, true};
constexpr SslHeld zero_counted{{true, false}, false, false, true};
constexpr SslHeld one_counted{{false, true}, false, false, true};
constexpr SslHeld one_left{{false, true}, false, true, true};  // its session 0 has gone
constexpr SslHeld alone_refusing{{false, false}, false, false, false};
constexpr SslWant zero_auto{true, false, automatic};
constexpr SslWant zero_always{true, false, always};
constexpr SslWant zero_never{true, false, never};
constexpr SslWant one{false, true, never};
constexpr SslWant any_auto{true, true, automatic};
constexpr SslWant any_never{true, true, never};

const std::vector<Case> cases{
    {"alone, auto", nobody, zero_auto, false, SslGrant{0, true}},
    {"auto, but somebody waits", nobody, zero_auto, true, SslGrant{0, false}},
    {"always, though somebody waits", nobody, zero_always, true, SslGrant{0, true}},
    {"never", nobody, zero_never, false, SslGrant{0, false}},
    {"session 1", nobody, one, false, SslGrant{1, false}},
    {"any, alone", nobody, any_auto, false, SslGrant{0, true}},
    {"any, with others", nobody, any_auto, true, SslGrant{1, false}},
    {"any, never transparent", nobody, any_never, false, SslGrant{1, false}},
    {"auto where windows are refused", alone_refusing, zero_auto, false, SslGrant{0, false}},
    {"session 0 is taken", online, zero_auto, false, std::nullopt},
    {"session 1 in a window", online, one, false, SslGrant{1, false}},
    {"any in a window", online, any_auto, true, SslGrant{1, false}},
    {"no windows", online_refusing, one, false, std::nullopt},
    {"both taken", windowed, any_auto, false, std::nullopt},
    {"session 1 beside counted 0", zero_counted, one, false, SslGrant{1, false}},
    {"session 0 beside counted 1", one_counted, zero_auto, false, SslGrant{0, false}},
    {"always beside counted 1 waits", one_counted, zero_always, false, std::nullopt},
    {"the stack is transparent", one_left, zero_auto, false, SslGrant{0, true}},
    {"... and so never waits", one_left, zero_never, false, std::nullopt},
    {"... and any leaves it to become counted", one_left, any_auto, true, std::nullopt},
    {"... unless nobody else waits", one_left, any_auto, false, SslGrant{0, true}},
};

TEST(SslPolicy, grants) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(grant(c.held, c.want, c.others_wait), c.granted);
  }
}

TEST(SslPolicy, only_who_needs_the_stacks_other_mode_needs_all) {
  EXPECT_TRUE(needs_all(one_counted, zero_always));
  EXPECT_FALSE(needs_all(one_left, zero_always));
  EXPECT_TRUE(needs_all(one_left, zero_never));
  EXPECT_TRUE(needs_all(windowed, zero_never));
  EXPECT_FALSE(needs_all(one_counted, zero_never));
  EXPECT_FALSE(needs_all(online, zero_never));
  EXPECT_FALSE(needs_all(one_left, any_never));
  EXPECT_FALSE(needs_all(nobody, zero_always));
  EXPECT_FALSE(needs_all(one_counted, zero_auto));
  EXPECT_FALSE(needs_all(one_counted, any_auto));
}

}  // namespace
}  // namespace sim52xx
