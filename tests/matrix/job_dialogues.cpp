// The dialogues of jobs: HTTPS over both stacks, FTPS to and fro.
#include "tests/matrix/job_dialogues.hpp"

#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "daemon/body/memory.hpp"

namespace sim52xx::test {
namespace {

using daemon::FtpsOp;
using daemon::JobPtr;

class Collected final : public daemon::Sink {
 public:
  explicit Collected(std::shared_ptr<std::string> to) : to_(std::move(to)) {}
  asio::awaitable<Result<void>> write(std::string_view bytes) override {
    *to_ += bytes;
    co_return Result<void>();
  }
  void cancel() override {}

 private:
  std::shared_ptr<std::string> to_;
};

// The result of the job of ftps_list, as text.
std::string listed(const std::string& result) {
  const auto object = nlohmann::json::parse(result, nullptr, false);
  if (!object.is_object()) return {};
  std::string text;
  for (const auto& step : object.value("steps", nlohmann::json::array())) {
    text += step.value("path", std::string());
    for (const auto& entry : step.value("entries", nlohmann::json::array()))
      text += " " + entry.value("name", std::string()) + " " +
              std::to_string(entry.value("size", std::size_t{0}));
  }
  return text;
}

// A job, and what is right for it.
class JobRun final : public Run {
 public:
  JobRun(World& world, JobPtr job, Outcome expected) : world_(world), job_(std::move(job)) {
    expected_ = std::move(expected);
  }
  [[nodiscard]] bool over() const override { return job_->over(); }
  void give_up() override {
    if (over()) return;
    hung_ = true;
    world_.jobs.stop(*job_, Error(ErrorKind::cancelled, "job", "given up"));
    world_.stage.until([this] { return over(); });
  }
  [[nodiscard]] std::vector<Outcome> outcomes() const override {
    Outcome outcome = expected_;
    if (got) outcome.got = *got;
    if (heard) outcome.heard = heard();
    if (listing) outcome.got = listed(job_->result);
    if (hung_ || !over()) return {outcome};
    outcome.good = !job_->error;
    if (job_->error)
      outcome.failure = std::string(name(job_->error->kind)) + ": " + job_->error->message;
    return {outcome};
  }

  std::shared_ptr<std::string> got;
  std::function<std::string()> heard;
  bool listing = false;

 private:
  World& world_;
  JobPtr job_;
  Outcome expected_;
  bool hung_ = false;
};

// What came behind the header of the last request; nothing if it is not complete.
std::string body_of(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : request.substr(end + 4);
}

MemoryNetwork::Server http_server(std::size_t body, std::string answer) {
  return [body, answer = std::move(answer)](const Connection& connection) {
    MemoryNetwork::Reply reply;
    const auto end = connection.heard.find("\r\n\r\n");
    if (end == std::string::npos || connection.heard.size() < end + 4 + body) return reply;
    if (connection.said.empty())
      reply.words = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(answer.size()) +
                    "\r\nConnection: close\r\n\r\n" + answer;
    reply.closes = true;
    return reply;
  };
}

std::unique_ptr<Run> https(World& world, const std::string& sent, daemon::Via via) {
  const std::string answer = bytes_of(1500, 5);
  for (const int channel : {0, 1, sim::https_channel})
    world.network.serve(channel, http_server(sent.size(), answer));
  daemon::HttpsRequest request;
  request.url = "https://" + std::string(server_name) + "/page";
  request.via = via;
  if (!sent.empty()) {
    request.method = "POST";
    request.body = std::make_unique<daemon::MemorySource>(sent);
  }
  auto got = std::make_shared<std::string>();
  request.response = std::make_unique<Collected>(got);
  Outcome expected;
  expected.who = "job";
  expected.wanted = expected.said = answer;
  expected.written = sent;
  auto run = std::make_unique<JobRun>(world, world.https(std::move(request)), std::move(expected));
  run->got = std::move(got);
  run->heard = [&world] {
    const auto& all = world.network.connections();
    return all.empty() ? std::string() : body_of(all.back().heard);
  };
  return run;
}

daemon::FtpsRequest login() {
  daemon::FtpsRequest request;
  request.host = server_name;
  request.port = 990;
  request.user = "myname";
  request.password = "mypassword";
  return request;
}

}  // namespace

std::unique_ptr<Run> https_get(World& world) {
  return https(world, "", daemon::Via::https);
}

std::unique_ptr<Run> https_post(World& world) {
  return https(world, bytes_of(1300, 6), daemon::Via::https);
}

std::unique_ptr<Run> https_over_ssl(World& world) {
  return https(world, bytes_of(200, 7), daemon::Via::ssl);
}

std::unique_ptr<Run> ftps_put(World& world) {
  daemon::FtpsRequest request = login();
  auto& step = request.steps.emplace_back();
  step.op = FtpsOp::put;
  step.path = "up.bin";
  Outcome expected;
  expected.who = "job";
  expected.written = bytes_of(1200, 8);
  step.body = std::make_unique<daemon::MemorySource>(expected.written);
  world.ftp.files.clear();
  auto run = std::make_unique<JobRun>(world, world.ftps(std::move(request)), std::move(expected));
  run->heard = [&world] {
    const auto found = world.ftp.files.find("/home/up.bin");
    return found == world.ftp.files.end() ? std::string() : found->second;
  };
  return run;
}

std::unique_ptr<Run> ftps_get(World& world) {
  daemon::FtpsRequest request = login();
  auto& step = request.steps.emplace_back();
  step.op = FtpsOp::get;
  step.path = "down.bin";
  auto got = std::make_shared<std::string>();
  step.response = std::make_unique<Collected>(got);
  Outcome expected;
  expected.who = "job";
  expected.wanted = expected.said = bytes_of(2500, 9);
  world.ftp.files = {{"/home/down.bin", expected.wanted}};
  auto run = std::make_unique<JobRun>(world, world.ftps(std::move(request)), std::move(expected));
  run->got = std::move(got);
  return run;
}

std::unique_ptr<Run> ftps_list(World& world) {
  daemon::FtpsRequest request = login();
  request.steps.emplace_back().op = FtpsOp::pwd;
  request.steps.emplace_back().op = FtpsOp::list;
  world.ftp.files.clear();
  Outcome expected;
  expected.who = "job";
  expected.wanted = "/home";
  for (int i = 10; i < 30; ++i) {
    const std::string file = "file" + std::to_string(i) + ".txt";
    const std::string bytes(static_cast<std::size_t>(i) * 37, 'x');
    world.ftp.files["/home/" + file] = bytes;
    expected.wanted += " " + file + " " + std::to_string(bytes.size());
  }
  expected.said = expected.wanted;
  auto run = std::make_unique<JobRun>(world, world.ftps(std::move(request)), std::move(expected));
  run->listing = true;
  return run;
}

}  // namespace sim52xx::test
