// The table of methods: name, who may call it, its parameters, its handler. The server checks what
// the row says before it calls the handler, and rpc.discover is made from the same rows: a new
// method is one row and one handler.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/control/client.hpp"
#include "daemon/control/rpc.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon::control {

enum class Who : std::uint8_t { user, admin };

// `descriptor` is the index of a file descriptor that was passed with the line.
enum class Type : std::uint8_t { text, integer, number, boolean, object, array, descriptor, any };

struct Parameter {
  Parameter(std::string parameter_name, Type value_type, std::string text, bool must = false)
      : name(std::move(parameter_name)),
        type(value_type),
        description(std::move(text)),
        required(must) {}
  // An array of objects, each with no other members than these.
  Parameter(std::string parameter_name, std::vector<Parameter> members_of_each, std::string text,
            bool must = false)
      : name(std::move(parameter_name)),
        type(Type::array),
        description(std::move(text)),
        required(must),
        members(std::move(members_of_each)) {}

  std::string name;
  Type type;
  std::string description;
  bool required;
  std::vector<Parameter> members;
};

struct Call {
  Call(std::shared_ptr<Client> caller, json parameters, std::vector<Fd> passed)
      : client(std::move(caller)), params(std::move(parameters)), fds(std::move(passed)) {}

  // The parameter, or nullptr where it was not given. Its type is as the row says.
  [[nodiscard]] const json* find(std::string_view name) const;

  std::shared_ptr<Client> client;
  json params;                  // an object with no others than the row's parameters
  std::vector<Fd> fds;          // as many as the highest descriptor parameter needs
  std::function<void()> after;  // called when the answer has been queued for the client
  json error_data;              // members for the error's data, where there is an error
};

using Handler = std::function<boost::asio::awaitable<Result<json>>(Call&)>;

struct Method {
  Method(std::string method_name, Who caller, std::string text, std::vector<Parameter> parameters,
         std::string result_text, Handler method_handler)
      : name(std::move(method_name)),
        who(caller),
        summary(std::move(text)),
        params(std::move(parameters)),
        result(std::move(result_text)),
        handler(std::move(method_handler)) {}

  std::string name;
  Who who;
  std::string summary;
  std::vector<Parameter> params;
  std::string result;  // what it answers, in words
  Handler handler;
};

class Methods {
 public:
  // The name must be new.
  void add(Method method);
  // Stays valid: methods are added before the server starts.
  [[nodiscard]] const Method* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Method>& all() const { return methods_; }

 private:
  std::vector<Method> methods_;
};

// Why the parameters are not what the row says; nullopt where they are. The answer's error has
// data.unknown, data.missing or data.wrong with their names ("steps[2].path").
std::optional<json> check_parameters(const Method& method, const Request& request);

// How many descriptors the request takes from those that were passed: its highest index and one.
std::size_t descriptors_needed(const Method& method, const json& params);

// The OpenRPC document of the table.
json discover(const Methods& methods);

}  // namespace sim52xx::daemon::control
