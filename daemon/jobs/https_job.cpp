#include "daemon/jobs/https_job.hpp"

#include "daemon/http/headers.hpp"
#include "daemon/http/url.hpp"

namespace sim52xx::daemon {

Result<void> HttpsJob::check(const HttpsRequest& request) {
  if (auto url = http::parse_url(request.url); !url) return url.error();
  if (auto method = http::check_method(request.method); !method) return method;
  const auto body = request.body ? request.body->size() : 0;
  if (auto headers = http::check_headers(request.headers, body); !headers) return headers;
  if (request.follow_redirects < 0 || request.follow_redirects > most_redirects)
    return Error(ErrorKind::invalid, "check",
                 "follow_redirects is not from 0 to " + std::to_string(most_redirects));
  return {};
}

}  // namespace sim52xx::daemon
