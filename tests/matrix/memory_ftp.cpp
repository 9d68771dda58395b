#include "tests/matrix/memory_ftp.hpp"

#include <utility>

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;
using sim::FtpsError;

constexpr auto thought = 120ms;
constexpr std::size_t segment = 1400;

}  // namespace

MemoryFtp::MemoryFtp(Stage& stage) : stage_(stage) {
  stage_.add([this] { return deliver(); });
}

void MemoryFtp::finish(FtpsError how, const std::string& directory) {
  later_.after(thought, [this, how, directory, number = number_] {
    if (number != number_) return;
    modem_->ftps().finished(how, directory);
    settle();
  });
}

void MemoryFtp::login(const sim::FtpLogin& login) {
  in_ = login.host == server_name && login.port == 990 && login.user == "myname" &&
        login.password == "mypassword";
  finish(in_ ? FtpsError::success : FtpsError::rejected, "/home");
}

void MemoryFtp::logout() {
  in_ = false;
  finish(FtpsError::success);
}

void MemoryFtp::command(Verb verb, const std::string& path) {
  if (verb == Verb::dele) files.erase(path);
  finish(FtpsError::success, "/home");
}

void MemoryFtp::list(const std::string& path) {
  std::string text;
  for (const auto& [name, bytes] : files) {
    if (!name.starts_with(path + "/")) continue;
    text += "-rw-rw-rw-   1 user     group    " + std::to_string(bytes.size()) + " Sep  1 2012 " +
            name.substr(path.size() + 1) + "\r\n";
  }
  say(std::move(text));
}

void MemoryFtp::get(const std::string& path, std::int64_t offset, bool) {
  const auto found = files.find(path);
  if (found == files.end() || offset != 0)
    finish(FtpsError::rejected);
  else
    say(found->second);
}

void MemoryFtp::say(std::string text) {
  later_.after(thought, [this, text = std::move(text), number = number_] {
    if (number != number_) return;
    waiting_ = text;
    sending_ = true;
  });
}

bool MemoryFtp::deliver() {
  if (!sending_ || (!allowed_ && !waiting_.empty())) return false;
  const std::string piece = waiting_.substr(0, segment);
  waiting_.erase(0, piece.size());
  if (!piece.empty()) {
    modem_->ftps().received(piece);
    settle();
  } else {
    sending_ = false;
    finish(FtpsError::success);
  }
  return true;
}

void MemoryFtp::put(const std::string& path, std::int64_t, bool) {
  putting_ = path;
  files[path].clear();
}

void MemoryFtp::send(std::string_view bytes) {
  if (!putting_.empty()) files[putting_] += bytes;
}

void MemoryFtp::end_of_file() {
  putting_.clear();
  finish(FtpsError::success);
}

void MemoryFtp::abort() {
  ++number_;
  in_ = sending_ = false;
  putting_.clear();
  waiting_.clear();
}

void MemoryFtp::close_peers() {
  if (!in_) return;
  const bool busy = sending_ || !putting_.empty();
  abort();
  if (busy)
    finish(FtpsError::server_closed);
  else
    modem_->ftps().server_closed();
}

}  // namespace sim52xx::test
