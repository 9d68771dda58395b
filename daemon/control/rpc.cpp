#include "daemon/control/rpc.hpp"

#include <utility>

namespace sim52xx::daemon::control {
namespace {

// The stage by which failure() knows an error of wrong_parameter().
constexpr std::string_view parameters_stage = "parameters";

// Before parsing, so that nobody spends memory on a tower of brackets.
bool nested_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > nesting_limit) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

bool is_id(const json& id) {
  return id.is_string() || id.is_number() || id.is_null();
}

std::variant<Request, json> parse_one(json& object) {
  if (!object.is_object())
    return refusal(nullptr, Code::invalid_request, "a request must be an object");
  const auto id = object.find("id");
  const bool has_id = id != object.end();
  if (has_id && !is_id(*id))
    return refusal(nullptr, Code::invalid_request, "id must be a string, a number or null");
  json known_id = has_id ? *id : json();
  const auto version = object.find("jsonrpc");
  if (version == object.end() || *version != "2.0")
    return refusal(std::move(known_id), Code::invalid_request, "jsonrpc must be \"2.0\"");
  const auto method = object.find("method");
  if (method == object.end() || !method->is_string())
    return refusal(std::move(known_id), Code::invalid_request, "method must be a string");
  json params = json::object();
  if (const auto given = object.find("params"); given != object.end()) {
    const bool empty_list = given->is_array() && given->empty();
    if (!given->is_object() && !empty_list)
      return refusal(std::move(known_id), Code::invalid_parameters,
                     "params must be an object: parameters go by name");
    if (given->is_object()) params = std::move(*given);
  }
  return Request(std::move(known_id), method->get<std::string>(), std::move(params), !has_id);
}

Message refused(Code code, std::string_view message) {
  Message refused;
  refused.entries.emplace_back(refusal(nullptr, code, message));
  return refused;
}

}  // namespace

Message parse(std::string_view line) {
  if (nested_too_deep(line)) return refused(Code::invalid_request, "nested deeper than 32 levels");
  // The parser takes a zero byte for the end of its input.
  json document = line.find('\0') == std::string_view::npos
                      ? json::parse(line.begin(), line.end(), nullptr, false)
                      : json(json::value_t::discarded);
  if (document.is_discarded()) return refused(Code::parse_error, "this is not JSON");
  Message message;
  if (!document.is_array()) {
    message.entries.push_back(parse_one(document));
    return message;
  }
  if (document.empty()) return refused(Code::invalid_request, "an empty batch");
  if (document.size() > batch_limit)
    return refused(Code::invalid_request, "a batch of more than 32 requests");
  message.batch = true;
  for (json& entry : document)
    message.entries.push_back(parse_one(entry));
  return message;
}

json answer(json id, json result) {
  json message = json::object();
  message["jsonrpc"] = "2.0";
  message["id"] = std::move(id);
  message["result"] = std::move(result);
  return message;
}

json refusal(json id, Code code, std::string_view message, json data) {
  json error = json::object();
  error["code"] = static_cast<int>(code);
  error["message"] = message;
  if (!data.is_null()) error["data"] = std::move(data);
  json refused = json::object();
  refused["jsonrpc"] = "2.0";
  refused["id"] = std::move(id);
  refused["error"] = std::move(error);
  return refused;
}

json failure(json id, const Error& error) {
  const int code = static_cast<int>(Code::application) - static_cast<int>(error.kind);
  const bool parameter = error.kind == ErrorKind::invalid && error.stage == parameters_stage;
  return refusal(std::move(id), parameter ? Code::invalid_parameters : static_cast<Code>(code),
                 error.message, error_data(error));
}

Error wrong_parameter(std::string_view name, std::string_view allowed) {
  return {ErrorKind::invalid, std::string(parameters_stage),
          "parameter " + std::string(name) + ": allowed " + std::string(allowed)};
}

json notification(std::string_view method, json params) {
  json message = json::object();
  message["jsonrpc"] = "2.0";
  message["method"] = method;
  message["params"] = std::move(params);
  return message;
}

std::string to_line(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace sim52xx::daemon::control
