// The server over a real socket, in one event loop with its clients. Nothing sleeps: the loop runs
// until what is expected is there.
#include "daemon/control/server.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/control/api.hpp"

namespace sim52xx::daemon::control {
namespace {

namespace fs = std::filesystem;
using std::string;
using testing::AnyOf;
using testing::HasSubstr;

class Pump {
 public:
  explicit Pump(Runtime& runtime) : runtime_(runtime) {}

  // Runs the loop until `done`; false: nothing happened for long.
  bool until(const std::function<bool()>& done) {
    while (!done()) {
      runtime_.io.restart();
      if (runtime_.io.run_one_for(std::chrono::seconds(20)) == 0) return false;
    }
    return true;
  }

 private:
  Runtime& runtime_;
};

class TestClient {
 public:
  TestClient(Pump& pump, const string& path)
      : pump_(pump), fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  void close() { fd_.reset(); }
  void end_writing() { ::shutdown(fd_.get(), SHUT_WR); }

  // Writes as the server takes it; false: the server has closed.
  bool send(std::string_view bytes) {
    bool open = true;
    return pump_.until([&] {
      const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) open = false;
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
      return bytes.empty() || !open;
    }) && open;
  }

  void send_with(const string& bytes, const std::vector<int>& fds) {
    std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
    EXPECT_EQ(::sendmsg(fd_.get(), &message, MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }

  // The next line, "EOF", or what went wrong.
  string line() {
    string end;
    pump_.until([&] {
      receive(end);
      return input_.find('\n') != string::npos || !end.empty();
    });
    const std::size_t at = input_.find('\n');
    if (at == string::npos) return end.empty() ? "nothing" : end;
    const string line = input_.substr(0, at);
    input_.erase(0, at + 1);
    return line;
  }

  json message() { return json::parse(line(), nullptr, false); }

 private:
  void receive(string& end) {
    std::array<char, 65536> bytes{};
    const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count == 0) end = "EOF";
    if (count < 0 && errno != EAGAIN) end = "reset";
    if (count > 0) input_.append(bytes.data(), static_cast<std::size_t>(count));
  }

  Pump& pump_;
  Fd fd_;
  bool connected_ = false;
  string input_;
};

string request(int id, const string& method, const string& params = "{}") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
         R"(","params":)" + params + "}\n";
}

class FixedStatus final : public StatusSource {
 public:
  json status(const Client&) override { return json::parse(R"({"state":"ready"})"); }
};

class ServerTest : public testing::Test {
 protected:
  using Task = asio::awaitable<Result<json>>;

  ServerTest() {
    string name = fs::temp_directory_path() / "sim52xx-control-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ / "control.sock";
    add_methods();
  }

  ~ServerTest() override {
    if (server_) stop();
    fs::remove_all(folder_);
  }

  void add_methods() {
    add_basic_methods(methods_, About{"1.2.3", "sim52xx", [] { return capabilities(); }}, status_);
    add("echo", Who::user, [](Call& call) -> Task { co_return call.params; },
        {Parameter("text", Type::text, ""), Parameter("count", Type::integer, "")});
    add("wait", Who::user, [this](Call& call) -> Task { return wait(call); });
    add("open_gate", Who::user, [this](Call& call) -> Task { return open_gate(call); });
    add("fail", Who::user, [](Call& call) -> Task { return fail(call); });
    add("throw", Who::user, [](Call& call) -> Task { return throw_up(call); });
    add("admin", Who::admin, [](Call& call) -> Task { co_return call.params; });
    add("subscribe", Who::user, [this](Call& call) -> Task { return subscribe(call); });
    add("flood", Who::user, [](Call& call) -> Task { return flood(call); });
    add("size_of", Who::user, [](Call& call) -> Task { return size_of(call); },
        {Parameter("fd", Type::descriptor, "")});
  }

  void add(const string& name, Who who, Handler handler, std::vector<Parameter> params = {}) {
    methods_.add(Method(name, who, "", std::move(params), "", std::move(handler)));
  }

  static std::vector<string> capabilities() { return {"a", "b"}; }

  Task wait(Call& call) {
    ++waiting_;
    call.client->on_gone([this] { ++gone_; });
    while (!gate_)
      co_await gate_changed_.wait();
    --waiting_;
    co_return json("waited");
  }
  Task open_gate(Call&) {
    gate_ = true;
    gate_changed_.notify();
    co_return json("opened");
  }
  static Task fail(Call&) { co_return Error(ErrorKind::busy, "acquire", "the modem is busy"); }
  static Task throw_up(Call&) {
    throw std::runtime_error("oops");
    co_return json();
  }
  Task subscribe(Call& call) {
    call.client->keep();
    subscriber_ = call.client;
    co_return json("subscribed");
  }
  static Task flood(Call& call) {
    json params = json::object();
    params["text"] = string(1 << 20, 'x');
    int sent = 0;
    while (sent < 100 && call.client->notify("event", params))
      ++sent;
    co_return json(sent);
  }
  static Task size_of(Call& call) {
    struct stat status{};
    ::fstat(call.fds.back().get(), &status);
    co_return json(status.st_size);
  }

  void start(Groups groups = find_groups()) {
    server_.emplace(runtime_, methods_, groups, [this] { failed_ = true; });
    Result<void> listening = server_->listen(path_);
    ASSERT_TRUE(listening) << listening.error().message;
  }

  void stop() {
    gate_ = true;
    gate_changed_.notify();
    server_->stop();
    bool joined = false;
    TaskGroup group(runtime_, [this] { failed_ = true; });
    group.spawn("stop", join(joined));
    EXPECT_TRUE(pump_.until([&] { return joined && group.size() == 0; }));
    EXPECT_FALSE(failed_);
    server_.reset();
    subscriber_.reset();
  }

  asio::awaitable<void> finish(bool& finished) {
    co_await server_->finish(runtime_.now() + std::chrono::seconds(20));
    finished = true;
  }

  asio::awaitable<void> join(bool& joined) {
    co_await server_->join();
    joined = true;
  }

  TestClient connect() { return {pump_, path_}; }

  fs::path folder_;
  string path_;
  Runtime runtime_;
  Pump pump_{runtime_};
  Event gate_changed_{runtime_};
  FixedStatus status_;
  Methods methods_;
  std::optional<Server> server_;
  std::shared_ptr<Client> subscriber_;
  bool gate_ = false;
  bool failed_ = false;
  int waiting_ = 0;
  int gone_ = 0;
};

TEST_F(ServerTest, AnswersTheBasicMethods) {
  start();
  TestClient client = connect();
  client.send(request(1, "version"));
  EXPECT_EQ(client.message()["result"],
            json::parse(R"({"daemon":"1.2.3","api":{"major":1,"minor":0},"profile":"sim52xx",
                            "capabilities":["a","b"]})"));
  client.send(request(2, "status"));
  EXPECT_EQ(client.line(), R"({"id":2,"jsonrpc":"2.0","result":{"state":"ready"}})");
  client.send(request(3, "rpc.discover"));
  const json document = client.message()["result"];
  EXPECT_EQ(document["methods"].size(), methods_.all().size());
  EXPECT_EQ(document["methods"][2]["name"], "rpc.discover");
}

TEST_F(ServerTest, RefusesWhatItDoesNotUnderstand) {
  start();
  TestClient client = connect();
  const auto code = [&](const string& line) {
    client.send(line);
    return client.message()["error"]["code"];
  };
  EXPECT_EQ(code("{\n"), -32700);
  EXPECT_EQ(code(string("{}\0\n", 4)), -32700);
  EXPECT_EQ(code("[1,\n"), -32700);
  EXPECT_EQ(code("{}\n"), -32600);
  EXPECT_EQ(code(string(200000, '[') + "\n"), -32600);
  EXPECT_EQ(code(request(1, "no.such")), -32601);
  EXPECT_EQ(code(request(1, "echo", R"({"text":5})")), -32602);
  EXPECT_EQ(code(request(1, "echo", R"({"count":1.5})")), -32602);
  client.send(request(2, "echo", R"({"txet":"x"})"));
  EXPECT_EQ(client.message()["error"]["data"]["unknown"], json::parse(R"(["txet"])"));
}

TEST_F(ServerTest, TellsFailuresAndMistakes) {
  start();
  TestClient client = connect();
  client.send(request(1, "fail"));
  const json error = client.message()["error"];
  EXPECT_EQ(error["code"], -32000);
  EXPECT_EQ(error["data"], json::parse(R"({"kind":"busy","stage":"acquire","retryable":true})"));
  client.send(request(2, "throw"));
  EXPECT_EQ(client.message()["error"]["code"], -32603);
  client.send(request(3, "echo"));
  EXPECT_EQ(client.message()["id"], 3) << "the connection goes on";
}

TEST_F(ServerTest, TakesLinesAtEverySplit) {
  start();
  TestClient client = connect();
  const string lines = request(1, "echo", R"({"text":"a"})") + "\r\n \n" + request(2, "echo");
  for (std::size_t split = 0; split <= lines.size(); ++split) {
    client.send(lines.substr(0, split));
    while (runtime_.io.poll() > 0) {
    }
    client.send(lines.substr(split));
    EXPECT_EQ(client.message()["result"]["text"], "a");
    EXPECT_EQ(client.message()["id"], 2);
  }
}

TEST_F(ServerTest, ALastLineNeedsNoLineFeed) {
  start();
  TestClient client = connect();
  string line = request(1, "echo");
  line.pop_back();
  client.send(line);
  client.end_writing();
  EXPECT_EQ(client.message()["id"], 1);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, AnswersAfterTheClientHasFinishedWriting) {
  start();
  TestClient waiter = connect();
  waiter.send(request(1, "wait") + request(2, "echo"));
  waiter.end_writing();
  EXPECT_EQ(waiter.message()["id"], 2) << "out of order";
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  EXPECT_EQ(other.message()["result"], "opened");
  EXPECT_EQ(waiter.message()["result"], "waited");
  EXPECT_EQ(waiter.line(), "EOF");
}

TEST_F(ServerTest, NotificationsGetNoAnswer) {
  start();
  TestClient client = connect();
  client.send(R"({"jsonrpc":"2.0","method":"echo"})"
              "\n"
              R"({"jsonrpc":"2.0","method":"no.such"})"
              "\n" +
              request(3, "echo"));
  EXPECT_EQ(client.message()["id"], 3);
}

TEST_F(ServerTest, ABatchIsAnsweredTogether) {
  start();
  TestClient client = connect();
  client.send(R"([{"jsonrpc":"2.0","id":1,"method":"wait"},{"jsonrpc":"2.0","method":"echo"},)"
              R"({"jsonrpc":"2.0","id":2,"method":"no.such"},7])"
              "\n"
              R"([{"jsonrpc":"2.0","method":"echo"}])"
              "\n" +
              request(9, "open_gate"));
  EXPECT_EQ(client.message()["id"], 9);
  const json answers = client.message();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0]["error"]["code"], -32601);
  EXPECT_EQ(answers[1]["error"]["code"], -32600);
  EXPECT_EQ(answers[2]["result"], "waited");
}

TEST_F(ServerTest, ALineThatIsTooLongEndsTheConnection) {
  start();
  TestClient client = connect();
  EXPECT_TRUE(client.send(string(2 << 20, 'x') + "\n"));
  const json refused = client.message();
  EXPECT_EQ(refused["error"]["code"], -32600);
  EXPECT_EQ(refused["id"], nullptr);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, ALineThatNeverEndsIsAnsweredToo) {
  start();
  TestClient client = connect();
  EXPECT_TRUE(client.send(string(2 << 20, 'x')));
  EXPECT_EQ(client.message()["error"]["code"], -32600);
  EXPECT_EQ(client.line(), "EOF");
}

TEST_F(ServerTest, The65thRequestInFlightIsRefused) {
  start();
  TestClient client = connect();
  string lines;
  for (int i = 1; i <= 65; ++i)
    lines += request(i, "wait");
  client.send(lines);
  const json refused = client.message();
  EXPECT_EQ(refused["id"], 65);
  EXPECT_EQ(refused["error"]["data"]["kind"], "limit");
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  for (int i = 1; i <= 64; ++i)
    EXPECT_EQ(client.message()["result"], "waited");
  client.send(request(66, "wait"));
  EXPECT_EQ(client.message()["id"], 66);
}

TEST_F(ServerTest, QuickRequestsAreNotLimited) {
  start();
  TestClient client = connect();
  string lines;
  for (int i = 1; i <= 1000; ++i)
    lines += request(i, "echo");
  client.send(lines);
  for (int i = 1; i <= 1000; ++i)
    ASSERT_EQ(client.message()["id"], i);
}

TEST_F(ServerTest, AClientThatVanishesCostsNobodyAnything) {
  start();
  TestClient client = connect();
  client.send(request(1, "wait"));
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 1; }));
  client.close();
  EXPECT_TRUE(pump_.until([&] { return gone_ == 1; })) << "the request is told";
  TestClient half = connect();
  half.send("{\"jsonrpc\":");
  half.close();
  TestClient other = connect();
  other.send(request(1, "open_gate"));
  EXPECT_EQ(other.message()["result"], "opened");
  EXPECT_TRUE(pump_.until([&] { return waiting_ == 0; }));
}

TEST_F(ServerTest, AClientThatDoesNotReadIsDropped) {
  start();
  TestClient client = connect();
  client.send(request(1, "flood"));
  TestClient other = connect();
  other.send(request(1, "echo"));
  EXPECT_EQ(other.message()["id"], 1);
  string line;
  int lines = 0;
  do {
    line = client.line();
    ++lines;
  } while (line.starts_with("{"));
  EXPECT_THAT(line, AnyOf("EOF", "reset"));
  EXPECT_LT(lines, 6);
}

TEST_F(ServerTest, ASubscriberIsKeptUntilItIsGone) {
  start();
  TestClient client = connect();
  client.send(request(1, "subscribe"));
  client.end_writing();
  EXPECT_EQ(client.message()["result"], "subscribed");
  server_->for_each([](Client& each) { each.notify("event", json::object()); });
  EXPECT_EQ(client.line(), R"({"jsonrpc":"2.0","method":"event","params":{}})");
  ASSERT_TRUE(subscriber_);
  EXPECT_FALSE(subscriber_->gone());
  client.close();
  EXPECT_TRUE(pump_.until([&] { return subscriber_->gone(); }));
  EXPECT_FALSE(subscriber_->notify("event", json::object()));
}

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
