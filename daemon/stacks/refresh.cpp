#include "daemon/stacks/refresh.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;  // a command that needs no network

}  // namespace

void Refresh::wanted() {
  if (running_ || !modem_.ready()) return;
  const Time known = std::max(modem_.info().at, tried_);
  if (runtime_.now() < known + stale) return;
  running_ = true;
  tasks_.spawn("refresh", run());
}

asio::awaitable<void> Refresh::run() {
  co_await ask_all();
  tried_ = runtime_.now();
  running_ = false;
}

asio::awaitable<void> Refresh::ask_all() {
  static constexpr std::array questions{CommandId::signal, CommandId::packet_registration,
                                        CommandId::registration, CommandId::operator_name,
                                        CommandId::technology};
  for (const CommandId id : questions) {
    const bool registered = modem_.info().registration == 1 || modem_.info().registration == 5;
    if (id == CommandId::registration && registered) continue;
    const bool answered = co_await ask(id);
    if (!answered) co_return;
  }
  modem_.info().at = runtime_.now();
}

asio::awaitable<bool> Refresh::ask(CommandId id) {
  const CommandRow& row = modem_.profile().row(id);
  CommandBuilder builder(row.names[0]);
  if (id != CommandId::signal) builder.query();
  auto line = builder.line();
  Request request(row, std::move(*line));
  auto outcome = co_await stack_.beside(std::move(request), brief);
  if (!outcome) {
    spdlog::debug("modem: not refreshed: {}", outcome.error().message);
    // The next question shows whether it is there at all.
    co_return outcome.error().kind == ErrorKind::timeout;
  }
  for (const std::string& answer : outcome->lines)
    modem_.hear(answer);
  co_return true;
}

}  // namespace sim52xx::daemon
