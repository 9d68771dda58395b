#include "daemon/ctl/https_request.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/ctl/base64.hpp"
#include "daemon/ctl/ftps_url.hpp"
#include "daemon/ctl/http_text.hpp"

namespace sim52xx::ctl {
namespace {

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

bool has_body(const HttpsOptions& options) {
  return !options.data.empty() || !options.upload.empty();
}

// As curl does: GET, or POST where there is something to send.
std::string method_of(const HttpsOptions& options) {
  if (!options.method.empty()) return options.method;
  if (options.verb != "request") return upper(options.verb);
  if (!options.upload.empty()) return "PUT";
  return has_body(options) ? "POST" : "GET";
}

// Text goes as it is, other bytes in base64.
void put_inline_body(json& params, const std::string& body) {
  if (is_plain_text(body))
    params["body"] = body;
  else
    params["body_base64"] = to_base64(body);
}

// One file, or one or more pieces of text, joined by "&" as in a form.
Outcome<void> add_body(const HttpsOptions& options, HttpsRequest& request) {
  std::string file = options.upload;
  std::string inline_body;
  for (const std::string& data : options.data) {
    const bool is_file = data.starts_with('@');
    if (is_file && (options.data.size() > 1 || !file.empty()))
      return misuse("one file can be sent, and nothing beside it");
    if (is_file) file = data.substr(1);
    if (!inline_body.empty()) inline_body += '&';
    inline_body += data;
  }
  if (file.empty()) {
    if (!options.data.empty()) put_inline_body(request.params, inline_body);
    return {};
  }
  if (!options.upload.empty() && !options.data.empty())
    return misuse("-T and -d both say what to send");
  auto input = open_input(file, options.job.detach);
  if (!input) return input.error();
  request.body.emplace(std::move(*input));
  return {};
}

Outcome<void> add_headers(const HttpsOptions& options, HttpsRequest& request) {
  auto headers = read_headers(options.headers);
  if (!headers) return headers.error();
  if (has_body(options) && !has_header(*headers, "content-type"))
    headers->emplace_back("Content-Type", request.body ? "application/octet-stream"
                                                       : "application/x-www-form-urlencoded");
  if (headers->empty()) return {};
  json list = json::array();
  for (const auto& [name, value] : *headers)
    list.push_back({{"name", name}, {"value", value}});
  request.params["headers"] = std::move(list);
  return {};
}

Outcome<void> choose_output(const HttpsOptions& options, bool as_json, HttpsRequest& request) {
  request.held = options.fail || options.include;
  if (options.remote_name) {
    if (!options.output.empty()) return misuse("-o and -O both say where the answer goes");
    const auto name = remote_name(options.url);
    if (!name) return name.error();
    request.output = *name;
  } else {
    request.output = options.output;
  }
  if (request.output.empty() && !as_json && !options.job.detach &&
      request.params["method"] != "HEAD")
    request.output = std::string(1, '-');  // GCC 12 warns of ghosts in = "-"
  if (!options.job.detach) return {};
  if (request.held) return misuse("with --detach nobody is there for -f or -i");
  if (request.output == "-") return misuse("with --detach the answer goes to a file: -o FILE");
  return {};
}

}  // namespace

Outcome<HttpsRequest> make_https_request(const HttpsOptions& options, bool as_json) {
  HttpsRequest request;
  const auto url = checked_url(options.url);
  if (!url) return url.error();
  request.params["url"] = *url;
  request.params["method"] = method_of(options);
  if (auto added = add_body(options, request); !added) return added.error();
  if (auto added = add_headers(options, request); !added) return added.error();
  if (auto chosen = choose_output(options, as_json, request); !chosen) return chosen.error();
  if (options.via != "auto") request.params["via"] = options.via;
  if (options.location) request.params["follow_redirects"] = options.redirects;
  std::uint64_t most = 0;
  if (!options.max_bytes.empty()) {
    if (const std::string wrong = parse_size(options.max_bytes, most); !wrong.empty())
      return misuse(std::string("--max-bytes: ").append(wrong));
    request.params["max_bytes"] = most;
  }
  return request;
}

Outcome<std::string> checked_url(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string whole = scheme == std::string::npos ? std::string("https://").append(url) : url;
  const auto begin = whole.find("://") + 3;
  const auto end = whole.find_first_of("/?#", begin);
  const std::string_view authority = std::string_view(whole).substr(begin, end - begin);
  if (authority.find('@') != std::string_view::npos)
    return misuse("a user or password in a URL can be read by every user of this machine",
                  {"put a header into a file: -H @FILE, with the line Authorization: Basic ..."});
  return whole;
}

Outcome<std::string> remote_name(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const auto begin = path.find("://");
  const auto slash = path.find('/', begin == std::string::npos ? 0 : begin + 3);
  const std::string_view name = base_name(path);
  if (slash == std::string::npos || path.ends_with('/') || name == "." || name == "..")
    return misuse("-O: the URL ends without the name of a file", {"-o FILE names one"});
  return std::string(name);
}

}  // namespace sim52xx::ctl
