// call: any method of the control protocol, for what has no verb of its own.
#include <CLI/CLI.hpp>

#include "daemon/ctl/input_file.hpp"
#include "daemon/ctl/verbs.hpp"

namespace sim52xx::ctl {
namespace {

struct CallOptions {
  std::string method;
  std::string params;
  double timeout = Client::patience.count();
};

// Everybody on this machine can read the arguments of a running program.
bool has_password(const json& value) {
  if (!value.is_structured()) return false;
  for (const auto& [name, entry] : value.items())
    if ((value.is_object() && name == "password") || has_password(entry)) return true;
  return false;
}

Outcome<json> parameters(const std::string& given) {
  if (given.empty()) return json::object();
  const bool typed = !given.starts_with('@') && given != "-";
  auto text =
      typed ? Outcome<std::string>(given) : read_whole(given == "-" ? given : given.substr(1));
  if (!text) return text.error();
  json params = json::parse(*text, nullptr, false);
  if (!params.is_object())
    return misuse("the parameters must be a JSON object, such as {\"job_id\": \"7\"}");
  if (typed && has_password(params))
    return misuse("a password among the arguments can be read by every user of this machine",
                  {"give the parameters as @FILE, or on standard input as -"});
  return params;
}

Outcome<void> run(const Globals& globals, const CallOptions& options) {
  auto params = parameters(options.params);
  if (!params) return params.error();
  auto client = Client::connect(globals.socket);
  if (!client) return client.error();
  const auto limit = options.timeout == 0 ? Client::forever : Client::Seconds(options.timeout);
  const auto result = client->call(options.method, std::move(*params), limit);
  if (!result) return result.error();
  if (globals.json)
    print_json(*result);
  else if (result->is_string())
    print(result->get<std::string>());
  else
    print(result->dump(2, ' ', false, json::error_handler_t::replace) + "\n");
  return {};
}

}  // namespace

void add_call(CLI::App& app, Plan& plan) {
  const auto options = std::make_shared<CallOptions>();
  CLI::App* verb = app.add_subcommand("call", "Call a method of the control protocol");
  verb->footer(
      R"(Prints the result, or the error and its exit code. The methods and their parameters are listed
by rpc.discover. Parameters with a password go by @FILE or standard input, never as an argument.

Examples:
  sim52xxctl call rpc.discover | less
  sim52xxctl call job.get '{"job_id": "7"}'
  sim52xxctl call https.request @request.json)");
  verb->add_option("METHOD", options->method, "Its name")->required()->type_name("");
  verb->add_option("PARAMS", options->params, "A JSON object; @FILE: from there; -: standard input")
      ->type_name("");
  verb->add_option("-m,--max-time", options->timeout, "Wait so long for the answer; 0: for ever")
      ->type_name("SECONDS")
      ->check(CLI::Validator(CLI::NonNegativeNumber).description(""))
      ->capture_default_str();
  verb->callback(doing(plan, options, run));
}

}  // namespace sim52xx::ctl
