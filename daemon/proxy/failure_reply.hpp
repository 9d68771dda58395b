// What a client that speaks HTTP is told when its connection failed before the peer said anything
// (failure_reply = "http").
#pragma once

#include <string>

#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

// A complete HTTP/1.1 answer: 502, 503 (try again later) or 504 (timeout), with the error as JSON.
std::string http_failure(const Error& error);

}  // namespace sim52xx::daemon
