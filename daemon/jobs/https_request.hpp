// What an HTTPS job is asked to do: plain values, made by the control method, checked by
// https_job.hpp before anything is sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/body/body.hpp"

namespace sim52xx::daemon {

// Over which stack: `automatic` takes an SSL session while SSL is held, the HTTPS stack otherwise.
enum class Via : std::uint8_t { automatic, https, ssl };

struct HttpsRequest {
  std::string url;  // https://HOST[:PORT][/PATH][?QUERY]
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>>
      headers;                     // in order; replace our own of that name
  std::unique_ptr<Source> body;    // none: no body
  std::unique_ptr<Sink> response;  // where the answer's body goes
  Via via = Via::automatic;
  int follow_redirects = 0;     // at most so many
  std::uint64_t max_bytes = 0;  // of the answer's body; more is ErrorKind::limit; 0: any
};

}  // namespace sim52xx::daemon
