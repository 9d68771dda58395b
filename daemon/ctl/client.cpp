#include "daemon/ctl/client.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/ctl/connect_words.hpp"

namespace sim52xx::ctl {
namespace {

constexpr std::size_t descriptors_most = 16;

// The first bytes of a line carry the descriptors; the rest follows without.
ssize_t send_some(int socket, std::string_view bytes, const std::vector<int>& passed) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * descriptors_most)> control{};
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};  // NOLINT: not written to
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!passed.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * passed.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * passed.size());
    std::memcpy(CMSG_DATA(header), passed.data(), sizeof(int) * passed.size());
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

}  // namespace

Outcome<Client> Client::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return misuse("the path of the control socket must have 1 to " +
                  std::to_string(sizeof address.sun_path - 1) + " bytes: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  daemon::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* const where = reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the interface
  if (!socket || ::connect(socket.get(), where, sizeof address) != 0)
    return cannot_connect(path, errno);
  return Client(std::move(socket), path);
}

Outcome<int> Client::send(const std::string& method, json params, const std::vector<int>& passed) {
  if (passed.size() > descriptors_most) return misuse("more than 16 files in one request");
  json request = {{"jsonrpc", "2.0"}, {"id", ++last_request_}, {"method", method}};
  if (!params.empty()) request["params"] = std::move(params);
  std::string line;
  try {
    line = request.dump() + '\n';
  } catch (const json::type_error&) {
    return misuse("this is not UTF-8, which the control protocol is");
  }
  std::string_view rest = line;
  while (!rest.empty()) {
    const bool first = rest.size() == line.size();
    const ssize_t sent = send_some(fd(), rest, first ? passed : std::vector<int>());
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return closed();
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return last_request_;
}

Outcome<void> Client::receive() {
  std::array<char, 65536> bytes;  // NOLINT: filled by the kernel
  const ssize_t got = ::recv(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (got <= 0) return closed();
  std::size_t scanned = input_.size();
  input_.append(bytes.data(), static_cast<std::size_t>(got));
  std::size_t start = 0;
  for (std::size_t end = 0; (end = input_.find('\n', scanned)) != std::string::npos;) {
    json message = json::parse(input_.begin() + static_cast<std::ptrdiff_t>(start),
                               input_.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (!message.is_object())
      return Failure(Exit::failed, path_ + " does not speak the control protocol");
    messages_.push_back(std::move(message));
    start = scanned = end + 1;
  }
  input_.erase(0, start);
  return {};
}

std::optional<json> Client::next() {
  if (messages_.empty()) return std::nullopt;
  json message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

Outcome<std::optional<json>> Client::wait(Seconds limit) {
  const auto begin = std::chrono::steady_clock::now();
  while (messages_.empty()) {
    const Seconds left = limit - (std::chrono::steady_clock::now() - begin);
    if (limit >= Seconds(0) && left <= Seconds(0)) return std::optional<json>();
    const int millis = limit < Seconds(0) ? -1 : static_cast<int>(left.count() * 1000) + 1;
    pollfd look{fd(), POLLIN, 0};
    if (::poll(&look, 1, millis) <= 0) continue;
    if (auto received = receive(); !received) return received.error();
  }
  return next();
}

Outcome<json> Client::call(const std::string& method, json params, Seconds limit) {
  auto request = send(method, std::move(params));
  if (!request) return request.error();
  while (true) {
    auto message = wait(limit);
    if (!message) return message.error();
    if (!*message)
      return Failure(Exit::timeout, "the daemon does not answer " + method + " (on " + path_ + ")");
    if (answers(**message, *request)) return result_of(std::move(**message));
  }
}

bool Client::answers(const json& message, int request) {
  const auto id = message.find("id");
  // An error without id is about a request that could not be understood: ours is the only one.
  return id != message.end() && (*id == request || (id->is_null() && message.contains("error")));
}

Outcome<json> Client::result_of(json answer) {
  if (const auto error = answer.find("error"); error != answer.end()) return failure_of(*error);
  const auto result = answer.find("result");
  return result == answer.end() ? json() : std::move(*result);
}

Failure Client::closed() const {
  Failure failure(Exit::absent, "the daemon has closed the connection");
  failure.advice = service_advice();
  return failure;
}

}  // namespace sim52xx::ctl
