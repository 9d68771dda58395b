#include "tests/emulator/io/replayer.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/inotify.h>

#include "tests/emulator/io/log.hpp"

namespace sim52xx::sim {
namespace {

Time now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

std::vector<Step> read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return read_transcript(text);
  } catch (const std::runtime_error& problem) {
    throw std::runtime_error(path + ": " + problem.what());
  }
}

}  // namespace

Replayer::Replayer(asio::io_context& io, std::string path, std::string link, double scale)
    : io_(io),
      path_(std::move(path)),
      link_(std::move(link)),
      port_(io),
      closings_(io),
      timer_(io) {
  replay_ = std::make_unique<Replay>(read_file(path_), scale, now());
  settle();
}

void Replayer::plug() {
  pty_ = std::make_unique<Pty>(link_);
  port_.assign(::fcntl(pty_->master(), F_DUPFD_CLOEXEC, 3));
  port_.non_blocking(true);
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch >= 0) {
    closings_.assign(watch);
    if (::inotify_add_watch(watch, pty_->name().c_str(), IN_CLOSE) >= 0) watch_closing();
  }
  read();
}

// A pty stays locked (TIOCEXCL) as long as we keep it open.
void Replayer::watch_closing() {
  closings_.async_read_some(asio::buffer(closing_events_),
                            [this](const error_code& failure, std::size_t) {
                              if (failure || !pty_) return;
                              pty_->share();
                              watch_closing();
                            });
}

void Replayer::unplug() {
  error_code ignored;
  port_.close(ignored);
  closings_.close(ignored);
  sending_.clear();
  pty_.reset();
}

void Replayer::read() {
  port_.async_read_some(asio::buffer(buffer_),
                        [this](const error_code& failure, std::size_t count) {
                          if (failure || !pty_) return;
                          replay_->receive({buffer_.data(), count}, now());
                          settle();
                          if (pty_) read();
                        });
}

void Replayer::settle() {
  if (replay_->plugged() != (pty_ != nullptr)) {
    if (pty_) {
      unplug();
    } else {
      plug();
    }
  }
  write();
  timer_.cancel();
  if (const auto deadline = replay_->deadline()) {
    timer_.expires_at(std::chrono::steady_clock::time_point(*deadline));
    timer_.async_wait([this](const error_code& stopped) {
      if (stopped) return;
      replay_->tick(now());
      settle();
    });
  }
  if (!replay_->problem().empty()) {
    say(path_ + ":" + replay_->problem());
    io_.stop();
  } else if (replay_->done() && !std::exchange(told_, true)) {
    say(path_ + " is played to its end");
  }
}

void Replayer::write() {
  if (!pty_) {
    replay_->output.clear();
    return;
  }
  if (!sending_.empty() || replay_->output.empty()) return;
  sending_ = std::exchange(replay_->output, {});
  asio::async_write(port_, asio::buffer(sending_), [this](const error_code& failure, std::size_t) {
    if (failure) return;
    sending_.clear();
    write();
  });
}

}  // namespace sim52xx::sim
