#include "daemon/http/redirect.hpp"

#include <array>

namespace sim52xx::daemon::http {
namespace {

constexpr std::array<std::string_view, 4> of_this_server{"Authorization", "Cookie", "Host",
                                                         "Proxy-Authorization"};
constexpr std::array<std::string_view, 5> of_the_body{"Content-Type", "Content-Length",
                                                      "Content-Encoding", "Content-Language",
                                                      "Content-Disposition"};

bool becomes_get(const std::string& method, int status) {
  if (status == 301 || status == 302) return method == "POST";
  return status == 303 && method != "HEAD" && method != "GET";
}

}  // namespace

bool is_redirect(const Answer& answer) {
  const int s = answer.status;
  return (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) &&
         find(answer.headers, "location");
}

Result<Hop> follow(const Hop& asked, const Answer& answer) {
  auto url = resolve(asked.url, find(answer.headers, "location").value_or(""));
  if (!url) return url.error();
  Hop next = asked;
  next.url = std::move(*url);
  if (!next.url.same_server(asked.url))
    for (const std::string_view name : of_this_server)
      remove(next.headers, name);
  if (becomes_get(asked.method, answer.status)) {
    next.method = "GET";
    next.with_body = false;
  }
  if (asked.with_body && !next.with_body)
    for (const std::string_view name : of_the_body)
      remove(next.headers, name);
  return next;
}

}  // namespace sim52xx::daemon::http
