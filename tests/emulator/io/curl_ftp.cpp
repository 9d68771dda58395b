#include "tests/emulator/io/curl_ftp.hpp"

#include <array>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/emulator/io/log.hpp"

namespace sim52xx::sim {

CurlFtp::CurlFtp(asio::io_context& io, const OutsideOptions& options)
    : io_(io), options_(options), bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

CurlFtp::~CurlFtp() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shut_sockets();
  }
  wake();
  if (thread_.joinable()) thread_.join();
  ::close(bell_);
}

void CurlFtp::listen(FtpEvents& events, std::function<void()> settle) {
  events_ = &events;
  settle_ = std::move(settle);
}

void CurlFtp::wake() {
  changed_.notify_all();
  const std::uint64_t one = 1;
  if (::write(bell_, &one, sizeof one) < 0) return;  // it rings already
}

// Whoever is blocked on one of them finds it closed.
void CurlFtp::shut_sockets() {
  for (const int socket : sockets_)
    ::shutdown(socket, SHUT_RDWR);
}

void CurlFtp::start(FtpJob job) {
  {
    const std::lock_guard lock(mutex_);
    job.serial = serial_;
    upload_.clear();
    upload_ended_ = false;
    job_ = std::move(job);
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  wake();
}

void CurlFtp::login(const FtpLogin& login) {
  say("ftps: login at " + login.host + ":" + std::to_string(login.port));
  FtpJob job;
  job.kind = FtpJob::Kind::login;
  job.login = login;
  start(std::move(job));
}

void CurlFtp::logout() {
  FtpJob job;
  job.kind = FtpJob::Kind::logout;
  start(std::move(job));
}

void CurlFtp::pwd() {
  FtpJob job;
  job.commands = {"PWD"};
  start(std::move(job));
}

void CurlFtp::command(Verb verb, const std::string& path) {
  static constexpr std::array<const char*, 4> words{"CWD ", "MKD ", "RMD ", "DELE "};
  FtpJob job;
  job.commands = {words.at(static_cast<std::size_t>(verb)) + path};
  if (verb == Verb::cwd) job.commands.emplace_back("PWD");
  start(std::move(job));
}

void CurlFtp::list(const std::string& path) {
  FtpJob job;
  job.kind = FtpJob::Kind::list;
  job.path = path;
  start(std::move(job));
}

void CurlFtp::get(const std::string& path, std::int64_t offset, bool ascii) {
  FtpJob job;
  job.kind = FtpJob::Kind::get;
  job.path = path;
  job.offset = offset;
  job.ascii = ascii;
  start(std::move(job));
}

void CurlFtp::put(const std::string& path, std::int64_t offset, bool ascii) {
  FtpJob job;
  job.kind = FtpJob::Kind::put;
  job.path = path;
  job.offset = offset;
  job.ascii = ascii;
  start(std::move(job));
}

void CurlFtp::send(std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    upload_ += bytes;
  }
  changed_.notify_all();
}

void CurlFtp::end_of_file() {
  {
    const std::lock_guard lock(mutex_);
    upload_ended_ = true;
  }
  changed_.notify_all();
}

std::size_t CurlFtp::unsent() const {
  const std::lock_guard lock(mutex_);
  return upload_.size();
}

void CurlFtp::allow_receive(bool allowed) {
  {
    const std::lock_guard lock(mutex_);
    if (allowed_ == allowed) return;
    allowed_ = allowed;
  }
  changed_.notify_all();
}

void CurlFtp::abort() {
  {
    const std::lock_guard lock(mutex_);
    ++serial_;
    job_.reset();
    upload_.clear();
    shut_sockets();
  }
  wake();
}

bool CurlFtp::drop_peer() {
  const std::lock_guard lock(mutex_);
  if (sockets_.empty()) return false;
  shut_sockets();
  return true;
}

}  // namespace sim52xx::sim
