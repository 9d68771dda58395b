#include "daemon/control/methods.hpp"

#include <algorithm>
#include <cassert>

#include "daemon/control/api.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr std::int64_t descriptors_most = 16;  // of one request

bool has_type(const json& value, Type type) {
  switch (type) {
    case Type::text:
      return value.is_string();
    case Type::integer:
      return value.is_number_integer();
    case Type::number:
      return value.is_number();
    case Type::boolean:
      return value.is_boolean();
    case Type::object:
      return value.is_object();
    case Type::array:
      return value.is_array();
    case Type::descriptor: {
      if (!value.is_number_integer()) return false;
      const auto index = value.get<std::int64_t>();
      return index >= 0 && index < descriptors_most;
    }
    case Type::any:
      break;
  }
  return true;
}

std::string_view in_words(Type type) {
  switch (type) {
    case Type::text:
      return "a string";
    case Type::integer:
      return "an integer";
    case Type::number:
      return "a number";
    case Type::boolean:
      return "true or false";
    case Type::object:
      return "an object";
    case Type::array:
      return "an array";
    case Type::descriptor:
      return "the index of a passed descriptor, 0 to 15";
    case Type::any:
      break;
  }
  return "anything";
}

std::string_view schema_type(Type type) {
  switch (type) {
    case Type::text:
      return "string";
    case Type::integer:
    case Type::descriptor:
      return "integer";
    case Type::number:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::object:
      return "object";
    case Type::array:
      return "array";
    case Type::any:
      break;
  }
  return {};
}

const Parameter* find_parameter(const Method& method, std::string_view name) {
  const auto at = std::find_if(method.params.begin(), method.params.end(),
                               [&](const Parameter& parameter) { return parameter.name == name; });
  return at == method.params.end() ? nullptr : &*at;
}

// Names of parameters, for programs and for people.
struct Names {
  void add(const std::string& name, std::string_view more = {}) {
    list.push_back(name);
    words += (words.empty() ? "" : ", ") + name;
    words += more;
  }

  json list = json::array();
  std::string words;
};

json refuse_parameters(const Request& request, std::string_view what, const Names& names) {
  json data = json::object();
  data["kind"] = name(ErrorKind::invalid);
  data["stage"] = "parameters";
  data["retryable"] = false;
  data[std::string(what)] = names.list;
  const std::string message = std::string(what) + " parameter: " + names.words;
  return refusal(request.id, Code::invalid_parameters, message, std::move(data));
}

json describe(const Parameter& parameter) {
  json schema = json::object();
  if (const std::string_view type = schema_type(parameter.type); !type.empty())
    schema["type"] = type;
  json described = json::object();
  described["name"] = parameter.name;
  described["description"] = parameter.description;
  described["required"] = parameter.required;
  described["schema"] = std::move(schema);
  return described;
}

json describe(const Method& method) {
  json params = json::array();
  for (const Parameter& parameter : method.params)
    params.push_back(describe(parameter));
  json result = json::object();
  result["name"] = "result";
  result["description"] = method.result;
  result["schema"] = json::object();
  json described = json::object();
  described["name"] = method.name;
  described["summary"] = method.summary;
  described["paramStructure"] = "by-name";
  described["params"] = std::move(params);
  described["result"] = std::move(result);
  described["x-who"] = method.who == Who::admin ? "admin" : "user";
  return described;
}

}  // namespace

const json* Call::find(std::string_view name) const {
  const auto at = params.find(name);
  return at == params.end() ? nullptr : &*at;
}

void Methods::add(Method method) {
  assert(find(method.name) == nullptr);
  methods_.push_back(std::move(method));
}

const Method* Methods::find(std::string_view name) const {
  const auto at = std::find_if(methods_.begin(), methods_.end(),
                               [&](const Method& method) { return method.name == name; });
  return at == methods_.end() ? nullptr : &*at;
}

std::optional<json> check_parameters(const Method& method, const Request& request) {
  Names unknown;
  Names missing;
  Names wrong;
  for (const auto& [name, value] : request.params.items()) {
    const Parameter* parameter = find_parameter(method, name);
    if (parameter == nullptr)
      unknown.add(name);
    else if (!has_type(value, parameter->type))
      wrong.add(name, " must be " + std::string(in_words(parameter->type)));
  }
  for (const Parameter& parameter : method.params)
    if (parameter.required && !request.params.contains(parameter.name)) missing.add(parameter.name);
  if (!unknown.list.empty()) return refuse_parameters(request, "unknown", unknown);
  if (!missing.list.empty()) return refuse_parameters(request, "missing", missing);
  if (!wrong.list.empty()) return refuse_parameters(request, "wrong", wrong);
  return std::nullopt;
}

std::size_t descriptors_needed(const Method& method, const json& params) {
  std::size_t needed = 0;
  for (const Parameter& parameter : method.params) {
    if (parameter.type != Type::descriptor) continue;
    const auto at = params.find(parameter.name);
    if (at != params.end() && has_type(*at, parameter.type))
      needed = std::max(needed, at->get<std::size_t>() + 1);
  }
  return needed;
}

json discover(const Methods& methods) {
  json info = json::object();
  info["title"] = "sim52xxd control protocol";
  info["version"] = std::to_string(api_major) + "." + std::to_string(api_minor) + ".0";
  json rows = json::array();
  for (const Method& method : methods.all())
    rows.push_back(describe(method));
  json document = json::object();
  document["openrpc"] = "1.2.6";
  document["info"] = std::move(info);
  document["methods"] = std::move(rows);
  return document;
}

}  // namespace sim52xx::daemon::control
