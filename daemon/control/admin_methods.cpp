#include "daemon/control/admin_methods.hpp"

#include <optional>
#include <string>
#include <utility>

#include "daemon/arbiter/raw_commands.hpp"
#include "daemon/control/methods.hpp"

namespace sim52xx::daemon::control {
namespace {

namespace asio = boost::asio;

using Seconds = std::chrono::duration<double>;

constexpr Seconds usual_timeout{30};
constexpr Seconds shortest_timeout{0.1};
constexpr Seconds longest_timeout{600};

asio::awaitable<Result<json>> run_command(RawCommands& commands, Call& call) {
  const json* const timeout = call.find("timeout");
  const Seconds wanted = timeout != nullptr ? Seconds(timeout->get<double>()) : usual_timeout;
  if (!(wanted >= shortest_timeout && wanted <= longest_timeout))
    co_return Error(ErrorKind::invalid, "parameters", "timeout must be 0.1 to 600 seconds");
  auto text = call.find("command")->get<std::string>();
  const auto limit = std::chrono::duration_cast<Duration>(wanted);
  auto answer = co_await commands.run(std::move(text), limit);
  if (!answer) co_return answer.error();
  json result = json::object();
  result["lines"] = std::move(answer->lines);
  result["final"] = std::move(answer->final);
  result["seconds"] = Seconds(answer->took).count();
  co_return result;
}

asio::awaitable<Result<json>> reset_modem(RawCommands& commands) {
  auto done = co_await commands.reset();
  if (!done) co_return done.error();
  co_return json::object();
}

// By the number of the session, or by the name of its endpoint or job.
Result<json> close_session(Arbiter& arbiter, const json& session) {
  std::optional<int> number;
  if (session.is_number_integer() && (session == 0 || session == 1)) number = session.get<int>();
  if (!number && !session.is_string())
    return Error(ErrorKind::invalid, "parameters", "session must be 0, 1 or a name");
  const std::string wanted = number ? std::string() : session.get<std::string>();
  const auto which = [&](std::string_view holder, int held) {
    return number ? held == *number : holder == wanted;
  };
  if (arbiter.evict(which, "an admin closed the session") == 0)
    return Error(ErrorKind::not_found, "session", "nobody has that session open");
  return json::object();
}

}  // namespace

void add_admin_methods(Methods& methods, RawCommands& commands, Arbiter& arbiter) {
  methods.add(Method("modem.command", Who::admin,
                     "Runs one AT command, unless it would break what the daemon does",
                     {Parameter("command", Type::text, "as typed: AT+CSQ", true),
                      Parameter("timeout", Type::number, "seconds, 0.1 to 600; 30 where missing")},
                     "{lines, final, seconds}",
                     [&commands](Call& call) { return run_command(commands, call); }));
  methods.add(Method("modem.reset", Who::admin,
                     "Restarts the modem; all sessions and jobs that use it end", {}, "{}",
                     [&commands](Call&) { return reset_modem(commands); }));
  methods.add(Method("session.close", Who::admin, "Ends the client that has a session",
                     {Parameter("session", Type::any, "0, 1 or the name of an endpoint", true)},
                     "{}", [&arbiter](Call& call) -> asio::awaitable<Result<json>> {
                       co_return close_session(arbiter, *call.find("session"));
                     }));
}

}  // namespace sim52xx::daemon::control
