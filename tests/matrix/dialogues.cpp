#include "tests/matrix/dialogues.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/matrix/job_dialogues.hpp"
#include "tests/matrix/socket_client.hpp"

namespace sim52xx::test {

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

namespace {

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
