// The server over a real socket, in one event loop with its clients. Nothing sleeps: the loop runs
// until what is expected is there.
#pragma once

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
#include "daemon/control/server.hpp"

namespace sim52xx::daemon::control {

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

inline string request(int id, const string& method, const string& params = "{}") {
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

}  // namespace sim52xx::daemon::control
