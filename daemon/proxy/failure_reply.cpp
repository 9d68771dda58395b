#include "daemon/proxy/failure_reply.hpp"

#include "daemon/report/error_json.hpp"

namespace sim52xx::daemon {
namespace {

std::string_view status_line(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::timeout: return "504 Gateway Timeout";
    case ErrorKind::busy:
    case ErrorKind::modem_absent:
    case ErrorKind::not_registered:
    case ErrorKind::interrupted:
    case ErrorKind::limit: return "503 Service Unavailable";
    default: return "502 Bad Gateway";
  }
}

}  // namespace

std::string http_failure(const Error& error) {
  const std::string body =
      error_object(error).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  std::string answer = "HTTP/1.1 ";
  answer.append(status_line(error.kind));
  answer += "\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  return answer;
}

}  // namespace sim52xx::daemon
