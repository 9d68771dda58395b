#include "daemon/stacks/ftps_stack.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/stacks/ftps_error.hpp"
#include "protocol/fields.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto brief = 10s;
// For a result behind the OK of a command that is not known to have one.
constexpr auto unsure = 300ms;
constexpr auto unsure_start = 1s;
constexpr auto surely_done = 2s;
// A login that is refused so quickly has met no network: perhaps the stack is not up yet, whatever
// its OK said. For how long its own result is waited for then.
constexpr auto too_soon_for_network = 500ms;
constexpr auto longest_start = 15s;
constexpr auto unlikely_start = 4s;  // of firmware that has shown no sign of being like that
constexpr auto at_once = 100ms;  // and one that is refused so quickly was not even tried

}  // namespace

FtpsStack::FtpsStack(Runtime& runtime, Modem& modem, const config::StackTimeouts& timeouts,
                     TaskGroup& tasks)
    : runtime_(runtime),
      modem_(modem),
      timeouts_(timeouts),
      tasks_(tasks),
      spelling_(modem, Spelling::Tries::until_understood),
      late_(runtime, modem.profile(), Stack::ftps) {
  modem.add_user(*this);
}

void FtpsStack::on_urc(const Urc& urc, std::string_view line) {
  if (std::holds_alternative<urc::FtpsPeerClosed>(urc)) server_closed_ = logged_in_;
  if (line.starts_with("+CFT")) late_.on_line(line);
}

void FtpsStack::on_modem_lost(const std::string&) {
  started_ = logged_in_ = server_closed_ = silent_ = unclear_ = false;
  late_.forget();
}

FtpsStack::Ways FtpsStack::plain(CommandId id) const {
  return spelling_.ways(id, [](std::string_view name) { return CommandBuilder(name); });
}

Duration FtpsStack::timer(CommandId id) const {
  switch (modem_.profile().row(id).timer) {
    case TimerClass::connect:
      return timeouts_.connect;
    case TimerClass::transfer:
      return timeouts_.transfer;
    case TimerClass::close:
      return timeouts_.close;
    case TimerClass::stop:
      return timeouts_.stop;
    case TimerClass::brief:
      break;
  }
  return brief;
}

void FtpsStack::note(const Result<Outcome>& outcome) {
  const bool unheard = !outcome && (outcome.error().kind == ErrorKind::timeout ||
                                    outcome.error().kind == ErrorKind::interrupted);
  if (unheard) silent_ = unclear_ = true;
  if (outcome && logged_in_ && ftps_code(*outcome) == 4 && !outcome->ok()) server_closed_ = true;
}

std::optional<Error> FtpsStack::no_login() const {
  if (server_closed_)
    return Error(ErrorKind::peer_closed, "command", "the server has closed the connection");
  if (logged_in_) return std::nullopt;
  return Error(ErrorKind::interrupted, "command", "the modem was lost, and the login with it");
}

asio::awaitable<Result<Outcome>> FtpsStack::said(CommandId id, const Ways& ways,
                                                 std::string_view payload) {
  auto outcome = co_await spelling_.run(id, ways, timer(id), payload);
  note(outcome);
  co_return outcome;
}

asio::awaitable<Result<Outcome>> FtpsStack::run(CommandId id, const Ways& ways) {
  const Time asked = runtime_.now();
  const Time deadline = asked + timer(id);
  late_.begin(id);
  auto outcome = co_await said(id, ways, std::string_view());
  if (!outcome || outcome->final != Final::ok) co_return outcome;
  const Duration wait = patience_after_ok(id, runtime_.now() - asked);
  const bool complete = co_await late_.complete(id, *outcome, deadline, wait);
  note(outcome);
  if (!modem_.ready()) co_return modem_.not_ready();
  if (complete) co_return outcome;
  silent_ = unclear_ = true;
  Error error(ErrorKind::timeout, "command", "the modem said OK, but never how it ended");
  error.at = shown_as(ways);
  co_return error;
}

// For a result of its own, where it is not known whether the command has any.
Duration FtpsStack::patience_after_ok(CommandId id, Duration taken) const {
  using enum CommandId;
  if (id == ftps_start) return unsure_start;
  if (id == ftps_pwd) return timer(id);  // an OK alone says nothing
  const bool later = late_.style(ftps_start) == LateResults::Style::result;
  const bool alike = id == ftps_login || id == ftps_logout || id == ftps_stop;
  const bool early = taken < surely_done;  // too early for the OK to mean that it is done
  return later && alike && early ? timer(id) : unsure;
}

asio::awaitable<Result<Outcome>> FtpsStack::run_long(CommandId id, const Ways& ways,
                                                     Duration silence, BlockSink* blocks,
                                                     FtpsTransfer& transfer) {
  Patience patience{silence};
  transfer.on_end = [this, &patience] {
    patience.latest = runtime_.now() + timeouts_.close;
    modem_.channel().look_again();
  };
  if (transfer.ended) transfer.on_end();
  auto outcome = co_await spelling_.run(id, ways, timer(id), std::string_view(), blocks, &patience);
  transfer.on_end = nullptr;
  note(outcome);
  co_return outcome;
}

// Note, 3.1. A stack that is started already says ERROR.
asio::awaitable<Result<void>> FtpsStack::start() {
  warm_ = started_;
  if (started_) co_return Result<void>();
  const bool known = late_.style(CommandId::ftps_start) != LateResults::Style::unknown;
  const Ways ways = plain(CommandId::ftps_start);
  auto outcome = co_await run(CommandId::ftps_start, ways);
  if (outcome && !outcome->ok()) {
    co_await stop_now();
    outcome = co_await run(CommandId::ftps_start, ways);
  }
  started_ = outcome ? outcome->ok() : outcome.error().kind == ErrorKind::timeout;  // perhaps
  start_unsure_ = !known && late_.style(CommandId::ftps_start) == LateResults::Style::bare;
  if (!outcome) co_return outcome.error();
  if (outcome->ok()) co_return Result<void>();
  Error error = ftps_refusal("start its FTPS stack", shown_as(ways), *outcome);
  error.stage = "acquire";
  co_return error;
}

// Note, 3.2.
asio::awaitable<Result<void>> FtpsStack::login(const std::string& host, int port,
                                               const std::string& user,
                                               const std::string& password) {
  const std::size_t most = modem_.profile().limits.text;
  const Ways ways = spelling_.ways(CommandId::ftps_login, [&](std::string_view name) {
    return CommandBuilder(name)
        .host("host", host, most)
        .number("port", port, 1, 65535)
        .text("user", user, most)
        .secret("password", password, most);
  });
  server_closed_ = false;
  const Time asked = runtime_.now();
  auto outcome = co_await run(CommandId::ftps_login, ways);
  const bool again = co_await may_log_in_now(outcome, runtime_.now() - asked);
  if (again) outcome = co_await run(CommandId::ftps_login, ways);
  if (!outcome) co_return outcome.error();
  logged_in_ = outcome->ok();
  if (logged_in_) start_unsure_ = false;
  if (logged_in_) co_return Result<void>();
  const std::string doing = "log in to " + host + ":" + std::to_string(port) + " as " + user;
  co_return ftps_refusal(doing, shown_as(ways), *outcome);
}

// True: it was refused for the stack's sake, and that is mended. Somebody on another port may have
// stopped it since it was started.
asio::awaitable<bool> FtpsStack::may_log_in_now(const Result<Outcome>& refusal, Duration taken) {
  if (!refusal || refusal->ok()) co_return false;
  // The note's firmware says OK when it has started; a later one may still be at it.
  const bool later = ftps_code(*refusal) || !modem_.info().other_family.empty() ||
                     late_.style(CommandId::ftps_stop) == LateResults::Style::result;
  bool mended = false;
  if (start_unsure_ && taken < too_soon_for_network && !server_refused(*refusal)) {
    mended = co_await started_after_all(later ? longest_start : unlikely_start);
  } else if (warm_ && !ftps_code(*refusal) && taken < at_once) {
    co_await stop_now();
    auto started = co_await start();
    mended = static_cast<bool>(started);
  }
  co_return mended;
}

// The modem refused to log in at once. True: because its stack was still starting, and now it has.
asio::awaitable<bool> FtpsStack::started_after_all(Duration patience) {
  start_unsure_ = false;
  const bool told = co_await late_.wait(CommandId::ftps_start, runtime_.now() + patience);
  const bool started = told && late_.code(CommandId::ftps_start) == 0;
  co_return started;
}

asio::awaitable<Result<void>> FtpsStack::logout() {
  const bool sensible = logged_in_ && !silent_;  // else it is for stop() to make sure
  logged_in_ = false;
  if (!sensible) co_return Result<void>();
  const Ways ways = plain(CommandId::ftps_logout);
  auto outcome = co_await run(CommandId::ftps_logout, ways);
  if (!outcome) co_return outcome.error();
  if (outcome->ok() || server_closed_) co_return Result<void>();
  unclear_ = true;
  Error error = ftps_refusal("log out", shown_as(ways), *outcome);
  error.stage = "close";
  co_return error;
}

asio::awaitable<void> FtpsStack::stop() {
  if (started_ && modem_.ready()) co_await stop_now();
  started_ = logged_in_ = server_closed_ = silent_ = unclear_ = false;
}

// Note, 3.15. A modem that does not stop while somebody is logged in gets a second chance.
asio::awaitable<void> FtpsStack::stop_now() {
  const Ways ways = plain(CommandId::ftps_stop);
  auto outcome = co_await run(CommandId::ftps_stop, ways);
  if (outcome && !outcome->ok() && logged_in_) {
    silent_ = false;
    auto gone = co_await logout();
    if (!gone) spdlog::warn("ftps: {}", gone.error().message);
    outcome = co_await run(CommandId::ftps_stop, ways);
  }
  if (!outcome) {
    spdlog::warn("ftps: stopping the stack: {}", outcome.error().message);
  } else if (!outcome->ok()) {
    spdlog::warn("ftps: stopping the stack: {}", outcome->text);
  }
  started_ = logged_in_ = server_closed_ = silent_ = unclear_ = false;
}

}  // namespace sim52xx::daemon
