#include "daemon/service/given_sockets.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim52xx::daemon {
namespace {

// Bound to an abstract name that the kernel chooses.
Fd listening(int type = SOCK_STREAM) {
  Fd fd(::socket(AF_UNIX, type, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t)), 0);
  EXPECT_EQ(::listen(fd.get(), 1), 0);
  return fd;
}

template <class... F>
std::vector<Fd> fds(F... fd) {
  std::vector<Fd> list;
  (list.push_back(std::move(fd)), ...);
  return list;
}

TEST(GivenSockets, AreTakenByNameOnce) {
  Fd first = listening();
  Fd second = listening();
  const int control = first.get();
  const int ssl0 = second.get();
  auto given = GivenSockets::from(fds(std::move(first), std::move(second)), {"control", "ssl0"});
  ASSERT_TRUE(given);
  EXPECT_FALSE(given->take("ssl1"));
  EXPECT_EQ(given->take("ssl0")->get(), ssl0);
  EXPECT_EQ(given->take("control")->get(), control);
  EXPECT_FALSE(given->take("control")) << "it has gone to somebody";
}

TEST(GivenSockets, OthersThanListeningStreamsAreRefused) {
  const auto refused = [](Fd fd) {
    auto given = GivenSockets::from(fds(std::move(fd)), {"ssl0"});
    return given ? "" : given.error().message;
  };
  EXPECT_THAT(refused(Fd(::socket(AF_UNIX, SOCK_STREAM, 0))), testing::HasSubstr("\"ssl0\""));
  EXPECT_THAT(refused(Fd(::socket(AF_INET, SOCK_STREAM, 0))), testing::HasSubstr("listening"));
  EXPECT_THAT(refused(listening(SOCK_SEQPACKET)), testing::HasSubstr("listening"));
  EXPECT_EQ(refused(listening()), "");
}

TEST(GivenSockets, TwoOfANameAreRefused) {
  auto given = GivenSockets::from(fds(listening(), listening()), {"ssl0", "ssl0"});
  ASSERT_FALSE(given);
  EXPECT_THAT(given.error().message, testing::HasSubstr("two"));
}

TEST(GivenSockets, AnEndpointThatIsNotConfiguredHasNoHost) {
  auto given = GivenSockets::from(fds(listening(), listening(), listening(), listening()),
                                  {"control", "ssl0", "ssl1", "more"});
  config::Config config;
  config::Endpoint configured;
  configured.name = "ssl1";
  configured.host = "a.test";
  config.endpoints.push_back(configured);
  given->complete(config);
  ASSERT_EQ(config.endpoints.size(), 3U) << "control is none";
  EXPECT_EQ(config.endpoint("ssl1")->host, "a.test");
  EXPECT_EQ(config.endpoint("ssl0")->host, "");
  EXPECT_EQ(config.endpoint("ssl0")->session, config::SessionChoice::zero);
  EXPECT_EQ(config.endpoint("more")->session, config::SessionChoice::any);
}

// What is taken is still known: a configuration that is read again is completed, too.
TEST(GivenSockets, TakingForgetsNoName) {
  auto given = GivenSockets::from(fds(listening()), {"ssl0"});
  static_cast<void>(given->take("ssl0"));
  config::Config config;
  given->complete(config);
  EXPECT_NE(config.endpoint("ssl0"), nullptr);
}

}  // namespace
}  // namespace sim52xx::daemon
