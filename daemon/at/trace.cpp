#include "daemon/at/trace.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr auto same_moment = 10ms;

std::string_view words(LineWatcher::Payload kind) {
  switch (kind) {
    case LineWatcher::Payload::to_modem:
      return "bytes to the modem";
    case LineWatcher::Payload::from_modem:
      return "bytes from the modem";
    case LineWatcher::Payload::online_up:
      return "bytes to the peer, in transparent mode";
    case LineWatcher::Payload::online_down:
      break;
  }
  return "bytes from the peer, in transparent mode";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    std::array<char, 5> hex{};
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte > 0x7e) {
      std::snprintf(hex.data(), hex.size(), "\\x%02x", byte);
      out += hex.data();
    } else {
      out += c;
    }
  }
  return out;
}

// The escape only works after silence of the host: how long it was belongs to the dialogue.
std::string silence(Duration duration) {
  std::array<char, 32> text{};
  const auto seconds = std::chrono::duration<double>(duration).count();
  std::snprintf(text.data(), text.size(), "~ %.1f\n", seconds);
  return text.data();
}

}  // namespace

void Trace::start() {
  stop();
  running_ = true;
}

Trace::Text Trace::stop() {
  flush();
  Text kept;
  kept.truncated = std::exchange(truncated_, false);
  kept.text.reserve(size_);
  for (const std::string& line : std::exchange(lines_, {}))
    kept.text += line;
  size_ = 0;
  stamped_ = sent_ = {};
  running_ = false;
  return kept;
}

void Trace::on_sent(std::string_view bytes) {
  if (!running_) return;
  stamp();
  if (bytes == "+++" && sent_ != Time{}) add(silence(runtime_.now() - sent_));
  sent_ = runtime_.now();
  add("> " + escaped(bytes) + "\n");
}

void Trace::on_received(std::string_view line) {
  if (!running_) return;
  stamp();
  add(line == ">" ? std::string("< >\n") : "< \\r\\n" + escaped(line) + "\\r\\n\n");
}

void Trace::on_payload(Payload kind, std::size_t count) {
  if (!running_) return;
  if (kind != payload_kind_ || runtime_.now() >= stamped_ + 1s) stamp();
  if (kind == Payload::to_modem || kind == Payload::online_up) sent_ = runtime_.now();
  payload_kind_ = kind;
  payload_ += count;
}

void Trace::stamp() {
  flush();
  if (stamped_ != Time{} && runtime_.now() < stamped_ + same_moment) return;
  stamped_ = runtime_.now();
  add("# " + rfc3339(std::chrono::system_clock::now()) + "\n");
}

void Trace::flush() {
  if (payload_ == 0) return;
  add("# " + std::to_string(std::exchange(payload_, 0)) + " " + std::string(words(payload_kind_)) +
      "\n");
}

void Trace::add(std::string line) {
  size_ += line.size();
  lines_.push_back(std::move(line));
  while (size_ > most) {
    size_ -= lines_.front().size();
    lines_.pop_front();
    truncated_ = true;
  }
}

}  // namespace sim52xx::daemon
