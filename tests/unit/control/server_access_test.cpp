// Descriptors that come with lines, who is served, and the socket from its beginning to its end.
#include "tests/unit/control/server_fixture.hpp"

namespace sim52xx::daemon::control {
namespace {

TEST_F(ServerTest, DescriptorsGoWithTheirLine) {
  start();
  TestClient client = connect();
  const string name = folder_ / "file";
  const Fd small(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::write(small.get(), "abc", 3), 3);
  const Fd other(::open("/dev/null", O_RDONLY | O_CLOEXEC));

  client.send_with(request(1, "size_of", R"({"fd":0})"), {small.get()});
  EXPECT_EQ(client.message()["result"], 3);
  client.send_with(request(2, "size_of", R"({"fd":1})"), {other.get(), small.get()});
  EXPECT_EQ(client.message()["result"], 3);
  client.send(request(3, "size_of", R"({"fd":0})"));
  EXPECT_EQ(client.message()["error"]["message"], "found 0 passed descriptors, needed are 1");
  client.send_with(request(4, "size_of", R"({"fd":0})"), {small.get(), small.get()});
  EXPECT_EQ(client.message()["error"]["message"],
            "descriptors were passed that no parameter refers to");
  client.send(request(5, "size_of", R"({"fd":0})"));
  EXPECT_EQ(client.message()["error"]["data"]["kind"], "invalid") << "none is left over";
  client.send_with(request(6, "size_of", R"({"fd":0})") + request(7, "size_of", R"({"fd":0})"),
                   {other.get(), small.get()});
  EXPECT_EQ(client.message()["result"], 0);
  EXPECT_EQ(client.message()["result"], 3);
}

TEST_F(ServerTest, TooManyDescriptorsEndTheConnection) {
  start();
  TestClient client = connect();
  const Fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  client.send_with("{", std::vector<int>(65, file.get()));
  EXPECT_THAT(client.line(), AnyOf("EOF", "reset"));
}

TEST_F(ServerTest, OnlyThoseWhoMayAreServed) {
  const uid_t nobody = 65534;
  if (::geteuid() == 0) {
    start(Groups{nobody, std::nullopt, std::nullopt});
    TestClient root = connect();
    root.send(request(1, "admin"));
    EXPECT_EQ(root.message()["id"], 1);
    EXPECT_TRUE(root.connected());
  } else {
    start(Groups{0, std::nullopt, std::nullopt});
    TestClient stranger = connect();
    stranger.send(request(1, "echo"));
    EXPECT_EQ(stranger.message()["error"]["data"]["kind"], "denied");
  }
}

TEST_F(ServerTest, TheSocketIsForItsGroupOnly) {
  start();
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0660U);
}

TEST_F(ServerTest, AStaleSocketIsReplacedALiveOneIsNot) {
  {
    Result<Fd> stale = listen_unix(path_, std::nullopt);
    ASSERT_TRUE(stale);
  }
  EXPECT_TRUE(fs::exists(path_)) << "closed, but still there";
  start();
  TestClient client = connect();
  EXPECT_TRUE(client.connected());
  const Result<Fd> second = listen_unix(path_, std::nullopt);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "the socket " + path_ + " is in use: another process listens on it");
  const Result<Fd> in_the_way = listen_unix(folder_, std::nullopt);
  ASSERT_FALSE(in_the_way);
  EXPECT_THAT(in_the_way.error().message, HasSubstr("is in the way: not a socket"));
  const Result<Fd> long_name = listen_unix("/" + string(200, 'x'), std::nullopt);
  ASSERT_FALSE(long_name);
  EXPECT_THAT(long_name.error().message, HasSubstr("has too long a name"));
}

TEST_F(ServerTest, FinishesWhatItOwesBeforeItStops) {
  start();
  TestClient waiter = connect();
  waiter.send(request(1, "wait"));
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 1; }));
  bool finished = false;
  TaskGroup group(runtime_, [this] { failed_ = true; });
  group.spawn("finish", finish(finished));
  while (runtime_.io.poll() > 0) {
  }
  EXPECT_FALSE(finished);
  gate_ = true;
  gate_changed_.notify();
  EXPECT_TRUE(pump_.until([&] { return finished && group.size() == 0; }));
  server_->stop();
  EXPECT_EQ(waiter.message()["result"], "waited");
}

TEST_F(ServerTest, StopsWhileClientsWait) {
  start();
  TestClient idle = connect();
  TestClient waiter = connect();
  waiter.send(request(1, "wait"));
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 1; }));
  stop();
  EXPECT_THAT(idle.line(), AnyOf("EOF", "reset"));
  EXPECT_THAT(waiter.line(), AnyOf("EOF", "reset"));
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace sim52xx::daemon::control
