// The FTPS stack of a modem that has been brought up, and bodies that tests can watch.
#pragma once

#include <string>
#include <string_view>

#include "daemon/body/memory.hpp"
#include "daemon/stacks/ftps_stack.hpp"
#include "tests/scripted/modem_fixture.hpp"

namespace sim52xx::test {

using daemon::FtpsStack;
using daemon::FtpsTransfer;
using daemon::MemorySource;

// What was written; a gate that is shut keeps write() waiting.
class TestSink final : public daemon::Sink {
 public:
  explicit TestSink(Runtime& runtime) : changed_(runtime) {}

  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    while (shut && !cancelled)
      co_await changed_.wait();
    if (cancelled) co_return Error(ErrorKind::cancelled, "body", "cancelled");
    if (gone) co_return Error(ErrorKind::interrupted, "body", "the reader is gone");
    got += bytes;
    co_return Result<void>();
  }
  void cancel() override {
    cancelled = true;
    changed_.notify();
  }
  void open() {
    shut = false;
    changed_.notify();
  }

  std::string got;
  bool shut = false;
  bool gone = false;
  bool cancelled = false;

 private:
  daemon::Event changed_;
};

// A pipe that somebody fills: read() waits until there is something, or until it is closed.
class TestSource final : public daemon::Source {
 public:
  explicit TestSource(Runtime& runtime) : changed_(runtime) {}

  asio::awaitable<Result<std::size_t>> read(char* to, std::size_t most) override {
    while (waiting_.empty() && !closed_ && !cancelled)
      co_await changed_.wait();
    if (cancelled) co_return Error(ErrorKind::cancelled, "body", "cancelled");
    if (broken) co_return Error(ErrorKind::interrupted, "body", "the pipe broke");
    const std::size_t count = waiting_.copy(to, most);
    waiting_.erase(0, count);
    co_return count;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool rewind() override { return false; }
  void cancel() override {
    cancelled = true;
    changed_.notify();
  }
  void fill(std::string_view bytes) {
    waiting_ += bytes;
    changed_.notify();
  }
  void close() {
    closed_ = true;
    changed_.notify();
  }

  bool broken = false;
  bool cancelled = false;

 private:
  daemon::Event changed_;
  std::string waiting_;
  bool closed_ = false;
};

// Bytes of a file that would trip a reader that looks at them.
inline std::string bait(std::size_t size) {
  const std::string bytes = "\r\nOK\r\n\r\nERROR\r\n>+CFTPSGET: 0\r\n+CFTPSGET: DATA, 9\r\n";
  std::string all;
  while (all.size() < size)
    all += bytes;
  return all.substr(0, size);
}

class FtpsTest : public ModemTest {
 protected:
  void SetUp() override { bring_up(); }

  void script_login() {
    script.command("AT+CFTPSSTART");
    script.command("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"");
  }
  Result<void> login() {
    auto started = stage.run(ftps.start());
    if (!started) return started;
    return stage.run(ftps.login(host, 990, user, password));
  }
  void be_logged_in() {
    script_login();
    ASSERT_TRUE(login());
  }
  void script_put(std::string_view command, std::string_view bytes) {
    script.expect(std::string(command) + "\r").print("\r\n>").expect(std::string(bytes)).say("OK");
  }
  static std::string block(std::string_view name, std::string_view bytes) {
    return "\r\n" + std::string(name) + ": DATA," + std::to_string(bytes.size()) + "\r\n" +
           std::string(bytes) + "\r\n";
  }

  Result<void> put(std::string bytes) {
    MemorySource source(std::move(bytes));
    return stage.run(ftps.put(file, source, transfer));
  }
  Result<void> get() { return stage.run(ftps.get(file, sink, transfer)); }
  Result<std::string> list() { return stage.run(ftps.list("", transfer)); }

  const std::string host = "www.myftpsserver.com";
  const std::string user = "myname";
  const std::string password = "mypassword";
  std::string file = "t1.txt";
  FtpsStack ftps{stage.runtime, modem, timeouts, tasks};
  FtpsTransfer transfer{stage.runtime};
  TestSink sink{stage.runtime};
};

}  // namespace sim52xx::test
