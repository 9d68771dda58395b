// HTTPS jobs, with the arbiter and both stacks they may use.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/event.hpp"
#include "daemon/jobs/https_job.hpp"
#include "daemon/system/version.hpp"
#include "tests/scripted/https_fixture.hpp"
#include "tests/unit/http/fake_stream.hpp"

namespace sim52xx::test {

using daemon::Arbiter;
using daemon::HttpsJob;
using daemon::HttpsRequest;
using daemon::JobState;
using daemon::http::test::FakeSink;
using daemon::http::test::FakeSource;
using nlohmann::json;

// A body whose other side is slow: nothing moves until it is cancelled.
class SlowBody final : public daemon::Source, public daemon::Sink {
 public:
  explicit SlowBody(Runtime& runtime) : cancelled_(runtime) {}
  asio::awaitable<Result<std::size_t>> read(char*, std::size_t) override {
    co_await cancelled_.wait();
    co_return Error(ErrorKind::cancelled, "body", "cancelled");
  }
  asio::awaitable<Result<void>> write(std::string_view) override {
    co_await cancelled_.wait();
    co_return Error(ErrorKind::cancelled, "body", "cancelled");
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool rewind() override { return false; }
  void cancel() override { cancelled_.notify(); }

 private:
  daemon::Event cancelled_;
};

// A client of a data socket, as the arbiter sees it.
class Holder final : public daemon::ArbiterUser {
 public:
  explicit Holder(Want needs) : ArbiterUser("ssl0", needs) {}
  void evict(const std::string&) override {}
  [[nodiscard]] bool gone() const override { return false; }
};

class HttpsJobTest : public HttpsTest {
 protected:
  using Ran = Task<Result<json>>;

  void SetUp() override {
    HttpsTest::SetUp();
    arbiter.add(stack);
    arbiter.add(https);
    modem.add_user(arbiter);
  }

  static HttpsRequest get(const std::string& url = "https://www.mywebsite.com/page") {
    HttpsRequest request;
    request.url = url;
    return request;
  }
  static HttpsRequest put(const std::string& bytes) {
    HttpsRequest request = get();
    request.method = "PUT";
    request.body = std::make_unique<FakeSource>(bytes);
    return request;
  }
  // Starts a job; its answer's body goes to `body`.
  HttpsJob& make(HttpsRequest request) {
    EXPECT_TRUE(HttpsJob::check(request));
    if (!request.response) {
      auto sink = std::make_unique<FakeSink>();
      body = sink.get();
      request.response = std::move(sink);
    }
    jobs.push_back(
        std::make_unique<HttpsJob>(context, std::to_string(jobs.size() + 1), std::move(request)));
    return *jobs.back();
  }
  Ran start(HttpsRequest request) { return stage.start(make(std::move(request)).run()); }
  Result<json> run(HttpsRequest request) { return stage.run(make(std::move(request)).run()); }
  HttpsJob& job() { return *jobs.back(); }
  void stop(ErrorKind kind = ErrorKind::cancelled) {
    job().stop(Error(kind, "job", "stopped by the test"));
    stage.settle();
  }

  // The modem says the same whenever it hears `command`, and the script goes on beside that.
  void line_answers(const std::string& command, const std::string& words) {
    line.heard = [this, command, words](std::string_view bytes) {
      if (bytes != command + "\r") return script_heard(bytes);
      line.print(Script::line(words) + Script::line("OK"));
    };
  }

  // What a job without headers of its own asks.
  static std::string asks(const std::string& line, const std::string& host = "www.mywebsite.com",
                          const std::string& more = {}) {
    return line + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: sim52xxd/" +
           std::string(daemon::version) + "\r\nAccept: */*\r\n" + more + "\r\n";
  }
  static std::string says(const std::string& status, const std::string& bytes = {},
                          const std::string& more = {}) {
    return "HTTP/1.1 " + status + "\r\n" + more +
           "Content-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes;
  }
  void script_connect(const std::string& host = "www.mywebsite.com") {
    script.expect("AT+CHTTPSOPSE=\"" + host + "\",443\r").wait(300ms).say("OK");
  }
  void script_exchange(const std::string& asked, const std::string& said) {
    script_send(asked);
    script_commit();
    script.say("+CHTTPS: RECV EVENT");
    script_receive(said);
  }

  config::Config config;
  Arbiter arbiter{stage.runtime, tasks, config.arbiter, [this] { return stack.windows(); }};
  daemon::HttpsContext context{stage.runtime, modem, https, stack, arbiter, config};
  std::vector<std::unique_ptr<HttpsJob>> jobs;
  FakeSink* body = nullptr;
};

}  // namespace sim52xx::test
