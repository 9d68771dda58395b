// An HTTP request to send. Method and headers have been checked (headers.hpp).
#pragma once

#include <string>

#include "daemon/body/body.hpp"
#include "daemon/http/headers.hpp"
#include "daemon/http/url.hpp"

namespace sim52xx::daemon::http {

struct Request {
  std::string method = "GET";
  Url url;
  Headers headers;         // replace ours of that name
  Source* body = nullptr;  // none: no body
};

}  // namespace sim52xx::daemon::http
