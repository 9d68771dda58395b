#include "daemon/arbiter/raw_commands.hpp"

#include <optional>
#include <utility>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto reset_time = 10s;  // for AT+CRESET, and for the window it may need

// Whether the family goes on running after this command; nullopt: as before. A command that starts
// it may have done so without having answered; one that stops it is refused where nothing runs.
std::optional<bool> runs_after(AtRole role, const Result<RawCommands::Answer>& answer) {
  const bool ok = answer && answer->final == "OK";
  const bool unclear =
      !answer && answer.error().kind == ErrorKind::timeout && answer.error().stage == "command";
  if (role == AtRole::starts && (ok || unclear)) return true;
  if (role == AtRole::stops && answer) return false;
  return std::nullopt;
}

}  // namespace

RawCommands::RawCommands(Runtime& runtime, Modem& modem, SslStack& stack, Arbiter& arbiter)
    : runtime_(runtime),
      modem_(modem),
      stack_(stack),
      arbiter_(arbiter),
      turn_(runtime),
      row_{CommandId::attention, "", Stack::none, TimerClass::brief, Completion::raw, {}, {}} {}

asio::awaitable<Result<RawCommands::Answer>> RawCommands::run(std::string text, Duration timeout) {
  auto command = check_raw_command(text);
  if (!command) co_return command.error();
  const Lock::Guard turn = co_await turn_.acquire();
  if (!modem_.ready()) co_return modem_.not_ready();
  spdlog::info("modem: an admin's command: {}", command->line.shown);
  const bool conflicts = command->family != AtFamily::none && command->role != AtRole::asks;
  if (conflicts) {
    auto answer = co_await say_in_family(*command, timeout);
    co_return answer;
  }
  auto answer = co_await say(*command, timeout);
  co_return answer;
}

asio::awaitable<Result<RawCommands::Answer>> RawCommands::say_in_family(RawCommand& command,
                                                                        Duration timeout) {
  auto use = co_await arbiter_.take_family(command.family, command.line.shown);
  if (!use) {
    use.error().at = command.line.shown;
    co_return use.error();
  }
  if (!modem_.ready()) co_return modem_.not_ready();
  auto answer = co_await say(command, timeout);
  if (const auto running = runs_after(command.role, answer)) use->set_running(*running);
  co_return answer;
}

asio::awaitable<Result<RawCommands::Answer>> RawCommands::say(RawCommand& command,
                                                              Duration timeout) {
  name_ = command.name;
  row_.reads.front() = name_;
  const Time before = runtime_.now();
  Request request(row_, std::move(command.line));
  auto outcome = co_await stack_.aside(std::move(request), timeout);
  if (!outcome) co_return outcome.error();
  if (outcome->final == Final::connect) {
    modem_.marker().set();
    modem_.fail("a raw command has put it into data mode");
  }
  Answer answer;
  answer.lines = std::move(outcome->lines);
  answer.final = std::move(outcome->text);
  answer.took = runtime_.now() - before;
  co_return answer;
}

asio::awaitable<Result<void>> RawCommands::reset() {
  if (!modem_.channel().attached()) co_return modem_.not_ready();
  const bool asks = modem_.ready();
  if (asks) {
    Request request(modem_.profile().row(CommandId::reset), *CommandBuilder("+CRESET").line());
    auto outcome = co_await stack_.aside(std::move(request), reset_time);
    if (!outcome) spdlog::warn("modem: AT+CRESET: {}", outcome.error().message);
    if (outcome && !outcome->ok()) spdlog::warn("modem: AT+CRESET: {}", outcome->text);
  }
  modem_.fail("an admin has reset it");
  co_return Result<void>();
}

}  // namespace sim52xx::daemon
