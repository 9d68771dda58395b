// The requests of a connection: what is refused at once, what runs, how its answers are sent.
#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/control/connection.hpp"

namespace sim52xx::daemon::control {
namespace {

Error limit(std::string message) {
  return {ErrorKind::limit, "control", std::move(message)};
}

// Runs the handler; what it throws is a mistake of ours that must not end the daemon.
asio::awaitable<json> invoke(const Method* method, Call* call, json id) {
  std::string mistake;
  try {
    Result<json> result = co_await method->handler(*call);
    if (result) co_return answer(std::move(id), std::move(*result));
    json failed = failure(std::move(id), result.error());
    if (call->error_data.is_object()) failed["error"]["data"].update(call->error_data);
    co_return failed;
  } catch (const std::exception& e) {
    mistake = e.what();
  }
  spdlog::error("internal error in method {}: {}", method->name, mistake);
  co_return refusal(std::move(id), Code::internal_error, "internal error; see the daemon's log");
}

}  // namespace

void Connection::handle_line(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  Message message = parse(line);
  const auto answers = std::make_shared<Answers>(message.batch);
  for (auto& entry : message.entries) {
    std::optional<json> reply;
    if (auto* request = std::get_if<Request>(&entry)) {
      const bool silent = request->notification;
      reply = start(std::move(*request), answers);
      if (silent) reply.reset();
    } else {
      reply = std::move(std::get<json>(entry));
    }
    ++answers->open;
    settle(*answers, std::move(reply));
  }
  settle(*answers, std::nullopt);
}

std::optional<json> Connection::start(Request request, const std::shared_ptr<Answers>& answers) {
  const Method* method = methods_.find(request.method);
  std::vector<Fd> fds;
  if (method != nullptr)
    if (auto refused = take_descriptors(*method, request, answers->batch, fds)) return refused;
  if (auto refused = refuse(method, request)) return refused;
  ++in_flight_;
  ++answers->open;
  tasks_.spawn("control request",
               run(shared_from_this(), method, std::move(request), answers, std::move(fds)));
  return std::nullopt;
}

std::optional<json> Connection::refuse(const Method* method, const Request& request) const {
  if (method == nullptr)
    return refusal(request.id, Code::unknown_method, "there is no method " + request.method);
  if (!(method->who == Who::admin ? admin_ : user_)) {
    const std::string group = method->who == Who::admin ? "sim52xx-admin" : "sim52xx";
    return failure(request.id, Error(ErrorKind::denied, "control",
                                     method->name + " is for members of the group " + group));
  }
  if (auto refused = check_parameters(*method, request)) return refused;
  if (in_flight_ >= in_flight_limit)
    return failure(request.id, limit("more than 64 requests in flight on one connection"));
  return std::nullopt;
}

// Descriptors are taken in the order in which they came, whatever becomes of the request. Those
// that no line asks for are refused with the last line, so that no later one takes them.
std::optional<json> Connection::take_descriptors(const Method& method, const Request& request,
                                                 bool batch, std::vector<Fd>& taken) {
  const std::size_t needed = descriptors_needed(method, request.params);
  const auto invalid = [&request](std::string message) {
    return failure(request.id, Error(ErrorKind::invalid, "descriptors", std::move(message)));
  };
  if (needed > 0 && batch) return invalid("descriptors do not go with a batch");
  Result<std::vector<Fd>> found = descriptors_.take(needed);
  if (!found) return failure(request.id, found.error());
  taken = std::move(*found);
  if (batch || descriptors_.empty() || !lines_.empty()) return std::nullopt;
  return invalid("descriptors were passed that no parameter refers to");
}

asio::awaitable<void> Connection::run(std::shared_ptr<Connection> self, const Method* method,
                                      Request request, std::shared_ptr<Answers> answers,
                                      std::vector<Fd> fds) {
  Call call(self, std::move(request.params), std::move(fds));
  std::optional<json> reply = co_await invoke(method, &call, request.id);
  if (request.notification) reply.reset();
  if (call.after) answers->after.push_back(std::move(call.after));
  --in_flight_;
  settle(*answers, std::move(reply));
}

void Connection::settle(Answers& answers, std::optional<json> reply) {
  if (reply && answers.batch)
    answers.list.push_back(std::move(*reply));
  else if (reply)
    send(*reply);
  if (--answers.open == 0) {
    if (!answers.list.empty()) send(answers.list);
    for (const auto& callback : std::exchange(answers.after, {}))
      callback();
  }
  changed_.notify();
  progress_.notify();
}

}  // namespace sim52xx::daemon::control
