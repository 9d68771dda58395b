// An https verb from its options to the parameters of https.request. Without any I/O but the files
// that are named.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/failure.hpp"
#include "daemon/ctl/input_file.hpp"
#include "daemon/ctl/job_options.hpp"

namespace sim52xx::ctl {

struct HttpsOptions {
  std::string verb;  // "get", "post", ...; "request"
  std::string url;
  std::string method;  // -X
  std::vector<std::string> headers;
  std::vector<std::string> data;
  std::string upload;  // -T
  std::string output;
  bool remote_name = false;
  bool location = false;
  int redirects = 10;
  bool include = false;
  bool fail = false;
  std::string via = "auto";
  std::string max_bytes;
  JobOptions job;
};

struct HttpsRequest {
  json params = json::object();
  std::optional<Input> body;  // a file or standard input; to be passed as params["body_fd"]
  std::string output;         // "-", or where the body of the answer goes; empty: into the result
  bool held = false;          // it is not wanted before the status is known
};

Outcome<HttpsRequest> make_https_request(const HttpsOptions& options, bool as_json);

// The URL, with https:// where it has no scheme; refused with a password in it.
Outcome<std::string> checked_url(const std::string& url);

// What -O calls the file.
Outcome<std::string> remote_name(const std::string& url);

}  // namespace sim52xx::ctl
