// JSON-RPC 2.0, without any I/O: a line becomes requests, or the answers that refuse it; results
// and errors become answers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/report/error_json.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon::control {

using nlohmann::json;

inline constexpr std::size_t batch_limit = 32;
inline constexpr std::size_t nesting_limit = 32;

enum class Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  unknown_method = -32601,
  invalid_parameters = -32602,
  internal_error = -32603,
  application = -32000,  // minus the number of the ErrorKind
};

struct Request {
  Request(json request_id, std::string method_name, json parameters, bool is_notification)
      : id(std::move(request_id)),
        method(std::move(method_name)),
        params(std::move(parameters)),
        notification(is_notification) {}

  json id;
  std::string method;
  json params;        // always an object
  bool notification;  // gets no answer
};

// What one line asks for. In place of a request that cannot be understood there is its answer.
struct Message {
  std::vector<std::variant<Request, json>> entries;
  bool batch = false;  // the answers go into one array
};

Message parse(std::string_view line);

json answer(json id, json result);
json refusal(json id, Code code, std::string_view message, json data = nullptr);
// The answer for an Error; one of wrong_parameter() becomes -32602.
json failure(json id, const Error& error);

// For handlers: a parameter has a value that it must not have. `allowed` completes "allowed ...".
Error wrong_parameter(std::string_view name, std::string_view allowed);

// {"jsonrpc": "2.0", "method": ..., "params": ...}.
json notification(std::string_view method, json params);

// One line with its LF. Bytes that are not UTF-8 are replaced: peers send such bytes, not users.
std::string to_line(const json& message);

}  // namespace sim52xx::daemon::control
