#include "tests/matrix/socket_client.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sim52xx::test {

namespace {

// Answers each question, in order, once it has come in full; closes behind the last answer.
MemoryNetwork::Server server_of(const std::vector<std::string>& questions,
                                const std::vector<std::string>& answers) {
  return [questions, answers](const Connection& connection) {
    MemoryNetwork::Reply reply;
    std::size_t heard = 0;
    std::size_t said = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      heard += questions[i].size();
      if (connection.heard.size() < heard) return reply;
      if (connection.said.size() <= said) reply.words += answers[i];
      said += answers[i].size();
    }
    reply.closes = true;
    return reply;
  };
}

}  // namespace

SocketClient::SocketClient(World& world, Plan plan) : world_(world), plan_(std::move(plan)) {
  world_.network.serve(plan_.channel, server_of(plan_.questions, plan_.answers));
  connect((world_.folder / (plan_.endpoint + ".sock")).string());
  world_.stage.add([this, alive = alive_] { return *alive && move(); });
  world_.stage.settle();
}

void SocketClient::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as the interface wants it
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect " + path);
}

std::string SocketClient::wanted(std::size_t count) const {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += plan_.answers[i];
  return all;
}

bool SocketClient::move() {
  if (fd_ < 0) return false;
  if (asked_ < plan_.questions.size() && answered(asked_)) out_ += plan_.questions[asked_++];
  const bool wrote = write();
  return read() || wrote;
}

bool SocketClient::write() {
  if (out_.empty()) return false;
  const ssize_t count = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (count <= 0) return false;
  out_.erase(0, static_cast<std::size_t>(count));
  return true;
}

bool SocketClient::read() {
  std::array<char, 65536> buffer;  // NOLINT: filled by recv
  const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count > 0) {
    got_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  reset_ = count < 0;
  ended_ = true;
  leave();
  return true;
}

void SocketClient::leave() {
  *alive_ = fd_ >= 0 && !ended_ && *alive_;
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  if (ended_) *alive_ = false;
}

void SocketClient::give_up() {
  if (ended_) return;
  hung_ = ended_ = true;
  leave();
  world_.stage.settle();
}

Outcome SocketClient::outcome() const {
  Outcome outcome;
  outcome.who = plan_.endpoint;
  outcome.got = got_;
  outcome.wanted = wanted(plan_.answers.size());
  for (const std::string& question : plan_.questions)
    outcome.written += question;
  for (const Connection& connection : world_.network.connections()) {
    if (connection.channel != plan_.channel) continue;
    outcome.said = connection.said;
    outcome.heard = connection.heard;
  }
  if (hung_) return outcome;
  const auto& last = world_.endpoint(plan_.endpoint).last_session();
  const std::string reason = last ? last->reason : "no session";
  outcome.good = !reset_ && reason == "peer_closed";
  if (outcome.good) return outcome;
  outcome.failure = (reset_ ? "reset: " : "end of file: ") + reason;
  outcome.quiet = !reset_;
  return outcome;
}

}  // namespace sim52xx::test
