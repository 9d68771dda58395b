// The FTPS stack's PUT: a file from the host in chunks, the first with its name, then a commit.
#include <utility>

#include "tests/emulator/core/ftps.hpp"
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {
namespace {

constexpr seconds transfer_time{120};  // note, chapter 3.16
constexpr const char* put_name = "+CFTPSPUT";

}  // namespace

std::size_t FtpsStack::room() const {
  const auto limit = static_cast<std::size_t>(modem_.settings().cache);
  const auto used = client_.unsent();
  return used < limit ? limit - used : 0;
}

Result FtpsStack::query_unsent() {
  if (view_.state != State::in) return error;
  // After a failure nothing waits any more; the next block or the commit is told why.
  const std::size_t waits = put_ && put_->failed ? 0 : client_.unsent();
  modem_.output().line("+CFTPSPUT: " + std::to_string(waits));
  return ok;
}

Result FtpsStack::put(const Arguments& arguments) {
  return arguments.size() == 1 ? put_next(arguments) : put_first(arguments);
}

Result FtpsStack::put_first(const Arguments& arguments) {
  const auto path = arguments.name(0);
  const auto rest = arguments.size() == 3 ? arguments.number(2) : 0;
  if (arguments.size() > 3 || !path || !rest || *rest < 0) return error;
  if (const auto refusal = obstacle(put_name)) return *refusal;
  return prompt_put(arguments, 1,
                    [this, where = absolute(*path), offset = *rest](const std::string& payload) {
                      put_ = Put{std::nullopt, false};
                      client_.put(where, offset, ascii_);
                      client_.send(payload);
                    });
}

Result FtpsStack::put_next(const Arguments& arguments) {
  if (view_.state != State::in || !put_ || put_->committing) return error;
  if (put_->failed) return put_refused();
  return prompt_put(arguments, 0, [this](const std::string& payload) { client_.send(payload); });
}

// The file is not to be; it is said once.
Result FtpsStack::put_refused() {
  const auto how = static_cast<int>(*put_->failed);
  put_.reset();
  modem_.output().line(std::string(put_name) + ": " + std::to_string(how));
  return error;
}

Result FtpsStack::prompt_put(const Arguments& arguments, std::size_t size_at,
                             std::function<void(const std::string&)> hand_over) {
  const auto size = arguments.number(size_at, 1, modem_.settings().ftps_limit);
  if (!size) return error;
  const auto count = static_cast<std::size_t>(*size);
  if (modem_.settings().cache_full == "error" && room() < count)
    return refused(put_name, FtpsError::memory);
  when_room_ = std::move(hand_over);
  modem_.prompt(count, [this](std::string payload) {
    waiting_payload_ = std::move(payload);
    sending_ = modem_.after(transfer_time, [this] {
      waiting_payload_.clear();
      when_room_ = nullptr;
      modem_.finish(error);
    });
    look_after_sending();
  });
  return pending;
}

void FtpsStack::look_after_sending() {
  if (waiting_payload_.empty()) return;
  const bool over = view_.state != State::in || gone_ || (put_ && put_->failed);
  if (!over && room() < waiting_payload_.size() && client_.unsent() > 0) return;
  modem_.cancel(sending_);
  const std::string payload = std::exchange(waiting_payload_, {});
  const auto hand_over = std::exchange(when_room_, nullptr);
  if (over) {
    modem_.finish(put_ && put_->failed ? put_refused() : error);
    return;
  }
  view_.up += payload.size();
  hand_over(payload);
  modem_.finish(ok);
}

void FtpsStack::sent() {
  if (operation_ && !operation_->how) {
    restart_timer(transfer_time);
    feed_from_file();
  }
  if (put_ && put_->committing) restart_timer(transfer_time);
  look_after_sending();
}

Result FtpsStack::commit() {
  if (view_.state != State::in || !put_ || put_->committing) return error;
  if (put_->failed) return put_refused();
  put_->committing = true;
  view_.operation = put_name;
  restart_timer(transfer_time);
  client_.end_of_file();
  return modem_.settings().ok_order == "after" ? pending : ok;
}

// The server is done with the file, or will have none of it.
void FtpsStack::put_ended(FtpsError how) {
  if (put_->committing) {
    end_commit(how);
    return;
  }
  put_->failed = how == FtpsError::success ? FtpsError::transfer_failed : how;
  look_after_sending();
}

void FtpsStack::end_commit(FtpsError how) {
  put_.reset();
  modem_.cancel(timer_);
  view_.operation.clear();
  const std::string line = std::string(put_name) + ": " + std::to_string(static_cast<int>(how));
  if (modem_.settings().ok_order != "after") {
    modem_.urc(line);
    return;
  }
  modem_.output().line(line);
  modem_.finish(how == FtpsError::success ? ok : error);
}

}  // namespace sim52xx::sim
