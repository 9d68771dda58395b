#include "daemon/control/ftps_methods.hpp"

#include <utility>

#include "daemon/control/call_bodies.hpp"

namespace sim52xx::daemon::control {
namespace {

constexpr std::int64_t last_directory = 8;  // of the modem

Result<std::string> password_of(const CallParams& params, const FtpsSupport& support) {
  const bool credential = params.has("password_credential");
  if (credential && params.has("password"))
    return params.wrong("password", "only one of password and password_credential");
  if (!credential) return params.take_text("password");
  return support.credential(params.take_text("password_credential"));
}

// What is of no use to the operation would only surprise.
Result<void> refuse_useless(const CallParams& params, FtpsOp op) {
  const bool stored = op == FtpsOp::put_efs || op == FtpsOp::get_efs;
  if (params.has("dir") && !stored) return params.wrong("dir", "only with put_efs and get_efs");
  if (params.has("verify") && op != FtpsOp::put) return params.wrong("verify", "only with put");
  for (const std::string_view body : {"body", "body_base64", "body_fd"})
    if (params.has(body) && op != FtpsOp::put) return params.wrong(body, "only with put");
  if (params.has("response_fd") && op != FtpsOp::get)
    return params.wrong("response_fd", "only with get");
  return {};
}

Result<FtpsStep> step_of(const CallParams& params, const FtpsSupport& support, CallBodies& bodies,
                         const std::string& place) {
  FtpsStep step;
  const std::optional<FtpsOp> op = support.find_op(params.take_text("op"));
  if (!op)
    return params.wrong("op", "pwd, cwd, mkdir, rmdir, delete, list, put, get, put_efs, get_efs");
  step.op = *op;
  if (Result<void> useful = refuse_useless(params, *op); !useful) return useful.error();
  step.path = params.take_text("path");
  step.verify = params.flag("verify");
  const Result<std::int64_t> dir = params.integer("dir", 0, last_directory, step.dir);
  if (!dir) return dir.error();
  step.dir = static_cast<int>(*dir);
  Result<std::unique_ptr<Source>> body = bodies.source(params);
  if (!body) return body.error();
  step.body = std::move(*body);
  if (*op != FtpsOp::get) return step;
  Result<std::unique_ptr<Sink>> response = bodies.sink(params, place);
  if (!response) return response.error();
  step.response = std::move(*response);
  return step;
}

Result<FtpsRequest> request_of(const CallParams& params, const FtpsSupport& support,
                               CallBodies& bodies) {
  FtpsRequest request;
  request.host = params.take_text("host");
  const Result<std::int64_t> port = params.integer("port", 1, 65535, request.port);
  if (!port) return port.error();
  request.port = static_cast<int>(*port);
  request.user = params.take_text("user");
  Result<std::string> password = password_of(params, support);
  if (!password) return password.error();
  request.password = std::move(*password);
  if (params.has("type")) {
    const std::string type = params.take_text("type");
    if (type != "A" && type != "I") return params.wrong("type", "\"A\" (text) or \"I\" (binary)");
    request.type = type.front();
  }
  json& steps = *params.find("steps");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string number = std::to_string(i);
    const CallParams members(steps[i], "steps[" + number + "].");
    Result<FtpsStep> step = step_of(members, support, bodies, "/steps/" + number);
    if (!step) return step.error();
    request.steps.push_back(std::move(*step));
  }
  return request;
}

asio::awaitable<Result<json>> handle(const JobsContext& context, const FtpsSupport& support,
                                     Call& call) {
  Result<JobOrder> order = order_of(call, "ftps");
  if (!order) co_return order.error();
  CallBodies bodies(context.runtime, context.space, std::move(call.fds));
  Result<FtpsRequest> request = request_of(CallParams(call.params), support, bodies);
  if (!request) co_return request.error();
  order->memory = bodies.memory();
  const bool detached = order->detached;
  const JobList::Make make_parts = [&](const std::string& id) -> Result<JobList::Parts> {
    auto job = support.make(id, std::move(*request));
    if (!job) return as_parameter(job.error());
    JobList::Parts parts;
    parts.job = std::move(*job);
    parts.bodies = bodies.take_spools();
    return parts;
  };
  const Result<JobPtr> job = submit(context, call, std::move(*order), make_parts);
  if (!job) co_return job.error();
  const JobPtr submitted = *job;
  auto answer = co_await answer_for(context, call, submitted, detached);
  co_return answer;
}

std::vector<Parameter> step_members() {
  return {
      Parameter("op", Type::text,
                "pwd, cwd, mkdir, rmdir, delete, list, put, get, put_efs or get_efs", true),
      Parameter("path", Type::text, "on the server"),
      Parameter("dir", Type::integer, "of put_efs and get_efs: the modem's directory, 0 to 8"),
      Parameter("verify", Type::boolean, "of put: compare the size in a listing afterwards"),
      Parameter("body", Type::text, "of put, at most 256 KiB"),
      Parameter("body_base64", Type::text, "the same for bytes that are no text"),
      Parameter("body_fd", Type::descriptor, "of put, from a passed descriptor"),
      Parameter("response_fd", Type::descriptor, "of get: where the file goes"),
  };
}

}  // namespace

void add_ftps_methods(Methods& methods, const JobsContext& context, FtpsSupport support) {
  const std::vector<Parameter> parameters{
      Parameter("host", Type::text, "the server", true),
      Parameter("port", Type::integer, "usually 21"),
      Parameter("user", Type::text, "to log in as", true),
      Parameter("password", Type::text, "never shown again"),
      Parameter("password_credential", Type::text,
                "the name of the daemon's systemd credential with the password"),
      Parameter("type", Type::text, "\"A\" (text) or \"I\" (binary), which is usual"),
      Parameter("steps", step_members(), "what to do, in order", true),
      Parameter("timeout", Type::number, "seconds for all of it, waiting included"),
      Parameter("detach", Type::boolean, "answer with the job's number at once"),
      Parameter("client_ref", Type::text,
                "a name by which the same request is known when it comes again"),
  };
  methods.add(Method("ftps.run", Who::user, "Logs in to an FTP server with TLS and runs steps",
                     parameters, "{job_id, steps: [{op, ...}]}, or {job_id} with detach",
                     [&context, support = std::move(support)](Call& call) {
                       return handle(context, support, call);
                     }));
}

}  // namespace sim52xx::daemon::control
