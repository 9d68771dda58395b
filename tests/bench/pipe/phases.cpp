#include "tests/bench/pipe/phases.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <poll.h>

namespace sim52xx::bench {
namespace {

constexpr double patience = 10;
constexpr std::size_t app_write = 16384;
constexpr std::size_t modem_write = 4096;

std::string member(const char* name, double value) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "\"%s\": %.9g", name, value);
  return text.data();
}

// One direction: bytes of the payload, in order, and how many have gone and come.
class Flow {
 public:
  Flow(int from, int to, const std::vector<char>& payload, std::size_t size, std::size_t piece)
      : from_(from), to_(to), payload_(payload), size_(size), piece_(piece) {}

  std::size_t send(std::size_t most) {
    const std::size_t room = std::min({most, piece_, size_ - sent_});
    const std::size_t count = room == 0 ? 0 : write_some(from_, payload_.data() + sent_, room);
    sent_ += count;
    return count;
  }
  std::size_t receive(std::size_t most) {
    const std::size_t count = read_some(to_, buffer_.data(), std::min(most, buffer_.size()));
    if (count > size_ - got_) throw Failure("more bytes than were sent");
    if (std::memcmp(buffer_.data(), payload_.data() + got_, count) != 0)
      throw Failure("other bytes than were sent, after " + std::to_string(got_));
    got_ += count;
    return count;
  }
  [[nodiscard]] bool sent() const { return sent_ == size_; }
  [[nodiscard]] bool done() const { return got_ == size_; }

 private:
  int from_;
  int to_;
  const std::vector<char>& payload_;
  std::size_t size_;
  std::size_t piece_;
  std::size_t sent_ = 0;
  std::size_t got_ = 0;
  std::array<char, 65536> buffer_{};
};

// What a wire lets through: `rate` bytes a second; what it could not use within 20 ms is lost.
class Wire {
 public:
  static constexpr double depth = 0.020;

  Wire(double rate, double start) : rate_(rate), last_(start) {}
  std::size_t room(double time) {
    room_ = std::min(std::max(64.0, rate_ * depth), room_ + (time - last_) * rate_);
    last_ = time;
    return static_cast<std::size_t>(room_);
  }
  void used(std::size_t count) { room_ -= static_cast<double>(count); }

 private:
  double rate_;
  double last_;
  double room_ = 0;
};

double part(std::vector<double>& values, double which) {
  const auto at = static_cast<std::ptrdiff_t>(which * static_cast<double>(values.size()));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

std::vector<char> make_payload(std::size_t size) {
  std::vector<char> bytes(size);
  std::uint64_t state = 52;
  for (char& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<char>(state >> 56U);
  }
  constexpr std::string_view awkward("\x11\x13\r\n\n\r\0\xff\x7f\x03\x04\x15\x1a\x1c+++\r\nOK\r\n",
                                     22);
  for (std::size_t at = 0; at + awkward.size() < size; at += 4099)
    awkward.copy(bytes.data() + at, awkward.size());
  return bytes;
}

std::string Phases::bulk(bool down, bool up, std::size_t size) {
  Flow to_app(line_.modem(), line_.app(), payload_, down ? size : 0, modem_write);
  Flow to_modem(line_.app(), line_.modem(), payload_, up ? size : 0, app_write);
  const double begin = now();
  while (!to_app.done() || !to_modem.done()) {
    const auto events = [](bool in, bool out) {
      return static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0));
    };
    std::array<pollfd, 2> look{pollfd{line_.modem(), events(!to_modem.done(), !to_app.sent()), 0},
                               pollfd{line_.app(), events(!to_app.done(), !to_modem.sent()), 0}};
    if (poll(look.data(), look.size(), static_cast<int>(patience * 1000)) <= 0)
      throw Failure("it has stopped");
    if ((look[0].revents & POLLIN) != 0) to_modem.receive(65536);
    if ((look[1].revents & POLLIN) != 0) to_app.receive(65536);
    if ((look[0].revents & POLLOUT) != 0) to_app.send(modem_write);
    if ((look[1].revents & POLLOUT) != 0) to_modem.send(app_write);
  }
  return member("seconds", now() - begin);
}

std::string Phases::echo(std::size_t size, int count) {
  std::vector<double> times;
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    at = (at + size + 257) % (payload_.size() - 2 * size);
    const double begin = now();
    const auto hop = [&](int from, int to, std::size_t offset) {
      std::array<char, 65536> buffer;  // NOLINT: read into
      if (write_some(from, payload_.data() + offset, size) != size)
        throw Failure("a write was cut");
      for (std::size_t got = 0; got < size;) {
        if (!wait_for(to, POLLIN, patience)) throw Failure("it has stopped");
        const std::size_t more = read_some(to, buffer.data(), size - got);
        if (std::memcmp(buffer.data(), payload_.data() + offset + got, more) != 0)
          throw Failure("other bytes than were sent");
        got += more;
      }
    };
    hop(line_.app(), line_.modem(), at);
    hop(line_.modem(), line_.app(), at + 1);
    times.push_back((now() - begin) * 1e6);
  }
  return member("p50_us", part(times, 0.5)) + ", " + member("p99_us", part(times, 0.99));
}

// The modem's end moves bytes every millisecond; the application's takes what comes when it comes.
// Time in which this process was not run is not counted: the line stood still.
std::string Phases::paced(double baud, double seconds) {
  const double rate = baud / 10;
  const auto size = static_cast<std::size_t>(rate * seconds);
  Flow down(line_.modem(), line_.app(), payload_, size, 65536);
  Flow up(line_.app(), line_.modem(), payload_, size, app_write);
  const double begin = now();
  Wire out(rate, begin);
  Wire in(rate, begin);
  double tick = begin;
  double last_tick = begin;
  double late = 0;
  double heard = begin;
  double silence = 0;
  double last_up = begin;
  while (!down.done() || !up.done()) {
    const double left = std::max(0.0, tick - now());
    const auto events = static_cast<short>((down.done() ? 0 : POLLIN) | (up.sent() ? 0 : POLLOUT));
    pollfd look{line_.app(), events, 0};
    const timespec wait{0, static_cast<long>(left * 1e9)};
    ppoll(&look, 1, &wait, nullptr);
    const double time = now();
    if ((look.revents & POLLIN) != 0 && down.receive(65536) > 0) {
      silence = std::max(silence, time - heard);
      heard = time;
    }
    if ((look.revents & POLLOUT) != 0) up.send(app_write);
    if (time < tick) continue;
    tick = std::max(tick + 0.001, time);
    late += std::max(0.0, time - last_tick - Wire::depth);
    last_tick = time;
    out.used(down.send(out.room(time)));
    const std::size_t most = in.room(time);
    const std::size_t count = most == 0 || up.done() ? 0 : up.receive(most);
    in.used(count);
    if (count > 0) last_up = time;
    if (time > std::max(heard, last_up) + patience) throw Failure("it has stopped");
  }
  const auto share = [&](double end) {
    return static_cast<double>(size) / (end - begin - late) / rate * 100;
  };
  return member("down_pct", share(heard)) + ", " + member("up_pct", share(last_up)) + ", " +
         member("silence_ms", silence * 1e3);
}

}  // namespace sim52xx::bench
