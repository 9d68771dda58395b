#include "tests/matrix/dialogues.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/body/memory.hpp"
#include "tests/matrix/socket_client.hpp"

namespace sim52xx::test {
namespace {

using daemon::FtpsOp;
using daemon::JobPtr;

// Bytes of every value, and words that look like the modem's own.
std::string bytes_of(std::size_t size, unsigned char seed) {
  static constexpr std::array<std::string_view, 4> traps{
      "\r\nOK\r\n", "\r\n+CSSLRECV: DATA,0,5\r\n", "\r\nERROR\r\n", "\r\nCLOSED\r\n"};
  std::string bytes;
  std::size_t trap = 0;
  while (bytes.size() < size) {
    for (unsigned i = 0; i < 150; ++i)
      bytes += static_cast<char>(static_cast<unsigned char>(seed + i * 7));
    bytes += traps.at(trap++ % traps.size());
  }
  bytes.resize(size - 1);
  return bytes + "#";
}

// Questions and answers over a session of the SSL stack.
SocketClient::Plan talk(std::string endpoint, int channel) {
  SocketClient::Plan plan;
  plan.endpoint = std::move(endpoint);
  plan.channel = channel;
  plan.questions = {bytes_of(300, 1) + "+++.", bytes_of(120, 2)};
  plan.answers = {bytes_of(1700, 3), bytes_of(500, 4)};
  return plan;
}

std::unique_ptr<Run> ssl_transparent(World& world) {
  return std::make_unique<SocketClient>(world, talk("ssl0", 0));
}

std::unique_ptr<Run> ssl_counted(World& world) {
  return std::make_unique<SocketClient>(world, talk("ssl1", 1));
}

// Session 1 beside a transparent session 0, which waits meanwhile.
class Windows final : public Run {
 public:
  explicit Windows(World& world) : zero_(world, talk("ssl0", 0)) {
    world.stage.until([&] { return zero_.answered(1) || zero_.over(); }, std::chrono::minutes(5));
    one_ = std::make_unique<SocketClient>(world, talk("ssl1", 1));
  }
  [[nodiscard]] bool over() const override { return zero_.over() && one_->over(); }
  void give_up() override {
    zero_.give_up();
    one_->give_up();
  }
  [[nodiscard]] std::vector<Outcome> outcomes() const override {
    return {zero_.outcome(), one_->outcome()};
  }

 private:
  SocketClient zero_;
  std::unique_ptr<SocketClient> one_;
};

std::unique_ptr<Run> ssl_windows(World& world) {
  return std::make_unique<Windows>(world);
}

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

std::unique_ptr<Run> https_get(World& world) {
  return https(world, "", daemon::Via::https);
}
std::unique_ptr<Run> https_post(World& world) {
  return https(world, bytes_of(1300, 6), daemon::Via::https);
}
std::unique_ptr<Run> https_over_ssl(World& world) {
  return https(world, bytes_of(200, 7), daemon::Via::ssl);
}

daemon::FtpsRequest login() {
  daemon::FtpsRequest request;
  request.host = server_name;
  request.port = 990;
  request.user = "myname";
  request.password = "mypassword";
  return request;
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

// Nobody wants anything but that the modem becomes ready.
class BringUpRun final : public Run {
 public:
  explicit BringUpRun(World& world) : world_(world) {}
  [[nodiscard]] bool over() const override { return world_.modem.ready(); }
  [[nodiscard]] std::vector<Outcome> outcomes() const override {
    Outcome outcome;
    outcome.who = "modem";
    outcome.good = over();
    if (!over()) outcome.failure = world_.modem.not_ready().message;
    return {outcome};
  }

 private:
  World& world_;
};

std::unique_ptr<Run> bring_up(World& world) {
  return std::make_unique<BringUpRun>(world);
}

constexpr std::array table{
    Dialogue{"bring_up", true, bring_up, "from an open port to ready, with PIN and APN"},
    Dialogue{"ssl_transparent", false, ssl_transparent, "two questions over ssl0"},
    Dialogue{"ssl_counted", false, ssl_counted, "two questions over ssl1"},
    Dialogue{"ssl_windows", false, ssl_windows, "the same over both at a time"},
    Dialogue{"https_get", false, https_get, "a job over the HTTPS stack"},
    Dialogue{"https_post", false, https_post, "the same with a body"},
    Dialogue{"https_over_ssl", false, https_over_ssl, "the same over a session of the SSL stack"},
    Dialogue{"ftps_put", false, ftps_put, "a file to the server"},
    Dialogue{"ftps_get", false, ftps_get, "a file from the server"},
    Dialogue{"ftps_list", false, ftps_list, "the directory, and what is in it"},
};

}  // namespace

std::span<const Dialogue> dialogues() {
  return table;
}

const Dialogue* find_dialogue(std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &Dialogue::name);
  return found == table.end() ? nullptr : found;
}

}  // namespace sim52xx::test
