#include "tests/emulator/core/ftps.hpp"

#include <utility>

#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

// Note, chapter 3.16.
constexpr seconds connect_time{120};
constexpr seconds close_time{120};

}  // namespace

void FtpsStack::install(CommandTable& table) {
  install_session(table);
  install_folders(table);
  install_transfers(table);
}

void FtpsStack::install_session(CommandTable& table) {
  table.add("+CFTPSSTART",
            {.exec = [this](const Arguments&) { return start(); }, .test = [] { return ok; }});
  table.add("+CFTPSSTOP",
            {.exec = [this](const Arguments&) { return stop(); }, .test = [] { return ok; }});
  table.add("+CFTPSLOGIN",
            {.set = [this](const Arguments& a) { return login(a); }, .spelling = Spelling::real});
  table.add("+CFTPLOGIN",
            {.set = [this](const Arguments& a) { return login(a); }, .spelling = Spelling::note});
  table.add("+CFTPSLOGOUT", {.exec = [this](const Arguments&) { return logout(); }});
}

bool FtpsStack::started() const {
  return modem_.exclusion().holds(User::ftps);
}

bool FtpsStack::style(std::string_view name) const {
  return modem_.settings().ftps_style == name;
}

Result FtpsStack::refused(const std::string& name, FtpsError why) {
  if (!style("old")) modem_.output().line(name + ": " + std::to_string(static_cast<int>(why)));
  return error;
}

std::optional<Result> FtpsStack::obstacle(const std::string& name) {
  if (!started() || view_.state != State::in) return error;
  if (operation_ || put_) return refused(name, FtpsError::busy);
  if (gone_) return refused(name, *gone_);
  return std::nullopt;
}

// Whether OK says no more than "understood".
bool FtpsStack::says_ok_first(Manner manner) const {
  if (manner == Manner::transfer) return modem_.settings().ftps_ok == "first";
  if (style("late")) return true;
  return manner == Manner::session && style("new") && modem_.settings().ok_order == "before";
}

Result FtpsStack::begin(Operation operation, seconds limit, const std::function<void()>& act) {
  operation.ok_said = says_ok_first(operation.manner);
  const bool first = operation.ok_said;
  view_.operation = operation.name;
  operation_ = std::move(operation);
  blocks_ = 0;
  restart_timer(limit);
  act();
  return first ? ok : pending;
}

void FtpsStack::restart_timer(seconds limit) {
  modem_.cancel(timer_);
  timer_ = modem_.after(limit, [this] {
    client_.abort();
    if (view_.state == State::in) gone_ = FtpsError::server_closed;
    finished(FtpsError::timeout, {});
  });
}

void FtpsStack::finished(FtpsError how, const std::string& directory) {
  if (operation_) {
    operation_->how = how;
    if (how == FtpsError::success && !directory.empty()) view_.directory = directory;
    if (operation_->manner == Manner::transfer)
      modem_.cancel(timer_);  // pump() prints the rest and the result
    else
      answer_outcome();
  } else if (put_) {
    put_ended(how);
  }
}

// The firmware's manners: old tells by OK and ERROR alone, new (and late, which says OK at once)
// also by a line with the error's number.
void FtpsStack::answer_outcome() {
  const Operation done_with = *std::exchange(operation_, std::nullopt);
  const FtpsError how = *done_with.how;
  const bool good = how == FtpsError::success;
  modem_.cancel(timer_);
  view_.operation.clear();
  if (view_.state == State::logging_in) view_.state = good ? State::in : State::out;

  std::string line = done_with.name + ": " + std::to_string(static_cast<int>(how));
  const bool question = done_with.manner == Manner::question && good;
  if (question) {
    const bool tight = modem_.settings().ftps_data == "tight";
    line = done_with.name + (tight ? ":\"" : ": \"") + view_.directory + "\"";
  }
  if (done_with.ok_said) {
    modem_.urc(line);
    return;
  }
  if (question || (!style("old") && (!good || done_with.manner == Manner::session)))
    modem_.output().line(line);
  modem_.finish(good ? ok : error);
}

Result FtpsStack::start() {
  if (!modem_.registered() || !modem_.exclusion().take(User::ftps)) return error;
  return begin({.name = "+CFTPSSTART", .manner = Manner::session}, connect_time,
               [this] { after(modem_.settings().start_ms, [this] { succeed(); }); });
}

Result FtpsStack::stop() {
  if (!started() && modem_.settings().stop_idle == "error") return error;
  drop();
  return begin({.name = "+CFTPSSTOP", .manner = Manner::session}, connect_time, [this] {
    after(modem_.settings().stop_ms, [this] {
      modem_.exclusion().release(User::ftps);
      succeed();
    });
  });
}

// At once or later, as long as the same operation runs.
void FtpsStack::after(int delay, std::function<void()> call) {
  if (delay == 0) {
    call();
    return;
  }
  const std::uint64_t number = ++delays_;
  modem_.after(milliseconds(delay), [this, number, call = std::move(call)] {
    if (operation_ && number == delays_) call();
  });
}

Result FtpsStack::login(const Arguments& arguments) {
  const bool typed = arguments.size() == 5 && !style("old") && arguments.number(4, 1, 2);
  const auto host = arguments.name(0);
  const auto port = arguments.number(1, 1, 65535);
  const auto user = arguments.name(2);
  const auto password = arguments.name(3);
  if ((arguments.size() != 4 && !typed) || !host || !port || !user || !password) return error;
  if (!started() || view_.state != State::out || operation_) return error;
  const auto logins = view_.logins + 1;
  view_ = View{};
  view_.state = State::logging_in;
  view_.host = *host;
  view_.port = static_cast<std::uint16_t>(*port);
  view_.logins = logins;
  gone_.reset();
  ascii_ = false;
  const auto& verify = modem_.settings().ftps_verify;
  const FtpLogin login{*host, view_.port, *user, *password,
                       verify == "yes" || (verify == "auto" && modem_.settings().trusts)};
  return begin({.name = "+CFTPSLOGIN", .manner = Manner::session}, connect_time, [this, login] {
    after(modem_.settings().open_ms, [this, login] { client_.login(login); });
  });
}

Result FtpsStack::logout() {
  if (view_.state != State::in) return error;
  const bool busy = operation_ || put_;
  if (busy && modem_.settings().ftps_logout_busy == "error")
    return refused("+CFTPSLOGOUT", FtpsError::busy);
  const bool orderly = !busy && !gone_;
  if (!orderly) drop();
  view_.state = State::out;
  return begin({.name = "+CFTPSLOGOUT", .manner = Manner::session}, close_time, [this, orderly] {
    after(modem_.settings().close_ms, [this, orderly] {
      if (orderly)
        client_.logout();
      else
        succeed();
    });
  });
}

// The session is over for the host, and so is what runs in it.
void FtpsStack::drop() {
  client_.abort();
  view_.state = State::out;
  gone_.reset();
  inbox_.clear();
  if (operation_) {
    operation_->how = FtpsError::transfer_failed;
    if (operation_->manner == Manner::transfer)
      end_transfer();
    else
      answer_outcome();
  }
  if (put_ && put_->committing) end_commit(FtpsError::transfer_failed);
  put_.reset();
}

void FtpsStack::server_closed() {
  if (view_.state != State::in) return;
  gone_ = FtpsError::server_closed;
  if (modem_.settings().ftps_notify) modem_.urc("+CFTPSNOTIFY: PEER CLOSED");
}

void FtpsStack::network_lost() {
  if (view_.state == State::out) return;
  client_.abort();
  gone_ = FtpsError::network;
  finished(FtpsError::network, {});
}

void FtpsStack::stand_still() {
  client_.allow_receive(false);
}

void FtpsStack::power_failed() {
  client_.abort();
  modem_.cancel(timer_);
  modem_.cancel(sending_);
  view_.state = State::out;
  view_.operation.clear();
  gone_.reset();
  inbox_.clear();
  operation_.reset();
  put_.reset();
  waiting_payload_.clear();
  when_room_ = nullptr;
}

}  // namespace sim52xx::sim
