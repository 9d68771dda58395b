#include "tests/emulator/io/port.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace sim52xx::sim {

Time now() {
  return Pacer::Clock::now().time_since_epoch();
}

Port::Port(asio::io_context& io, Modem& modem, WireLog& log, std::string link, int baud,
           std::function<void()> settle)
    : modem_(modem),
      log_(log),
      link_(std::move(link)),
      settle_(std::move(settle)),
      descriptor_(io),
      closings_(io),
      read_timer_(io),
      write_timer_(io),
      in_(baud / 10.0),
      out_(baud / 10.0) {
  replug();
}

void Port::replug() {
  if (pty_) return;
  pty_ = std::make_unique<Pty>(link_);
  name_ = pty_->name();
  // A descriptor of its own: both sides close what they own.
  descriptor_.assign(::fcntl(pty_->master(), F_DUPFD_CLOEXEC, 3));
  descriptor_.non_blocking(true);
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch < 0) return;
  closings_.assign(watch);
  if (::inotify_add_watch(watch, pty_->name().c_str(), IN_CLOSE) >= 0) watch_closing();
}

// A serial port forgets TIOCEXCL when its last user closes it; a pty does not while we keep it
// open.
void Port::watch_closing() {
  closings_.async_read_some(asio::buffer(closing_events_),
                            [this](const error_code& failure, std::size_t) {
                              if (failure || !pty_) return;
                              pty_->share();
                              watch_closing();
                            });
}

void Port::unplug() {
  error_code ignored;
  descriptor_.close(ignored);
  closings_.close(ignored);
  read_timer_.cancel();
  write_timer_.cancel();
  pty_.reset();
}

void Port::wait(asio::posix::stream_descriptor::wait_type what, bool& waiting) {
  if (waiting) return;
  waiting = true;
  descriptor_.async_wait(what, [this, &waiting](const error_code& failure) {
    waiting = false;
    if (failure) return;
    if (&waiting == &waiting_read_) read();
    settle_();
  });
}

void Port::sleep(asio::steady_timer& timer, Pacer::Clock::duration time, bool& waiting) {
  if (waiting) return;
  waiting = true;
  timer.expires_after(time);
  timer.async_wait([this, &waiting](const error_code& stopped) {
    waiting = false;
    if (!stopped) settle_();
  });
}

void Port::settle() {
  if (!pty_) return;
  write();
  if (waiting_read_ || !modem_.wants_input()) return;
  if (in_.allowance(1, Pacer::Clock::now()) == 0)
    sleep(read_timer_, in_.pause(), waiting_read_);
  else
    wait(asio::posix::stream_descriptor::wait_read, waiting_read_);
}

void Port::read() {
  if (!pty_ || !modem_.wants_input()) return;
  std::array<char, 4096> buffer;
  const auto limit = in_.allowance(buffer.size(), Pacer::Clock::now());
  if (limit == 0) return;
  const auto count = ::read(pty_->master(), buffer.data(), limit);
  if (count <= 0) return;  // nothing there after all
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  in_.passed(bytes.size());
  log_.from_host(bytes);
  modem_.receive(bytes, now());
}

void Port::write() {
  dribble_.set_rate(modem_.settings().dribble_rate);
  while (!waiting_write_) {
    const auto ready = modem_.front();
    if (ready.empty()) return;
    Pacer& pacer = modem_.settings().dribble ? dribble_ : out_;
    const auto limit =
        pacer.allowance(modem_.settings().dribble ? 1 : ready.size(), Pacer::Clock::now());
    if (limit == 0) {
      sleep(write_timer_, pacer.pause(), waiting_write_);
      return;
    }
    const auto count = ::write(pty_->master(), ready.data(), limit);
    if (count <= 0) {
      if (count < 0 && errno != EAGAIN && errno != EINTR) return;
      wait(asio::posix::stream_descriptor::wait_write, waiting_write_);
      return;
    }
    pacer.passed(static_cast<std::size_t>(count));
    log_.to_host(ready.substr(0, static_cast<std::size_t>(count)));
    modem_.written(static_cast<std::size_t>(count), now());
  }
}

}  // namespace sim52xx::sim
