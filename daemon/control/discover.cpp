// rpc.discover: the table of methods as an OpenRPC document.
#include <utility>

#include "daemon/control/api.hpp"
#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {
namespace {

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

json schema_of(const Parameter& parameter);

// Of an object with these members and no others.
json schema_of(const std::vector<Parameter>& members) {
  json properties = json::object();
  json required = json::array();
  for (const Parameter& member : members) {
    properties[member.name] = schema_of(member);
    if (member.required) required.push_back(member.name);
  }
  json schema = json::object();
  schema["type"] = "object";
  schema["properties"] = std::move(properties);
  schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  return schema;
}

json schema_of(const Parameter& parameter) {
  json schema = json::object();
  if (const std::string_view type = schema_type(parameter.type); !type.empty())
    schema["type"] = type;
  if (!parameter.members.empty()) schema["items"] = schema_of(parameter.members);
  return schema;
}

json describe(const Parameter& parameter) {
  json described = json::object();
  described["name"] = parameter.name;
  described["description"] = parameter.description;
  described["required"] = parameter.required;
  described["schema"] = schema_of(parameter);
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
