// The thread of CurlFtp: takes a job, blocks in libcurl, tells the outcome.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "tests/emulator/io/curl_ftp.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t flight_limit = 16384;  // bytes under way between the two threads

}  // namespace

void CurlFtp::post(std::function<void()> call) {
  const auto serial = running_serial_;
  asio::post(io_, [this, serial, call = std::move(call)] {
    {
      const std::lock_guard lock(mutex_);
      if (serial != serial_) return;
    }
    call();
    settle_();
  });
}

bool CurlFtp::cancelled() const {
  const std::lock_guard lock(mutex_);
  return stopping_ || running_serial_ != serial_;
}

bool CurlFtp::deliver(std::string_view bytes) {
  const auto over = [this] { return stopping_ || running_serial_ != serial_; };
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return over() || (allowed_ && in_flight_ < flight_limit); });
  if (over()) return false;
  in_flight_ += bytes.size();
  lock.unlock();
  asio::post(io_, [this, serial = running_serial_, data = std::string(bytes)] {
    std::unique_lock again(mutex_);
    in_flight_ -= data.size();
    const bool wanted = serial == serial_;
    again.unlock();
    changed_.notify_all();
    if (!wanted) return;
    events_->received(data);
    settle_();
  });
  return true;
}

std::optional<std::size_t> CurlFtp::fetch(char* buffer, std::size_t size) {
  const auto over = [this] { return stopping_ || running_serial_ != serial_; };
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return over() || upload_ended_ || !upload_.empty(); });
  if (over()) return std::nullopt;
  const auto count = std::min(size, upload_.size());
  if (count == 0) return 0;
  std::memcpy(buffer, upload_.data(), count);
  upload_.erase(0, count);
  lock.unlock();
  post([this] { events_->sent(); });
  return count;
}

void CurlFtp::opened(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.insert(socket);
}

// Under the mutex: its number is not shut down once it belongs to somebody else.
void CurlFtp::close(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  ::close(socket);
}

// Until the bell rings, or the server closes: true.
bool CurlFtp::wait_idle(int control) {
  std::array<pollfd, 2> fds{pollfd{bell_, POLLIN, 0}, pollfd{control, POLLRDHUP, 0}};
  ::poll(fds.data(), control < 0 ? 1 : 2, -1);
  std::uint64_t rings = 0;
  if (::read(bell_, &rings, sizeof rings) < 0) rings = 0;  // it was the server alone
  return fds[1].revents != 0;
}

std::optional<FtpJob> CurlFtp::next_job() {
  const std::lock_guard lock(mutex_);
  running_serial_ = serial_;
  return std::exchange(job_, std::nullopt);
}

bool CurlFtp::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void CurlFtp::work() {
  FtpPipe& pipe = *this;
  auto session = std::make_unique<FtpSession>(options_, pipe);
  std::uint64_t serial = 0;
  bool watching = false;  // for the server's end
  while (!stopping()) {
    const auto job = next_job();
    if (running_serial_ != serial) {
      serial = running_serial_;
      session = std::make_unique<FtpSession>(options_, pipe);
      watching = false;
    }
    if (job) {
      const FtpOutcome outcome = session->run(*job);
      watching = session->control() >= 0;
      post([this, outcome] { events_->finished(outcome.how, outcome.directory); });
      continue;
    }
    if (!wait_idle(watching ? session->control() : -1)) continue;
    watching = false;
    post([this] { events_->server_closed(); });
  }
}

}  // namespace sim52xx::sim
