#include "daemon/control/methods.hpp"

#include <algorithm>
#include <cassert>

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

const Parameter* find_parameter(const std::vector<Parameter>& rows, std::string_view name) {
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [&](const Parameter& parameter) { return parameter.name == name; });
  return at == rows.end() ? nullptr : &*at;
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

// What is wrong with an object, by its rows; and with the objects inside.
class Check {
 public:
  void object(const std::vector<Parameter>& rows, const json& given, const std::string& prefix) {
    for (const auto& [name, value] : given.items()) {
      const Parameter* row = find_parameter(rows, name);
      if (row == nullptr)
        unknown.add(prefix + name);
      else if (!has_type(value, row->type))
        wrong.add(prefix + name, " must be " + std::string(in_words(row->type)));
      else if (!row->members.empty())
        objects(*row, value, prefix + name);
    }
    for (const Parameter& row : rows)
      if (row.required && !given.contains(row.name)) missing.add(prefix + row.name);
  }

  Names unknown;
  Names missing;
  Names wrong;

 private:
  void objects(const Parameter& row, const json& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string place = path + "[" + std::to_string(i) + "]";
      if (list[i].is_object())
        object(row.members, list[i], place + ".");
      else
        wrong.add(place, " must be an object");
    }
  }
};

std::size_t highest_descriptor(const std::vector<Parameter>& rows, const json& given) {
  std::size_t needed = 0;
  for (const Parameter& row : rows) {
    const auto at = given.find(row.name);
    if (at == given.end() || !has_type(*at, row.type)) continue;
    if (row.type == Type::descriptor) needed = std::max(needed, at->get<std::size_t>() + 1);
    if (row.members.empty()) continue;
    for (const json& each : *at)
      if (each.is_object()) needed = std::max(needed, highest_descriptor(row.members, each));
  }
  return needed;
}

json refuse_parameters(const Request& request, std::string_view what, const Names& names) {
  json data = json::object();
  data["kind"] = name(ErrorKind::invalid);
  data["stage"] = "parameters";
  data["retryable"] = false;
  data[std::string(what)] = names.list;
  const std::string message = std::string(what) + " parameter: " + names.words;
  return refusal(request.id, Code::invalid_parameters, message, std::move(data));
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
  Check check;
  check.object(method.params, request.params, "");
  if (!check.unknown.list.empty()) return refuse_parameters(request, "unknown", check.unknown);
  if (!check.missing.list.empty()) return refuse_parameters(request, "missing", check.missing);
  if (!check.wrong.list.empty()) return refuse_parameters(request, "wrong", check.wrong);
  return std::nullopt;
}

std::size_t descriptors_needed(const Method& method, const json& params) {
  return highest_descriptor(method.params, params);
}

}  // namespace sim52xx::daemon::control
